# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings show of reviews."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.newsroom.review import standing


def register() -> None:
    pages.register("arengo.newsroom.review.settings_urls")
    cards.register(
        Card(
            "settings:four_eyes",
            "user",
            _("Secondo sì"),
            _("Se un aggiornamento può partire da solo o serve il sì di chi non l’ha scritto."),
            order=66,
            state=_state,
        )
    )


def _state() -> State:
    return State(gettext("quattro occhi") if standing.wants_four_eyes() else gettext("non serve"))
