# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings show of the desks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _, ngettext

from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.desk.models import Desk


def _state() -> State:
    number = Desk.objects.filter(active=True).count()
    return State(ngettext("%(number)d in servizio", "%(number)d in servizio", number) % {"number": number})


def register() -> None:
    pages.register("arengo.desk.lists.settings_urls")
    cards.register(
        Card(
            "settings:desks",
            "comment",
            _("Sportelli"),
            _("Chi risponde a quali numeri, chi vede quali conversazioni, entro quanto si risponde."),
            order=15,
            state=_state,
        )
    )
