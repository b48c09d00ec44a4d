# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What arrives from the platforms, as far as it concerns people and what they agreed to.

Called in the reader's transaction, inside the organization's scope. A batch costs a handful of queries whatever its
size, and some ten more if there are commands in it, however many; of who is new, nothing is looked up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from django.db import connection
from django.utils import timezone

from arengo.audience import answers, consent, edits, identities, news, policies
from arengo.audience.answers import Answers
from arengo.audience.commands import JOIN, LEAVE, Command, Parser
from arengo.audience.events import CitizenWrote, ConversationMoved, ReplyWanted
from arengo.audience.models import Consent, Identity, ListSettings, Policy
from arengo.core import outside
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


def may_wait(batch: Batch[AsksWhatMayWait]) -> None:
    """Commands: many come at once when a town invites to its list. Leaving does not wait behind joining."""
    parser = Parser.of_organization()
    for asked in batch.events:
        for message in asked.messages:
            plain = message.nature is Nature.WORDS and not message.copy
            if plain and (command := parser.message(message)):
                asked.lanes[message.message_id] = command.kind


def receive(batch: Batch[MessageReceived]) -> None:
    """People become known, commands are obeyed, and the rooms above are told. What was said in a group is passed over."""
    messages = _once([message for message in batch.events if message.nature.is_private])
    settings = ListSettings.objects.first()
    parser = Parser.of(settings)
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
    replies = _obey(batch, settings, written, people, commands, parser.topic_names)
    publish(CitizenWrote, Batch(batch.organization_id, batch.sender_id, written, batch.platform))
    publish(ReplyWanted, Batch(batch.organization_id, batch.sender_id, replies, batch.platform))


def _people(
    batch: Batch[MessageReceived], messages: Sequence[MessageReceived], *, expect_new: bool
) -> dict[str, Identity]:
    """Whose each message is. The platform's notices and others' words make nobody known: of strangers they are left out."""
    theirs = [message for message in messages if message.nature.is_of_person]
    now = timezone.now()

    def describe(place: int, person: Identity) -> None:
        message = theirs[place]
        if message.nature.opens_window:
            at = min(message.sent_at, now)  # a clock that is ahead must not lengthen the window
            person.last_wrote_at = max(filter(None, (person.last_wrote_at, at)))
        person.username = message.username[:_LONGEST_USERNAME] or person.username
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


def addresses_of_people(batch: Batch[AsksAddresses]) -> None:
    """The reader asks which addresses are one person's, to hand their events out in the order of arrival."""
    for asked in batch.events:
        book = identities.look_up(batch.platform, asked.addresses)
        people = {person.pk: person for address in asked.addresses if (person := book.find(address))}
        asked.known.extend(person.address for person in people.values())


def preference_changed(batch: Batch[PreferenceChanged]) -> None:
    """They told the platform to stop, or to resume, what it calls marketing: news and digests, not the list.

    Who is not known becomes known: the platform may tell later that it is somebody who is, under a new number.
    """
    found = identities.resolve(batch.platform, batch.sender_id, [event.address for event in batch.events])
    told = zip(batch.events, found, strict=True)
    for event, person in sorted(told, key=lambda one: one[0].at):
        news.set_stopped(person, batch.sender_id, stopped=not event.wants_marketing, at=event.at)


def opted_out(batch: Batch[Silenced]) -> None:
    """The platform refused a message because they asked it for silence: the same as if it had told us."""
    [platform] = {event.platform for event in batch.events}  # of one sender
    book = identities.look_up(platform, [event.address for event in batch.events])
    for event in batch.events:
        person = book.find(event.address)
        if person is not None and person.marketing_stopped_at is None:
            news.set_stopped(person, batch.sender_id, stopped=True, at=event.at or timezone.now())


def _once(messages: Sequence[MessageReceived]) -> list[MessageReceived]:
    """The first of each id, in their order."""
    first: dict[str, MessageReceived] = {}
    for message in messages:
        first.setdefault(message.message_id, message)
    return list(first.values())


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
        if message.username:
            usernames[person.pk] = message.username[:_LONGEST_USERNAME]
        if name := _name(message):
            names[person.contact_id] = name
    for person in people.values():
        if usernames.get(person.pk) == person.username:
            del usernames[person.pk]
        if names.get(person.contact_id) == person.contact.name:
            del names[person.contact_id]
    touched = sorted(latest.keys() | usernames.keys())
    if touched:
        # Locked in one order, so that two readers who meet the same people wait instead of blocking each other.
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE audience_identity i SET last_wrote_at = greatest(i.last_wrote_at, v.at), "
                " username = coalesce(v.username, i.username) FROM ("
                "  SELECT l.id, u.at, u.username FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) "
                "   AS u (id, at, username) JOIN audience_identity l ON l.id = u.id ORDER BY l.id FOR NO KEY UPDATE OF l"
                " ) v WHERE i.id = v.id",
                [touched, [latest.get(pk) for pk in touched], [usernames.get(pk) for pk in touched]],
            )
    if names:
        _rename(names)


