# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What citizens write, set down where operators see it. Called in the reader's transaction, inside the scope.

A batch costs about ten queries, however many messages it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone
from procrastinate.types import JSONValue

from arengo.audience.events import CitizenWrote
from arengo.core import bulk, outside
from arengo.core.clean_text import file_name
from arengo.core.events import Batch
from arengo.core.live import announce
from arengo.core.vault import vault
from arengo.delivery.models import Sender
from arengo.desk import edits, references, routing, transfers
from arengo.desk.desks import desk_for
from arengo.desk.jobs import fetch_media
from arengo.desk.latest import settle_latest
from arengo.desk.models import Attachment, Conversation, Message
from arengo.platforms.contract import HandsOutFiles, Nature
from arengo.platforms.receiving import receiving_of
from arengo.platforms.registry import platform

_MOVING = ("citizen_wrote_at", "unread", "incoming_count", "waiting_since")
_KINDS = frozenset(Message.Kind.values)
_LONGEST_NAME = 240
_LONGEST_MEDIA_ID = 300  # Meta's have 16; of one that is longer the platform holds nothing


def citizen_wrote(batch: Batch[CitizenWrote]) -> None:
    """Messages into conversations, reactions onto the messages they are about; the same message only once."""
    events = _unseen(batch)
    written = [event for event in events if edits.is_line(event.message)]
    places = _conversations(batch, written)
    written = [event for event in written if event.identity_id in places.of]
    messages = [_message(batch, event, places.of[event.identity_id]) for event in written]
    _create(places, written, messages)
    bulk.insert(messages)
    _expect_media(batch, written, messages)
    _move_on(written, messages, places)
    reactions = [event for event in events if event.message.nature is Nature.REACTION]
    touched = references.arrived(batch, written, messages, reactions)
    touched |= routing.note(written, places.of)
    touched |= _revise(batch, events)
    touched |= {message.conversation_id for message in messages}
    for event, message in zip(written, messages, strict=True):
        if message.conversation_id in places.created and not places.of[event.identity_id].held_by_other:
            event.shown.message_id, event.shown.conversation_id = message.pk, message.conversation_id
    if touched:
        # Of one that nobody else can see yet there is no screen.
        topics = (f"conversation:{pk}" for pk in sorted(touched - places.created))
        announce(batch.organization_id, "inbox", *topics)


def _revise(batch: Batch[CitizenWrote], events: Sequence[CitizenWrote]) -> set[int]:
    """Edits and deletions. Of a message that has not come yet, they stand for it until it does."""
    revising = [event for event in events if edits.is_revision(event.message)]
    if not revising:
        return set()
    unknown = edits.of_unknown(batch.sender_id, revising)
    places = _conversations(batch, [replace(event, fresh=False) for event in unknown])
    awaited = [
        _message(batch, event, places.of[event.identity_id])
        for event in unknown
        if event.identity_id in places.of
    ]
    bulk.insert([each for each in places.of.values() if each.pk in places.created])
    return edits.revise(batch.sender_id, revising, awaited)


def _unseen(batch: Batch[CitizenWrote]) -> list[CitizenWrote]:
    """What is not known yet. A message that was known by its edit alone, and comes now, is completed on the way."""
    events: dict[bytes, CitizenWrote] = {}
    for event in batch.events:
        events.setdefault(vault().message_hash(event.message.message_id), event)
    seen = _arrived(batch.sender_id, events)
    late = [(events[hashed], message) for hashed, message in seen.items() if message.awaited]
    others = edits.let_go(late)
    edits.complete([each for each in late if each[0] not in others], _expect_media, batch)
    return [event for hashed, event in events.items() if hashed not in seen or event in others]


def _arrived(sender_id: int, hashes: Iterable[bytes]) -> dict[bytes, Message]:
    """What citizens wrote, by the hash of the platform's message id."""
    found = Message.objects.filter(sender_id=sender_id, platform_message_hash__among=hashes)
    return {bytes(message.platform_message_hash): message for message in found}


