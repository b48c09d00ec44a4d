# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What arrives from the platforms, as far as it concerns people and what they agreed to.

Called in the reader's transaction, inside the organization's scope. A batch costs a handful of queries whatever its
size, and some ten more if there are commands in it, however many; of who is new, nothing is looked up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar

from django.db import connection
from django.utils import timezone

from arengo.audience import choices, edits, identities, news
from arengo.audience.choices import ChoicePressed, Handled
from arengo.audience.commands import JOIN, Command, Parser
from arengo.audience.events import CitizenWrote, ConversationMoved, ReplyWanted
from arengo.audience.models import Identity
from arengo.audience.obeying import obey
from arengo.audience.sql import statement
from arengo.core import clean_text, outside
from arengo.core.events import Batch, publish
from arengo.platforms.contract import (
    Address,
    HandedOver,
    IdentityChanged,
    MessageReceived,
    Nature,
    PreferenceChanged,
)

_LONGEST_NAME = 200
_LONGEST_USERNAME = 100


class Silenced(Protocol):
    """Delivery's ``OptedOut``: ``at`` is when the platform refused, where it says so."""

    @property
    def platform(self) -> str: ...
    @property
    def address(self) -> Address: ...
    @property
    def at(self) -> datetime | None: ...


class AsksAddresses(Protocol):
    """Intake's ``AddressesOfPeople``; that room stands on our floor, so its event is read by its shape."""

    @property
    def addresses(self) -> Sequence[Address]: ...
    @property
    def known(self) -> list[Address]: ...


class AsksWhatMayWait(Protocol):
    """Intake's ``MayWait``, likewise."""

    @property
    def messages(self) -> Sequence[MessageReceived]: ...
    @property
    def lanes(self) -> dict[str, str]: ...


OfDelivery = TypeVar("OfDelivery", bound=Silenced)
AddressQuestion = TypeVar("AddressQuestion", bound=AsksAddresses)
LaneQuestion = TypeVar("LaneQuestion", bound=AsksWhatMayWait)


class AsksWhatIsPrivate(Protocol):
    """Intake's ``MayBeKept``, likewise."""

    @property
    def messages(self) -> Sequence[MessageReceived]: ...
    @property
    def private(self) -> set[str]: ...


PrivacyQuestion = TypeVar("PrivacyQuestion", bound=AsksWhatIsPrivate)


def may_wait(batch: Batch[LaneQuestion]) -> None:
    """Commands: many come at once when a town invites to its list. Leaving does not wait behind joining."""
    parser = Parser.of_organization()
    for asked in batch.events:
        for message in asked.messages:
            plain = message.nature is Nature.WORDS and not message.copy
            if plain and (command := parser.message(message)):
                asked.lanes[message.message_id] = command.kind


def may_be_kept(batch: Batch[PrivacyQuestion]) -> None:
    """Presses that a room registered as private may not."""
    for asked in batch.events:
        for message in asked.messages:
            choice = choices.read(message.choice_id)
            if choice is not None and choices.is_private(choice.prefix):
                asked.private.add(message.message_id)


def receive(batch: Batch[MessageReceived]) -> None:
    """People become known, commands are obeyed, and the rooms above are told. What was said in a group is passed over.

    Of several messages with one id the first counts. Locks, until the reader commits: the organization's addresses where somebody
    is new or their address changed (``identities.resolve``), then the people whose last word or name is new, by id, then their
    contacts, by id; handlers and rooms above lock what is theirs behind that. Announces ``CitizenWrote``, but for private presses,
    then ``ReplyWanted``.
    """
    first: dict[str, MessageReceived] = {}
    for message in batch.events:
        if message.nature.is_private:
            first.setdefault(message.message_id, message)
    messages = list(first.values())
    parser = Parser.of_organization()
    commands = {
        message.message_id: parser.message(message) if message.nature.is_said else None
        for message in messages
    }
    joining = sum(command is not None and command.kind == JOIN for command in commands.values())
    people = _people(batch, messages, expect_new=joining * 2 > len(messages))
    messages = [message for message in messages if message.message_id in people]
    _keep_up(messages, people)
    edits.note(messages, people)
    written = [
        CitizenWrote(
            contact_id=people[message.message_id].contact_id,
            identity_id=people[message.message_id].pk,
            message=message,
            command=command.kind if (command := commands[message.message_id]) else "",
            fresh=people[message.message_id].fresh,
        )
        for message in messages
    ]
    handled = _handle(batch, written, people, commands)
    written = [
        replace(event, command="") if event.message.message_id in handled.for_people else event
        for event in written
        if not choices.is_private(event.command)
    ]
    publish(CitizenWrote, Batch(batch.organization_id, batch.sender_id, written, batch.platform))
    publish(ReplyWanted, Batch(batch.organization_id, batch.sender_id, handled.replies, batch.platform))


def _handle(
    batch: Batch[MessageReceived],
    written: Sequence[CitizenWrote],
    people: Mapping[str, Identity],
    commands: Mapping[str, Command | None],
) -> Handled:
    """Commands and choices to their handlers, in the order in which they were said. Another responder's conversations get no reply."""
    pressed = []
    for event in sorted(written, key=lambda event: event.message.sent_at):
        message_id = event.message.message_id
        command, person = commands[message_id], people[message_id]
        if command is not None:
            choice = ChoicePressed(person, command.kind, command.as_value, event.message, event.shown)
            pressed.append((choices.handler_of(command.kind), choice))
        elif event.message.nature is Nature.EDIT:
            pressed.append((obey, ChoicePressed(person, "", "", event.message, event.shown)))
    replies: list[ReplyWanted] = []
    for_people: set[str] = set()
    for handler, events in choices.in_rounds(pressed):
        handled = handler(Batch(batch.organization_id, batch.sender_id, events, batch.platform))
        replies += handled.replies
        for_people |= set(handled.for_people)
    answerable = {event.message.message_id for event in written if event.message.wants_answer}
    return Handled([each for each in replies if (each.edit or each.about) in answerable], for_people)


