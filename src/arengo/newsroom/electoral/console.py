# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings show of electoral periods."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.core.templatetags.arengo import named
from arengo.newsroom.electoral import verbs


def register() -> None:
    pages.register("arengo.newsroom.electoral.settings_urls")
    cards.register(
        Card(
            "settings:electoral_periods",
            "calendar",
            _("Periodo elettorale"),
            _(
                "I giorni in cui si comunica solo ciò che è impersonale e indispensabile, e ogni invio chiede il motivo."
            ),
            order=67,
            state=_state,
        )
    )


def _state() -> State | None:
    period = verbs.current()
    if period is None:
        return None
    return State(gettext("fino al %(day)s") % {"day": named(period.ends, "j F")}, "warning")