@dataclass
class _Places:
    """The conversation of each identity of a batch; ``created``: those of the batch's own, nobody else sees them yet.

    They have ids, and are stored by :func:`_create`.
    """

    of: dict[int, Conversation] = field(default_factory=dict)
    created: set[int] = field(default_factory=set)  # ids


def _conversations(batch: Batch[CitizenWrote], events: Sequence[CitizenWrote]) -> _Places:
    """The open conversation of each identity; a new one where a person must answer.

    A command alone opens nothing: it goes to the citizen's latest conversation or to a new one that is closed from
    the start, so that thousands who join the list do not stand in the operators' way. What nobody said to us (notices,
    others' words, deletions) goes to a conversation that there is, or nowhere.
    """
    places = _Places()
    identities = {event.identity_id: event.contact_id for event in events}
    if not identities:
        return places
    for_people = {event.identity_id for event in events if event.message.nature.is_said and not event.command}
    commanding = {event.identity_id for event in events if event.command}
    known = {event.identity_id for event in events if not event.fresh}
    places.of = _open_ones(batch.sender_id, known)
    missing = [pk for pk in identities if pk not in places.of]
    opened = [pk for pk in missing if pk in for_people]
    created_for = {pk for pk in missing if pk in for_people or pk in commanding}
    desk_id = desk_for(batch.organization_id, batch.sender_id) if created_for else 0
    if opened:
        bulk.insert(
            [_new(batch, identities[pk], pk, Conversation.State.OPEN, desk_id) for pk in opened],
            ignore_conflicts=True,  # another reader may open it at this very moment
        )
        places.of |= _open_ones(batch.sender_id, opened)
    commanded = [pk for pk in missing if pk not in for_people]
    if commanded:
        if asked := [pk for pk in commanded if pk in known]:
            latest = (
                Conversation.objects.filter(sender_id=batch.sender_id, identity__among=asked)
                .order_by("identity_id", "-id")
                .distinct("identity_id")
            )
            places.of |= {conversation.identity_id: conversation for conversation in latest}
        created = {
            pk: _new(batch, identities[pk], pk, Conversation.State.CLOSED, desk_id)
            for pk in commanded
            if pk not in places.of and pk in commanding
        }
        for conversation, pk in zip(created.values(), bulk.draw_ids(Conversation, len(created)), strict=True):
            conversation.pk = pk
        places.of |= created
        places.created = {conversation.pk for conversation in created.values()}
    return places


def _create(places: _Places, written: Sequence[CitizenWrote], messages: Sequence[Message]) -> None:
    """Stores the conversations that are the batch's own, each with the last of its messages, which get their ids here."""
    if not places.created:
        return
    for message, pk in zip(messages, bulk.draw_ids(Message, len(messages)), strict=True):
        message.pk = pk
    for event, message in zip(written, messages, strict=True):
        conversation = places.of[event.identity_id]
        if conversation.pk not in places.created:
            continue
        _move(conversation, event, message)
        if conversation.last_message_id is None or (
            conversation.last_message_at,
            conversation.last_message_id,
        ) < (message.sent_at, message.pk):
            conversation.last_message_id, conversation.last_message_at = message.pk, message.sent_at
    bulk.insert([each for each in places.of.values() if each.pk in places.created])


def _open_ones(sender_id: int, identities: Collection[int]) -> dict[int, Conversation]:
    if not identities:
        return {}
    found = (
        Conversation.objects.select_for_update(no_key=True)
        .filter(sender_id=sender_id, identity__among=identities, state=Conversation.State.OPEN)
        .order_by("id")
    )
    return {conversation.identity_id: conversation for conversation in found}


def _new(
    batch: Batch[CitizenWrote], contact_id: int, identity_id: int, state: Conversation.State, desk_id: int
) -> Conversation:
    now = timezone.now()
    return bulk.new(
        Conversation,
        opened_at=now,
        last_message_at=now,
        organization_id=batch.organization_id,
        sender_id=batch.sender_id,
        contact_id=contact_id,
        identity_id=identity_id,
        desk_id=desk_id,
        state=state,
        closed_at=now if state == Conversation.State.CLOSED else None,
    )


