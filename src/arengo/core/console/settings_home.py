# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hub of the settings: one card for each, each saying what it changes and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from arengo.core.console import cards
from arengo.core.console.cards import Shown
from arengo.core.console.settings_access import setting, show
from arengo.core.screens import Screen


@dataclass(frozen=True)
class SettingsHome(Screen):
    """``wanting``: those of the cards whose state wants somebody."""

    cards: Sequence[Shown]
    wanting: Sequence[Shown]


@setting()
def home(request: HttpRequest) -> HttpResponse:
    shown = cards.shown()
    wanting = [each for each in shown if each.state is not None and each.state.wants_somebody]
    return show(request, "settings/home.html", SettingsHome(shown, wanting))
