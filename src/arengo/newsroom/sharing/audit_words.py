# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of sharing. The objects are updates, which the newsroom describes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries

_VERBS = {
    "newsroom.shared_preview": _("ha fatto un link di anteprima di un aggiornamento"),
    "newsroom.revoked_preview": _("ha revocato un link di anteprima di un aggiornamento"),
}


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details("newsroom", {"days": _("giorni")})
