# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the room registers."""

from __future__ import annotations

from arengo.core import log_entries
from arengo.core.console import cards, pages, tabs
from arengo.core.console.cards import Card, State
from arengo.core.console.tabs import Tab
from arengo.core.models import Role


def register() -> None:
    tabs.register(
        Tab(
            "Fontane",
            "settings:fountains",
            "it-tool",
            (Role.OPERATOR, Role.AUDITOR),
            order=35,
            count=lambda membership: 7,
        )
    )
    cards.register(
        Card(
            "settings:fountains",
            "it-tool",
            "Acqua",
            "Quando scorre.",
            order=1000,
            state=lambda: State("2 guaste", "danger"),
        )
    )
    pages.register("tests.seams.fountains.settings_urls")
    log_entries.room("made_up", "le fontane", order=90)
    log_entries.verbs({"made_up.opened_fountain": "ha aperto una fontana"})
    log_entries.details("made_up", {"which": "dove"})
