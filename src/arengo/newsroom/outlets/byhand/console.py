# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings show of posting by hand."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.newsroom.outlets.byhand import tasks


def register() -> None:
    pages.register("arengo.newsroom.outlets.byhand.settings_urls")
    cards.register(
        Card(
            "settings:whatsapp_channel",
            "whatsapp",
            _("Canale WhatsApp"),
            _("L’indirizzo del canale su cui una persona mette a mano gli aggiornamenti."),
            order=65,
            state=_state,
        )
    )


def _state() -> State | None:
    return None if tasks.channel_url() else State(gettext("nessun canale"))