def _message(batch: Batch[CitizenWrote], event: CitizenWrote, conversation: Conversation) -> Message:
    said = event.message
    now = timezone.now()
    message = bulk.new(
        Message,
        received_at=now,
        organization_id=batch.organization_id,
        sender_id=batch.sender_id,
        conversation_id=conversation.pk,
        direction=Message.Direction.OUT if said.nature is Nature.ECHO else Message.Direction.IN,
        copy=said.copy,
        kind=said.kind if said.kind in _KINDS else Message.Kind.UNSUPPORTED,
        text=outside.text(said.text),
        sent_at=said.sent_at,
        time_of_receipt=said.time_of_receipt,
        command=event.command,
        forwarded=said.forwarded,
        latitude=said.latitude,
        longitude=said.longitude,
        error=said.error,
    )
    message.platform_message_id = said.about if edits.is_revision(said) else said.message_id
    if said.unnamed and not edits.is_revision(
        said
    ):  # there is nothing to quote, to react to or to mark as read
        message.platform_message_sealed = None
    return message


def _expect_media(
    batch: Batch[CitizenWrote], events: Sequence[CitizenWrote], messages: Sequence[Message]
) -> None:
    with_files = [
        (event.message, message)
        for event, message in zip(events, messages, strict=True)
        if (event.message.media is not None or event.message.error)
        and event.message.nature is not Nature.ECHO  # not sent to us
    ]
    if not with_files:
        return
    speaks = platform(batch.platform or Sender.objects.only("platform").get(pk=batch.sender_id).platform)
    receiving = receiving_of(speaks)
    fetches = isinstance(speaks, HandsOutFiles)
    attachments = []
    for said, message in with_files:
        attachment = Attachment(organization_id=batch.organization_id, message=message)
        if said.media is not None and fetches:
            attachment.platform_media_id = said.media.media_id[:_LONGEST_MEDIA_ID]
            attachment.mime_type = said.media.mime_type[:100]
            attachment.filename = file_name(outside.text(said.media.filename), most=_LONGEST_NAME)
            kept_until = min(message.sent_at, message.received_at) + receiving.kept
            transfers.expect(attachment, kept_until=kept_until)
        elif receiving.lost(said.error) is not None:  # the platform never had it for us
            attachment.state = Attachment.State.TOO_LARGE
            attachment.code = said.error
        else:
            continue
        attachments.append(attachment)
    Attachment.objects.bulk_create(attachments)
    jobs: list[dict[str, JSONValue]] = [
        {"organization_id": batch.organization_id, "attachment_id": attachment.pk}
        for attachment in attachments
        if attachment.state == Attachment.State.PENDING
    ]
    if jobs:
        fetch_media.batch_defer(*jobs)


def _move_on(events: Sequence[CitizenWrote], messages: Sequence[Message], places: _Places) -> None:
    """Each stored conversation's unread count, since when somebody waits for us, and its latest message."""
    moved: dict[int, Conversation] = {}
    for event, message in zip(events, messages, strict=True):
        conversation = places.of[event.identity_id]
        if conversation.pk not in places.created:
            _move(conversation, event, message)
            moved[conversation.pk] = conversation
    bulk.update(moved.values(), _MOVING)
    settle_latest(moved.keys())


def _move(conversation: Conversation, event: CitizenWrote, message: Message) -> None:
    if event.message.nature.opens_window:
        conversation.citizen_wrote_at = max(
            filter(None, (conversation.citizen_wrote_at, min(message.sent_at, message.received_at)))
        )
    if event.message.wants_answer and not event.command:
        conversation.unread += 1
        conversation.incoming_count += 1
        conversation.waiting_since = min(filter(None, (conversation.waiting_since, message.sent_at)))
