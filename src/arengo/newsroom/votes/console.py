# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings show of polls."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _

from arengo.core import automatic
from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.newsroom.votes import answers


def register() -> None:
    pages.register("arengo.newsroom.votes.settings_urls")
    cards.register(
        Card(
            "settings:polls",
            "chart-line",
            _("Sondaggi"),
            _("Che cosa legge chi vota, e chi vota troppo tardi."),
            order=24,
            state=_state,
        )
    )


def _state() -> State:
    on = answers.TAKEN in automatic.switched_on()
    return State(
        gettext("risposte accese") if on else gettext("risposte spente"), "success" if on else "quiet"
    )
