# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The card of the settings."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.newsroom.schedule import rhythm
from arengo.newsroom.schedule.words import clock_words, weekdays_words


def register() -> None:
    pages.register("arengo.newsroom.schedule.settings_urls")
    cards.register(
        Card(
            "settings:rhythm",
            "calendar",
            _("Piano degli invii e ore di silenzio"),
            _(
                "In quali giorni e a che ora escono gli aggiornamenti; in quali ore Arengo chiede prima di far suonare i telefoni."
            ),
            order=28,
            state=_state,
        )
    )


def _state() -> State:
    times = rhythm.times()
    if not times.weekdays:
        return State(gettext("nessun piano"))
    return State(
        gettext("%(days)s alle %(clock)s")
        % {"days": weekdays_words(times.weekdays), "clock": clock_words(times.at)}
    )
