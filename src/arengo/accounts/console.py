# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the console shows of this room: its settings."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.core.models import Membership, Role


def _staff_state() -> State | None:
    """With one administrator nobody else can act when that person is away."""
    if Membership.objects.filter(roles__contains=[Role.ADMINISTRATOR]).count() > 1:
        return None
    return State(gettext("una persona sola è amministratore"), "warning")


def register() -> None:
    pages.register("arengo.accounts.settings_urls")
    cards.register(
        Card(
            "settings:organization",
            "pa",
            _("Ente"),
            _("Nome, stemma, colori e recapiti: come l’ente si presenta sul sito e nella console."),
            order=10,
        )
    )
    cards.register(
        Card(
            "settings:staff",
            "user",
            _("Personale e ruoli"),
            _("Chi entra nella console e che cosa può fare."),
            order=80,
            state=_staff_state,
        )
    )
    cards.register(
        Card(
            "settings:log",
            "clock",
            _("Registro"),
            _("Chi ha fatto che cosa e quando. Si può solo leggere."),
            order=90,
        )
    )
