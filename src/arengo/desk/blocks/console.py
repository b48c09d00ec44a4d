# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings show of house rules."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.desk.blocks import standing
from arengo.desk.lists import listing
from arengo.desk.lists.listing import Listing

BLOCKED = Listing(
    "blocked",
    "bloccate",
    _("Bloccate"),
    _("Nessuna conversazione di cittadini bloccati."),
    140,
    lambda _person: standing.of_blocked(),
)


def register() -> None:
    listing.register(BLOCKED)
    pages.register("arengo.desk.blocks.settings_urls")
    cards.register(
        Card(
            "settings:blocks",
            "ban",
            _("Regole della casa e blocchi"),
            _("Che cosa legge chi viene bloccato, e se serve la conferma di un amministratore."),
            order=26,
            state=_state,
        )
    )


def _state() -> State:
    decided = standing.settings()
    if not decided.is_ready:
        return State(gettext("testi da scrivere: nessuno può essere bloccato"))
    return State(gettext("con conferma") if decided.confirm else gettext("senza conferma"))
