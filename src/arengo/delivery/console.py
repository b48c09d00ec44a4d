# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the console shows of this room: its settings."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _, ngettext

from arengo.core import automatic
from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.delivery.models import Sender


def _automatic_state() -> State:
    on, there_are = len(automatic.switched_on()), len(automatic.kinds())
    words = ngettext("%(on)d accesa su %(all)d", "%(on)d accese su %(all)d", on)
    return State(words % {"on": on, "all": there_are})


def _senders_state() -> State:
    states = list(Sender.objects.values_list("state", flat=True))
    stopped = sum(state == Sender.State.STOPPED for state in states)
    if not states:
        return State(gettext("nessuno ancora"), "warning")
    if stopped:
        words = ngettext("%(count)d fermo", "%(count)d fermi", stopped)
        return State(words % {"count": stopped}, "danger")
    words = ngettext("%(count)d attivo", "%(count)d attivi", len(states))
    return State(words % {"count": len(states)}, "success")


def register() -> None:
    pages.register("arengo.delivery.settings_urls")
    cards.register(
        Card(
            "settings:automatic",
            "refresh",
            _("Risposte automatiche"),
            _("Che cosa Arengo scrive da sé, con quale limite, e quante ne ha inviate oggi."),
            order=30,
            state=_automatic_state,
        )
    )
    cards.register(
        Card(
            "settings:senders",
            "telephone",
            _("Mittenti"),
            _("I numeri da cui si scrive e si risponde, e il collegamento con il loro fornitore."),
            order=50,
            state=_senders_state,
        )
    )
    cards.register(
        Card(
            "settings:prices",
            "card",
            _("Prezzi"),
            _("Quanto costa un messaggio: serve a mostrare la spesa prima di inviare."),
            order=70,
        )
    )
