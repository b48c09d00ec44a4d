# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the console shows of this room: its tab and its settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import cards, pages, tabs
from arengo.core.console.cards import Card
from arengo.core.console.tabs import Tab
from arengo.core.models import Role


def register() -> None:
    pages.register("arengo.newsroom.settings_urls")
    tabs.register(
        Tab(
            _("Redazione"),
            "newsroom:updates",
            "it-pencil",
            (Role.EDITOR, Role.APPROVER),
            order=20,
        )
    )
    cards.register(
        Card(
            "settings:templates",
            "files",
            _("Modelli"),
            _("I messaggi approvati da Meta: servono per gli avvisi e dopo 24 ore di silenzio."),
            order=60,
        )
    )
