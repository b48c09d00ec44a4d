# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of linked chats."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries


def register() -> None:
    log_entries.verbs(
        {
            "audience.linked": _("ha collegato due chat di un cittadino, con il codice scritto da lui"),
            "audience.unlinked": _("ha scollegato due chat di un cittadino"),
            "audience.preferred": _("ha cambiato in quale chat un cittadino riceve"),
        }
    )
    log_entries.details("audience", {"other_contact": _("altra scheda")})
