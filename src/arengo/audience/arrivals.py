# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What arrives from the platforms, as far as it concerns people and what they agreed to.

Called in the reader's transaction, inside the organization's scope. A batch costs a handful of queries whatever its
size, and some ten more if there are commands in it, however many.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.db import connection
from django.utils import timezone

from arengo.audience import answers, consent, identities
from arengo.audience.commands import LEAVE, Command, Parser
from arengo.audience.events import CitizenWrote, ReplyWanted
from arengo.audience.models import Consent, Identity, ListSettings
from arengo.audience.wording import Wording
from arengo.core import outside
from arengo.core.events import Batch, publish
from arengo.core.models import Organization
from arengo.platforms.contract import Address, IdentityChanged, MessageReceived, PreferenceChanged

# Kinds that the platform does not count as a message of theirs: they open no reply window.
_NO_WINDOW = frozenset({"reaction", "system"})
_LONGEST_NAME = 200
_LONGEST_USERNAME = 100


class HasAddress(Protocol):
    """Delivery's ``OptedOut``: ``at`` is when the platform refused, where it says so."""

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
            if command := parser.message(message):
                asked.lanes[message.message_id] = command.kind


def receive(batch: Batch[MessageReceived]) -> None:
    """People become known, commands are obeyed, and the rooms above are told."""
    messages = _once(batch.events)
    found = identities.resolve(
        batch.platform or "whatsapp", batch.sender_id, [message.address for message in messages]
    )
    people = {message.message_id: person for message, person in zip(messages, found, strict=True)}
    _keep_up(messages, people)
    parser = Parser.of_organization()
    commands = {message.message_id: parser.message(message) for message in messages}
    written = [
        CitizenWrote(
            contact_id=people[message.message_id].contact_id,
            identity_id=people[message.message_id].pk,
            message=message,
            command=command.kind if (command := commands[message.message_id]) else "",
        )
        for message in messages
    ]
    replies = _obey(batch, messages, people, commands)
    publish(CitizenWrote, Batch(batch.organization_id, batch.sender_id, written, batch.platform))
    publish(ReplyWanted, Batch(batch.organization_id, batch.sender_id, replies, batch.platform))


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
    """They told the platform to stop: off the list. To resume: only the mark goes; joining again takes their word."""
    book = identities.look_up(batch.platform, [event.address for event in batch.events])
    for event in batch.events:
        person = book.find(event.address)
        if person is None:
            continue
        if not event.wants_marketing:
            _stop(person, batch.sender_id, at=event.at)
        elif person.marketing_stopped_at and event.at >= person.marketing_stopped_at:
            person.marketing_stopped_at = None
            Identity.objects.filter(pk=person.pk).update(marketing_stopped_at=None)


def opted_out(batch: Batch[HasAddress]) -> None:
    """The platform refused a message because they asked it for silence: the same as if they had told us."""
    book = identities.look_up(batch.platform, [event.address for event in batch.events])
    for event in batch.events:
        person = book.find(event.address)
        if person is not None and person.marketing_stopped_at is None:
            _stop(person, batch.sender_id, at=event.at or timezone.now())


def _stop(person: Identity, sender_id: int, *, at: datetime) -> None:
    consent.withdraw(person, at=at, source=Consent.Source.PLATFORM, sender_id=sender_id)
    person.marketing_stopped_at = max(filter(None, (person.marketing_stopped_at, at)))
    Identity.objects.filter(pk=person.pk).update(marketing_stopped_at=person.marketing_stopped_at)


def _once(messages: Sequence[MessageReceived]) -> list[MessageReceived]:
    return list({message.message_id: message for message in reversed(messages)}.values())[::-1]


def _keep_up(messages: Sequence[MessageReceived], people: dict[str, Identity]) -> None:
    """The names they go by now, and when they last wrote: two statements for all."""
    now = timezone.now()
    latest: dict[int, datetime | None] = {}
    usernames: dict[int, str] = {}
    names: dict[int, str] = {}
    for message in sorted(messages, key=lambda message: message.sent_at):
        person = people[message.message_id]
        if message.kind not in _NO_WINDOW:
            latest[person.pk] = min(
                message.sent_at, now
            )  # a clock that is ahead must not lengthen the window
        if message.username and message.username != person.username:
            usernames[person.pk] = message.username[:_LONGEST_USERNAME]
        name = outside.text(message.name).strip()[:_LONGEST_NAME]
        if name and name != person.contact.name:
            names[person.contact_id] = name
    touched = sorted(latest.keys() | usernames.keys())
    if touched:
        # Locked in one order, so that two readers who meet the same people wait instead of blocking each other.
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE audience_identity i SET last_wrote_at = greatest(i.last_wrote_at, v.at), "
                " username = coalesce(v.username, i.username) FROM ("
                "  SELECT l.id, u.at, u.username FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) "
                "   AS u (id, at, username) JOIN audience_identity l ON l.id = u.id ORDER BY l.id FOR UPDATE OF l"
                " ) v WHERE i.id = v.id",
                [touched, [latest.get(pk) for pk in touched], [usernames.get(pk) for pk in touched]],
            )
    if names:
        _rename(names)


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
    messages: Sequence[MessageReceived],
    people: dict[str, Identity],
    commands: dict[str, Command | None],
) -> list[ReplyWanted]:
    """Commands in the order in which they were said. At most one answer each, only where a text is worded for it."""
    chosen = sorted(
        ((message, command) for message in messages if (command := commands[message.message_id]) is not None),
        key=lambda pair: pair[0].sent_at,
    )
    if not chosen:
        return []
    steps = consent.say(
        [_words(message, command, people[message.message_id], batch.sender_id) for message, command in chosen]
    )
    texts = _texts(batch.organization_id)
    replies = []
    for (message, _command), step in zip(chosen, steps, strict=True):
        person = people[message.message_id]
        if text := texts[step.outcome]:
            kind = _ANSWERS[step.outcome]
            replies.append(
                ReplyWanted(person.contact_id, person.pk, text, message.message_id, kind, owed=step.first)
            )
    return replies


_ANSWERS = {
    consent.Outcome.JOINED: answers.WELCOME,
    consent.Outcome.ALREADY: answers.ALREADY,
    consent.Outcome.LEFT: answers.GOODBYE,
    consent.Outcome.NOT_SUBSCRIBED: answers.NOT_SUBSCRIBED,
}


def _texts(organization_id: int) -> dict[consent.Outcome, str]:
    """What is said to each outcome, ready to be sent; empty: nothing."""
    settings = ListSettings.objects.get()
    wording = Wording.of(Organization.objects.get(pk=organization_id))
    worded = {
        consent.Outcome.JOINED: settings.welcome_text,
        consent.Outcome.ALREADY: settings.already_text,
        consent.Outcome.LEFT: settings.goodbye_text,
        consent.Outcome.NOT_SUBSCRIBED: settings.not_subscribed_text,
        consent.Outcome.OVERTAKEN: "",
    }
    return {outcome: wording.message(text) for outcome, text in worded.items()}


def _words(message: MessageReceived, command: Command, person: Identity, sender_id: int) -> consent.Words:
    return consent.Words(
        person,
        Consent.Deed.WITHDRAWN if command.kind == LEAVE else Consent.Deed.GIVEN,
        message.sent_at,
        Consent.Source.MESSAGE,
        message.message_id,
        message.text,
        sender_id,
        command.topics,
    )