def _people(
    batch: Batch[MessageReceived], messages: Sequence[MessageReceived], *, expect_new: bool
) -> dict[str, Identity]:
    """The identity of each message. The platform's notices and others' words make nobody known: strangers' are left out."""
    theirs = [message for message in messages if message.nature.is_of_person]
    now = timezone.now()

    def describe(place: int, person: Identity) -> None:
        message = theirs[place]
        if message.nature.opens_window:
            at = min(message.sent_at, now)  # a clock that is ahead must not lengthen the window
            person.last_wrote_at = max(filter(None, (person.last_wrote_at, at)))
        person.username = _username(message) or person.username
        person.contact.name = _name(message) or person.contact.name

    found = identities.resolve(
        batch.platform,
        batch.sender_id,
        [message.address for message in theirs],
        describe,
        expect_new=expect_new,
    )
    people = {message.message_id: person for message, person in zip(theirs, found, strict=True)}
    others = [message for message in messages if not message.nature.is_of_person]
    if others:
        known = identities.look_up(batch.platform, [message.address for message in others])
        told = ((message.message_id, known.find(message.address)) for message in others)
        people |= {message_id: person for message_id, person in told if person is not None}
    return people


def handed_over(batch: Batch[HandedOver]) -> None:
    """A conversation changed hands. Of somebody whom nobody knows there is none."""
    book = identities.look_up(batch.platform, [event.address for event in batch.events])
    found = ((event, book.find(event.address)) for event in batch.events)
    moved = [
        ConversationMoved(person.pk, event.ours, event.at, event.role)
        for event, person in found
        if person is not None
    ]
    publish(ConversationMoved, Batch(batch.organization_id, batch.sender_id, moved, batch.platform))


def identity_changed(batch: Batch[IdentityChanged]) -> None:
    """The same person under another address: contact, subscription and consent stay theirs."""
    identities.rename(
        batch.platform, batch.sender_id, [(event.previous, event.current) for event in batch.events]
    )


def addresses_of_people(batch: Batch[AddressQuestion]) -> None:
    """The reader asks which addresses are one person's, to hand their events out in the order of arrival."""
    for asked in batch.events:
        book = identities.look_up(batch.platform, asked.addresses)
        people = {person.pk: person for address in asked.addresses if (person := book.find(address))}
        asked.known.extend(person.address for person in people.values())


def preference_changed(batch: Batch[PreferenceChanged]) -> None:
    """They told the platform to stop, or to resume, what it calls marketing: news and digests, not the list.

    An unknown address becomes an identity: the platform may tell later that it is somebody who is, under a new number.
    """
    found = identities.resolve(batch.platform, batch.sender_id, [event.address for event in batch.events])
    told = zip(batch.events, found, strict=True)
    for event, person in sorted(told, key=lambda one: one[0].at):
        news.set_stopped(person, batch.sender_id, stopped=not event.wants_marketing, at=event.at)


def opted_out(batch: Batch[OfDelivery]) -> None:
    """The platform refused a message because they asked it for silence: the same as if it had told us."""
    [platform] = {event.platform for event in batch.events}  # of one sender
    book = identities.look_up(platform, [event.address for event in batch.events])
    for event in batch.events:
        person = book.find(event.address)
        if person is not None and person.marketing_stopped_at is None:
            news.set_stopped(person, batch.sender_id, stopped=True, at=event.at or timezone.now())


def _keep_up(messages: Sequence[MessageReceived], people: dict[str, Identity]) -> None:
    """The names they go by now, and when they last wrote: two statements for all."""
    now = timezone.now()
    latest: dict[int, datetime | None] = {}
    usernames: dict[int, str] = {}
    names: dict[int, str] = {}
    said = Counter(map(id, people.values()))
    for message in sorted(messages, key=lambda message: message.sent_at):
        person = people[message.message_id]
        if not message.nature.is_of_person:
            continue
        if person.fresh and said[id(person)] == 1:  # stored a moment ago, as this message says
            continue
        at = min(message.sent_at, now)  # a clock that is ahead must not lengthen the window
        if message.nature.opens_window and (person.last_wrote_at is None or at > person.last_wrote_at):
            latest[person.pk] = at
        if username := _username(message):
            usernames[person.pk] = username
        if name := _name(message):
            names[person.contact_id] = name
    for person in people.values():
        if usernames.get(person.pk) == person.username:
            del usernames[person.pk]
        if names.get(person.contact_id) == person.contact.name:
            del names[person.contact_id]
    touched = sorted(latest.keys() | usernames.keys())
    if touched:
        with connection.cursor() as cursor:
            cursor.execute(
                statement("note_wrote"),
                {
                    "ids": touched,
                    "times": [latest.get(pk) for pk in touched],
                    "usernames": [usernames.get(pk) for pk in touched],
                },
            )
    if names:  # a person who is erased at this moment gets no name again
        with connection.cursor() as cursor:
            cursor.execute(statement("rename"), {"ids": list(names), "names": list(names.values())})


def _name(message: MessageReceived) -> str:
    return clean_text.name(outside.text(message.name), most=_LONGEST_NAME)


def _username(message: MessageReceived) -> str:
    return clean_text.name(outside.text(message.username), most=_LONGEST_USERNAME)
