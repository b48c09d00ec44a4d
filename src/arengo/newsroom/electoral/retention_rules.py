# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept of electoral periods."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import retention
from arengo.core.console.retention import RetentionRule


def register() -> None:
    retention.register(
        RetentionRule(
            "newsroom.electoral_reasons",
            _("perché un aggiornamento è uscito in periodo elettorale"),
            _("resta finché resta l'aggiornamento"),
        )
    )
