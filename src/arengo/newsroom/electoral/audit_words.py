# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of electoral periods. The objects are updates, which the newsroom describes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries

_VERBS = {
    "newsroom.gave_reason": _("ha scritto perché un aggiornamento esce in periodo elettorale"),
    "newsroom.removed_electoral_period": _("ha tolto un periodo elettorale"),
    "newsroom.set_electoral_period": _("ha scritto un periodo elettorale"),
}


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details(
        "newsroom", {"reason": _("motivo"), "name": _("nome"), "from": _("dal"), "to_day": _("al")}
    )
