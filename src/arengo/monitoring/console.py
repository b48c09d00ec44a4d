# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room brings to the console and to ``/metrics``: two pages of the settings, and how many troubles there are."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _, ngettext

from arengo.core.console import cards, metrics, pages
from arengo.core.console.cards import Card, State
from arengo.core.console.conditions import Place, Snapshot
from arengo.core.console.metrics import Gauge, Sample
from arengo.core.console.troubles import kinds, troubles
from arengo.monitoring.unread import unread_count


def _troubles(snapshot: Snapshot) -> Iterator[Sample]:
    counted = {(kind.name, _yes(kind.person)): 0 for kind in kinds()}
    for trouble in troubles(snapshot):
        key = (trouble.kind, _yes(trouble.person))
        counted[key] = counted.get(key, 0) + 1
    for labels, number in counted.items():
        yield Sample(number, labels)


def _yes(person: bool) -> str:
    return "yes" if person else "no"


_TROUBLES = Gauge(
    "arengo_troubles",
    "What is wrong now, by kind; person=yes: somebody must act. The page Stato del servizio says what to do.",
    _troubles,
    ("kind", "person"),
)


def _unread_state() -> State | None:
    count = unread_count()
    words = ngettext("%(count)d da guardare", "%(count)d da guardare", count) % {"count": count}
    return State(words, "warning") if count else None


def register() -> None:
    metrics.register(Place.SUMMARY, _TROUBLES)
    pages.register("arengo.monitoring.settings_urls")
    cards.register(
        Card(
            "settings:status",
            "chart-line",
            _("Stato del servizio"),
            _(
                "Se tutto funziona adesso: invii, ricevute, posta in arrivo, e che cosa fare quando qualcosa non va."
            ),
            order=100,
        )
    )
    cards.register(
        Card(
            "settings:unread",
            "mail",
            _("Posta in arrivo non letta"),
            _("Ciò che è arrivato da WhatsApp e Arengo non ha saputo leggere."),
            order=110,
            state=_unread_state,
        )
    )
