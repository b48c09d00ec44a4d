# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What polls keep of people, and for how long: that they voted, never what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.utils.translation import gettext, gettext_lazy as _, ngettext

from arengo.audience.models import Identity
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Chapter, Holding, Line, Parts
from arengo.core.console.retention import NIGHTLY, RetentionRule
from arengo.core.retention.aging import Aging
from arengo.newsroom.votes import hearing
from arengo.newsroom.votes.models import Voter

KEPT = timedelta(days=60)  # after the closing: somebody may doubt how many voted


def _of(contact_id: int) -> list[str]:
    found = Voter.objects.filter(identity__contact=contact_id).order_by("poll")
    return list(found.values_list("poll__question", flat=True))


def _hand_out(contact_id: int) -> Parts:
    return {"voted_in": [{"poll": question} for question in _of(contact_id)]}


def _readable(contact_id: int) -> Iterator[Chapter]:
    if found := _of(contact_id):
        words = gettext("Che cosa hai votato non lo sa nessuno: non è scritto da nessuna parte.")
        yield Chapter(gettext("I sondaggi in cui hai votato"), [Line(question, words) for question in found])


def _amounts(contact_id: int) -> Sequence[str]:
    many = len(_of(contact_id))
    words = ngettext("%(count)d sondaggio in cui ha votato", "%(count)d sondaggi in cui ha votato", many)
    return [words % {"count": many}] if many else []


def _erase(contact_id: int) -> None:
    """While a poll is open the vote itself goes too, with the next count; afterwards nobody could find it."""
    hearing.forget(list(Identity.objects.filter(contact=contact_id).values_list("pk", flat=True)))
    Voter.objects.filter(identity__contact=contact_id).delete()


def register() -> None:
    personal_data.register(
        Holding(
            "newsroom_votes",
            _("sondaggi in cui ha votato"),
            export=_hand_out,
            erase=_erase,
            readable=_readable,
            amounts=_amounts,
        )
    )
    retention.register(
        RetentionRule(
            "newsroom.polls",
            _("sondaggi: domande, risultati, voti senza nomi"),
            _("restano: chiunque li può ricontare"),
        ),
        RetentionRule(
            "newsroom.voters",
            _("chi ha votato in un sondaggio chiuso (non che cosa)"),
            _("si cancella"),
            lasts=lambda: KEPT,
            job=NIGHTLY,
            because=_("Serve a chi vuole sapere se i votanti sono tanti quanti i voti."),
            forgets=Aging(
                lambda: Voter.objects.filter(closed_at__isnull=False),
                at="closed_at",
                person="identity__contact",
            ),
        ),
    )
