# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list's commands, obeyed: said in words, pressed, or taken back by an edit.

Called in the reader's transaction, inside the organization's scope. A batch costs some ten queries, however many commands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from arengo.audience import answers, choices, consent, edits, policies
from arengo.audience.answers import Answers
from arengo.audience.choices import ChoicePressed, Handled
from arengo.audience.commands import JOIN, LEAVE
from arengo.audience.events import ReplyWanted, Shown
from arengo.audience.models import Consent, Identity, ListSettings, Policy, Topic
from arengo.core import outside
from arengo.core.events import Batch, publish
from arengo.core.models import Person

_MOST_TOPICS = 100  # named in one value


@transaction.atomic
def obey_reading(person: Identity, kind: str, said: Said, *, by: Person) -> consent.Outcome:
    """A person of the staff reads in a message that its citizen wants to join or to leave (``kind``): it counts as a command.

    The message is the proof, with who read it. Answered like a command, where ``said.answered``. A join from before a later leave
    changes nothing (OVERTAKEN). Locks as ``consent.say`` does; recorded in the log.
    """
    in_force = policies.in_force()
    action = Consent.Action.GIVEN if kind == JOIN else Consent.Action.WITHDRAWN
    words = consent.Words(
        person, action, said.at, Consent.Source.STAFF, said.message_id, said.text, said.sender_id, by=by
    )
    [step] = consent.say([words], in_force)
    settings = ListSettings.objects.first()
    if settings is None or not said.answered:
        return step.outcome
    asked = Batch(person.organization_id, said.sender_id, [step], person.platform)
    text = Answers.of(asked, settings, in_force, {topic.pk: topic.name for topic in Topic.objects.all()}).to(
        step
    )
    if text:
        reply = ReplyWanted(
            person.contact_id,
            person.pk,
            text,
            said.message_id,
            answers.KINDS[step.outcome],
            owed=step.first,
            to=person.address,
            said_at=said.at,
            shown=said.shown,
        )
        publish(ReplyWanted, Batch(person.organization_id, said.sender_id, [reply], person.platform))
    return step.outcome


_Steps = list[tuple[ChoicePressed, consent.Step]]


@dataclass(frozen=True)
class Said:
    """A message as the desk has it. ``answered``: the citizen may be written to now; ``shown``: where it stands."""

    message_id: str
    text: str
    at: datetime
    sender_id: int
    answered: bool
    shown: Shown


def register() -> None:
    choices.register(JOIN, obey)
    choices.register(LEAVE, obey)


def obey(batch: Batch[ChoicePressed]) -> Handled:
    """In the order given. At most one answer each, only where a text is worded for it.

    An edit may take back the join that its message was. In a conversation that another responder has, words count and
    are not answered.
    """
    settings = ListSettings.objects.first()
    if settings is None:  # a list that nobody worded has no commands
        return Handled()
    people = {event.message.message_id: event.identity for event in batch.events}
    overtaken = edits.edited([event.message for event in batch.events], people)
    topic_names = {topic.pk: topic.name for topic in Topic.objects.all()}
    in_force = policies.in_force()
    steps: _Steps = []
    run: list[tuple[ChoicePressed, consent.Words]] = []
    for event in batch.events:
        if not event.prefix:  # what was said before it is written first: it takes back a join that stands
            steps += _say(run, in_force)
            run = []
            if not edits.takes_back(event.identity, event.message):
                continue
        elif event.prefix != LEAVE and event.message.message_id in overtaken:
            continue  # they say something else by now, and that came first
        run.append((event, _words(event, topic_names, batch.sender_id)))
    steps += _say(run, in_force)
    spoken = Answers.of(batch, settings, in_force, topic_names)
    return Handled(
        [
            event.reply(answers.KINDS[step.outcome], text, owed=step.first)
            for event, step in steps
            if (text := spoken.to(step))
        ]
    )


def _say(run: Sequence[tuple[ChoicePressed, consent.Words]], in_force: Mapping[str, Policy]) -> _Steps:
    steps = consent.say([words for _event, words in run], in_force)
    return [(event, step) for (event, _words), step in zip(run, steps, strict=True)]


def _words(event: ChoicePressed, topics: Collection[int], sender_id: int) -> consent.Words:
    """A choice names topics by id, separated by commas; anything else in it is passed over."""
    parts = event.value.split(",")[:_MOST_TOPICS] if event.value else []
    named = [pk for part in parts if (pk := outside.whole(part, least=1)) is not None]
    return consent.Words(
        event.identity,
        Consent.Action.GIVEN if event.prefix == JOIN else Consent.Action.WITHDRAWN,
        event.at,
        Consent.Source.MESSAGE,
        event.message.message_id,
        event.message.text,
        sender_id,
        tuple(pk for pk in named if pk in topics),
    )
