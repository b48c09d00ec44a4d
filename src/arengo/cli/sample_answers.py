# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the sample staff did with what the sample citizens wrote: answers, notes, labels, another desk, another day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from arengo.core.models import Person
from arengo.desk import handling, moving, replying
from arengo.desk.follow_ups import verbs as follow_ups
from arengo.desk.follow_ups.models import FollowUp
from arengo.desk.labels import verbs as labels
from arengo.desk.labels.models import Label
from arengo.desk.latest import settle_latest
from arengo.desk.models import Conversation, Message
from arengo.desk.notes import verbs as notes
from arengo.desk.notes.models import Note
from arengo.desk.redirects import verbs as redirects
from arengo.desk.redirects.models import Redirect

from .sample_citizens import (
    ANSWERED,
    ASKS_AND_QUOTES,
    CLOSED,
    OF_THE_POLICE,
    PHONED,
    REPORTS,
    TO_FOLLOW_UP,
    Citizens,
)
from .sample_desk import Desks

_LAMPS = "Illuminazione pubblica"


def make(citizens: Citizens, desks: Desks, *, olga: Person, vito: Person) -> None:
    """Once they have written, inside the organization's scope."""
    asks = citizens.conversation(ASKS_AND_QUOTES)
    _answer(asks, "Buongiorno, l’anagrafe la aspetta giovedì alle 9:30 o alle 10:30. Quale preferisce?", olga)
    notes.write(
        asks, text="@Olga Esempio giovedì alle 10 lo sportello 2 è chiuso: proponi le 10:30.", by=vito
    )
    _label(asks, "Anagrafe", olga)
    _label(citizens.conversation("Fabio Campione"), "Anagrafe", olga)
    _label(citizens.conversation("Luca Esempio"), "Scuola", olga)

    answered = citizens.conversation(ANSWERED)
    _answer(answered, "Buongiorno, il sabato la biblioteca chiude alle 19.", olga)
    _label(answered, "Eventi", olga)

    closed = citizens.conversation(CLOSED)
    at = _answer(
        closed, "Buongiorno, la tessera si ritira all’ufficio elettorale, in piazza di Esempio 1.", olga
    )
    handling.close(closed, by=olga)
    Conversation.objects.filter(pk=closed.pk).update(closed_at=min(at + timedelta(minutes=2), timezone.now()))

    reports = citizens.conversation(REPORTS)
    sent = redirects.send(reports, Redirect.objects.get(name=_LAMPS), by=olga, key="sample-redirect")
    _as_if_then(reports, sent.message)

    of_police = citizens.conversation(OF_THE_POLICE)
    moving.move(of_police, to=desks.police, by=olga)
    handling.assign(citizens.conversation(OF_THE_POLICE), to=vito, by=olga)
    _label(of_police, "Viabilità", olga)

    later = citizens.conversation(TO_FOLLOW_UP)
    follow_ups.put_off(later, day=timezone.localdate() + timedelta(days=1), to=olga, by=olga)
    FollowUp.objects.filter(conversation=later).update(day=timezone.localdate())
    _label(later, "Scuola", olga)

    phoned = citizens.conversation(PHONED)
    spoke = "Ha telefonato anche al centralino: vuole sapere degli orari dell’ufficio tributi."
    notes.write(
        phoned, text=spoke, by=vito, on_person=True, kind=Note.Kind.CALL, at=citizens.moment(20, PHONED)
    )

    citizens.quote(ASKS_AND_QUOTES, "Va bene alle 10:30, grazie. Che cosa devo portare?", minutes=18)


def _label(conversation: Conversation, name: str, by: Person) -> None:
    labels.put_on(conversation, Label.objects.get(name=name), by=by)


def _answer(conversation: Conversation, text: str, by: Person) -> datetime:
    """When: some minutes after the question."""
    [message] = replying.reply(conversation, by=by, text=text, key=f"sample-{conversation.pk}")
    return _as_if_then(conversation, message)


def _as_if_then(conversation: Conversation, message: Message | None) -> datetime:
    asked = Message.objects.filter(conversation=conversation, direction=Message.Direction.IN)
    last: datetime = asked.latest("sent_at").sent_at
    at = min(last + timedelta(minutes=7), timezone.now())
    if message is not None:
        Message.objects.filter(pk=message.pk).update(sent_at=at, received_at=at)
        settle_latest([conversation.pk])
    return at
