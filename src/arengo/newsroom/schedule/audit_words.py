# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of the schedule."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries


def register() -> None:
    log_entries.verbs(
        {
            "newsroom.planned": _("ha programmato un aggiornamento"),
            "newsroom.unplanned": _("ha tolto un aggiornamento dagli invii programmati"),
            "newsroom.lapsed": _("invio programmato non partito"),
            "newsroom.changed_rhythm": _("ha cambiato il piano degli invii e le ore di silenzio"),
        }
    )
    log_entries.details("newsroom", {"leaves": _("parte")})