def _name(message: MessageReceived) -> str:
    return outside.text(message.name).strip()[:_LONGEST_NAME]


def _rename(names: dict[int, str]) -> None:
    """Who was erased at this very moment gets no name again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audience_contact c SET name = v.name FROM ("
            "  SELECT l.id, u.name FROM unnest(%s::bigint[], %s::text[]) AS u (id, name) "
            "  JOIN audience_contact l ON l.id = u.id WHERE l.erased_at IS NULL ORDER BY l.id FOR NO KEY UPDATE OF l"
            " ) v WHERE c.id = v.id",
            [list(names), list(names.values())],
        )


def _obey(
    batch: Batch[MessageReceived],
    settings: ListSettings | None,
    written: Sequence[CitizenWrote],
    people: dict[str, Identity],
    commands: dict[str, Command | None],
    topic_names: Mapping[int, str],
) -> list[ReplyWanted]:
    """Commands in the order in which they were said. At most one answer each, only where a text is worded for it.

    An edit may take back the join that its message was. In a conversation that another responder has, words count and
    are not answered.
    """
    if settings is None:  # a list that nobody worded has no commands
        return []
    chosen = sorted(
        (
            message
            for event in written
            if commands[(message := event.message).message_id] is not None or message.nature is Nature.EDIT
        ),
        key=lambda message: message.sent_at,
    )
    if not chosen:
        return []
    overtaken = edits.edited(chosen, people)
    in_force = policies.in_force()
    steps: list[tuple[MessageReceived, consent.Step]] = []
    run: list[tuple[MessageReceived, consent.Words]] = []
    for message in chosen:
        person, command = people[message.message_id], commands[message.message_id]
        if command is None:  # what was said before it is written first: it takes back a join that stands
            steps += _say(run, in_force)
            run = []
            if not edits.takes_back(person, message):
                continue
        elif command.kind != LEAVE and message.message_id in overtaken:
            continue  # they say something else by now, and that came first
        run.append((message, _words(message, command, person, batch.sender_id)))
    steps += _say(run, in_force)
    spoken = Answers.of(batch, settings, in_force, topic_names)
    return _replies(spoken, steps, people, written)


def _say(
    run: Sequence[tuple[MessageReceived, consent.Words]], in_force: Mapping[str, Policy]
) -> list[tuple[MessageReceived, consent.Step]]:
    steps = consent.say([words for _message, words in run], in_force)
    return [(message, step) for (message, _words), step in zip(run, steps, strict=True)]


def _replies(
    spoken: Answers,
    steps: Sequence[tuple[MessageReceived, consent.Step]],
    people: dict[str, Identity],
    written: Sequence[CitizenWrote],
) -> list[ReplyWanted]:
    shown = {event.message.message_id: event.shown for event in written}
    replies = []
    for message, step in steps:
        person, text = people[message.message_id], spoken.to(step)
        if text and message.wants_answer:
            edit = message.message_id if message.nature is Nature.EDIT else ""
            about = message.about if edit and message.about else message.message_id
            kind = answers.KINDS[step.outcome]
            replies.append(
                ReplyWanted(
                    person.contact_id,
                    person.pk,
                    text,
                    about,
                    kind,
                    owed=step.first,
                    edit=edit,
                    to=person.address,
                    said_at=message.sent_at,
                    shown=shown[message.message_id],
                )
            )
    return replies


def _words(
    message: MessageReceived, command: Command | None, person: Identity, sender_id: int
) -> consent.Words:
    """``command`` None: an edit that takes a join back."""
    return consent.Words(
        person,
        Consent.Deed.GIVEN if command is not None and command.kind != LEAVE else Consent.Deed.WITHDRAWN,
        message.sent_at,
        Consent.Source.MESSAGE,
        message.message_id,
        message.text,
        sender_id,
        command.topics if command is not None else (),
    )
