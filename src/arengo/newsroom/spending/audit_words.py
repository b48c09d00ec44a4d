# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of a budget."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries

_VERBS = {
    "newsroom.set_budget": _("ha cambiato il limite di spesa del mese"),
    "newsroom.removed_budget": _("ha tolto il limite di spesa del mese"),
}


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details("newsroom", {"amount": _("importo"), "beyond": _("al limite")})
