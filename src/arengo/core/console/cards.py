# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cards of Impostazioni: what can be set, and how it stands. Each room registers its own, from its AppConfig."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class State:
    """How a setting stands, in a few words: «1 attivo». ``kind`` is the look: quiet is a fact, warning and danger ask for somebody."""

    words: str
    kind: Literal["quiet", "success", "warning", "danger"] = "quiet"

    @property
    def wants_somebody(self) -> bool:
        return self.kind in ("warning", "danger")


@dataclass(frozen=True)
class Card:
    """``url_name``: the page where it is set. ``text``: what it changes. ``order``: among the others.

    ``state`` is asked in the organization's scope whenever the hub opens, so it must cost one small query; None: nothing to
    say.
    """

    url_name: str
    icon: str
    title: str | Promise
    text: str | Promise
    order: int
    state: Callable[[], State | None] | None = None


@dataclass(frozen=True)
class Shown:
    """A card as the hub shows it."""

    card: Card
    url: str
    state: State | None


_cards: dict[str, Card] = {}


def register(card: Card) -> None:
    _cards[card.url_name] = card


def shown() -> list[Shown]:
    """All cards in their order, each with its state of now."""
    return [
        Shown(card, reverse(card.url_name), card.state() if card.state else None)
        for card in sorted(_cards.values(), key=lambda card: card.order)
    ]
