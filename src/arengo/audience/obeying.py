# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list's commands, obeyed: said in words, pressed, or taken back by an edit.

Called in the reader's transaction, inside the organization's scope. A batch costs some ten queries, however many commands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from arengo.audience import answers, choices, consent, edits, policies
from arengo.audience.choices import ChoicePressed, Handled
from arengo.audience.commands import JOIN, LEAVE
from arengo.audience.events import ReplyWanted
from arengo.audience.models import Consent, ListSettings, Policy, Topic
from arengo.audience.wording import Wording
from arengo.core import outside
from arengo.core.events import Batch
from arengo.core.models import Organization

_MOST_TOPICS = 100  # named in one value

_Steps = list[tuple[ChoicePressed, consent.Step]]


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
    topics = _topics(batch.events)
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
        run.append((event, _words(event, topics, batch.sender_id)))
    steps += _say(run, in_force)
    return Handled(_replies(_texts(batch.organization_id, settings, in_force), steps))


def _topics(events: Sequence[ChoicePressed]) -> set[int]:
    """Those named that there are: ids separated by commas."""
    named = {pk for event in events for pk in _named(event.value)}
    return set(Topic.objects.filter(pk__in=named).values_list("pk", flat=True)) if named else set()


def _named(value: str) -> list[int]:
    parts = value.split(",")[:_MOST_TOPICS] if value else []
    return [pk for part in parts if (pk := outside.whole(part, least=1)) is not None]


def _say(run: Sequence[tuple[ChoicePressed, consent.Words]], in_force: Mapping[str, Policy]) -> _Steps:
    steps = consent.say([words for _event, words in run], in_force)
    return [(event, step) for (event, _words), step in zip(run, steps, strict=True)]


def _words(event: ChoicePressed, topics: set[int], sender_id: int) -> consent.Words:
    return consent.Words(
        event.identity,
        Consent.Deed.GIVEN if event.prefix == JOIN else Consent.Deed.WITHDRAWN,
        event.at,
        Consent.Source.MESSAGE,
        event.message.message_id,
        event.message.text,
        sender_id,
        tuple(pk for pk in _named(event.value) if pk in topics),
    )


_ANSWERS = {
    consent.Outcome.JOINED: answers.WELCOME,
    consent.Outcome.ALREADY: answers.ALREADY,
    consent.Outcome.LEFT: answers.GOODBYE,
    consent.Outcome.NOT_SUBSCRIBED: answers.NOT_SUBSCRIBED,
}


def _replies(texts: Mapping[consent.Outcome, str], steps: _Steps) -> list[ReplyWanted]:
    return [
        event.reply(_ANSWERS[step.outcome], text, owed=step.first)
        for event, step in steps
        if (text := texts[step.outcome])
    ]


def _texts(
    organization_id: int, settings: ListSettings, in_force: Mapping[str, Policy]
) -> dict[consent.Outcome, str]:
    """What is said to each outcome, ready to be sent; empty: nothing."""
    wording = Wording.of(Organization.objects.get(pk=organization_id), in_force)
    worded = {
        consent.Outcome.JOINED: settings.welcome_text,
        consent.Outcome.ALREADY: settings.already_text,
        consent.Outcome.LEFT: settings.goodbye_text,
        consent.Outcome.NOT_SUBSCRIBED: settings.not_subscribed_text,
        consent.Outcome.OVERTAKEN: "",
    }
    return {outcome: wording.message(text) for outcome, text in worded.items()}
