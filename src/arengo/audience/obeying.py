# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list's commands, obeyed: said in words, pressed, or taken back by an edit.

Called in the reader's transaction, inside the organization's scope. A batch costs some ten queries, however many commands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from arengo.audience import answers, choices, consent, edits, policies, topic_lists, ways
from arengo.audience.answers import Answers
from arengo.audience.choices import ChoicePressed, Handled
from arengo.audience.commands import CONFIRM, JOIN, LEAVE, TOPICS
from arengo.audience.events import ReplyWanted, Shown
from arengo.audience.models import Consent, Identity, ListSettings, Policy
from arengo.audience.naming import Named
from arengo.audience.receiving import Names, Receives
from arengo.core import automatic, outside
from arengo.core.events import Batch, publish
from arengo.core.models import Person
from arengo.platforms.contract import Buttons, Choice, Listing
from arengo.platforms.registry import platform

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
        person,
        action,
        said.at,
        Consent.Source.STAFF,
        said.message_id,
        said.text,
        said.sender_id,
        by=by,
        way=ways.Way.READ,
    )
    [step] = consent.say([words], in_force)
    settings = ListSettings.objects.first()
    if settings is None or not said.answered:
        return step.outcome
    asked = Batch(person.organization_id, said.sender_id, [step], person.platform)
    spoken = Answers.of(asked, settings, in_force, Names.read())
    if text := spoken.to(step):
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
            proves=spoken.proof(step, text),
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
    choices.register(CONFIRM, obey)


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
    names = Names.read()
    in_force = policies.in_force()
    places = ways.places(event.message.text for event in batch.events)
    steps: _Steps = []
    run: list[tuple[ChoicePressed, consent.Words]] = []
    for event in batch.events:
        if not event.prefix:  # what was said before it is written first: it takes back a join that stands
            steps += _say(run, in_force, settings)
            run = []
            if not edits.takes_back(event.identity, event.message):
                continue
        elif event.prefix != LEAVE and event.message.message_id in overtaken:
            continue  # they say something else by now, and that came first
        run.append((event, _words(event, names, places, batch.sender_id)))
    steps += _say(run, in_force, settings)
    spoken = Answers.of(batch, settings, in_force, names)
    offering = _Offering.of(batch, spoken, names) if any(_joined(step) for _event, step in steps) else None
    replies = []
    for event, step in steps:
        if text := spoken.to(step):
            listing = None
            if offering is not None and _joined(step):
                text, listing = offering.under(text, step)
            kind = answers.KINDS[step.outcome]
            pressing = listing or _to_confirm(step, text, batch.platform)
            reply = event.reply(kind, text, owed=step.first, outgoing=pressing)
            replies.append(replace(reply, proves=spoken.proof(step, text)))
    return Handled(replies)


def _to_confirm(step: consent.Step, text: str, platform_name: str) -> Buttons | None:
    """Two buttons under the question whether they mean it, where the platform has buttons and the words fit above them."""
    can = platform(platform_name).can
    if step.outcome is not consent.Outcome.PENDING or can.pressing is None or Buttons not in can.sends:
        return None
    if can.pressing.body.over(text):
        return None
    return Buttons(
        text,
        [Choice(choices.id_of(CONFIRM), "Sì, confermo"), Choice(choices.id_of(LEAVE), "No")],
    )


def _joined(step: consent.Step) -> bool:
    return step.outcome is consent.Outcome.JOINED


@dataclass
class _Offering:
    """What of topics stands under the welcome, where the organization answers what is pressed: a list, where the platform
    carries one and the welcome is short enough for it; else how to ask for it.
    """

    platform: str
    names: Names
    language: str
    _known: dict[tuple[str, frozenset[int]], tuple[str, Listing | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, batch: Batch[ChoicePressed], spoken: Answers, names: Names) -> _Offering | None:
        if not _in_use(names.topics) or answers.CHOICES not in automatic.switched_on():
            return None
        return cls(batch.platform, names, spoken.topics.language)

    def under(self, text: str, step: consent.Step) -> tuple[str, Listing | None]:
        key = (text, step.topics)
        if key not in self._known:
            with translation.override(self.language):
                self._known[key] = self._offered(text, Receives(step.topics, step.quarters))
        return self._known[key]

    def _offered(self, text: str, receives: Receives) -> tuple[str, Listing | None]:
        pressing = topic_lists.pressing_on(self.platform)
        if pressing is not None:
            listing = topic_lists.listing(text, TOPICS, self.names, receives, pressing)
            if listing is not None:
                return text, listing
        how = f"{text}\n\n{_('Per scegliere i temi scrivi TEMI.')}"
        return (text if platform(self.platform).limits.text.over(how) else how), None


def _say(
    run: Sequence[tuple[ChoicePressed, consent.Words]], in_force: Mapping[str, Policy], settings: ListSettings
) -> _Steps:
    steps = consent.say([words for _event, words in run], in_force, settings)
    return [(event, step) for (event, _words), step in zip(run, steps, strict=True)]


def _words(event: ChoicePressed, names: Names, places: Collection[str], sender_id: int) -> consent.Words:
    """A choice names topics by id, quarters as «q2», separated by commas; anything else in it is passed over."""
    parts = event.value.split(",")[:_MOST_TOPICS] if event.value else []
    named = [pk for part in parts if (pk := outside.whole(part, least=1)) is not None]
    living = [
        pk for part in parts if part[:1] == "q" and (pk := outside.whole(part[1:], least=1)) is not None
    ]
    way, place = ways.of(event.message, places)
    return consent.Words(
        event.identity,
        Consent.Action.GIVEN if event.prefix in (JOIN, CONFIRM) else Consent.Action.WITHDRAWN,
        event.at,
        Consent.Source.MESSAGE,
        event.message.message_id,
        event.message.text,
        sender_id,
        tuple(pk for pk in named if pk in _in_use(names.topics)),
        quarters=tuple(pk for pk in living if pk in _in_use(names.quarters)),
        way=way,
        poster=place,
        confirms=event.prefix == CONFIRM,
    )


def _in_use(named: Mapping[int, Named]) -> Collection[int]:
    return {pk for pk, one in named.items() if one.ended_at is None}
