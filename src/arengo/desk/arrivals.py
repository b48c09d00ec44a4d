# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What citizens write, set down where operators see it. Called in the reader's transaction, inside the scope.

A batch costs about ten queries, however many messages it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from procrastinate.types import JSONValue

from arengo.audience.events import CitizenWrote, ReplyWanted
from arengo.audience.models import Identity
from arengo.core import outside
from arengo.core.events import Batch
from arengo.core.live import announce
from arengo.core.vault import vault
from arengo.delivery import outbox
from arengo.delivery.models import Delivery, Sender
from arengo.desk import transfers
from arengo.desk.jobs import fetch_media
from arengo.desk.models import Attachment, Conversation, Message
from arengo.platforms.contract import MessageReceived, Text
from arengo.platforms.registry import platform

_KINDS = frozenset(Message.Kind.values)
_LONGEST_NAME = 240


def citizen_wrote(batch: Batch[CitizenWrote]) -> None:
    """Messages into conversations, reactions onto the messages they are about; the same message only once."""
    events = _unseen(batch)
    written = [event for event in events if event.message.kind != "reaction"]
    places = _conversations(batch, written)
    messages = [_message(batch, event, places.of[event.identity_id]) for event in written]
    Message.objects.bulk_create(messages)
    _expect_media(batch, written, messages)
    referred = _referred(batch.sender_id, events)
    _quote(written, messages, referred)
    touched = _react(events, referred)
    _move_on(written, messages, places)
    touched |= {message.conversation_id for message in messages}
    if touched:
        announce(batch.organization_id, "inbox", *(f"conversation:{pk}" for pk in sorted(touched)))


def _unseen(batch: Batch[CitizenWrote]) -> list[CitizenWrote]:
    events: dict[bytes, CitizenWrote] = {}
    for event in batch.events:
        events.setdefault(vault().message_hash(event.message.message_id), event)
    seen = _arrived(batch.sender_id, events)
    return [event for hashed, event in events.items() if hashed not in seen]


def _arrived(sender_id: int, hashes: Iterable[bytes]) -> dict[bytes, Message]:
    """What citizens wrote, by the hash of the platform's message id."""
    found = Message.objects.filter(sender_id=sender_id, platform_message_hash__in=list(hashes))
    return {bytes(message.platform_message_hash): message for message in found}


@dataclass
class _Places:
    """The conversation of each identity of a batch; ``all`` are locked until the transaction ends."""

    of: dict[int, Conversation] = field(default_factory=dict)


def _conversations(batch: Batch[CitizenWrote], events: Sequence[CitizenWrote]) -> _Places:
    """The open conversation of each identity; a new one where a person must answer.

    A command alone opens nothing: it goes to the citizen's latest conversation or to a new one that is closed from
    the start, so that thousands who join the list do not stand in the operators' way.
    """
    places = _Places()
    identities = {event.identity_id: event.contact_id for event in events}
    if not identities:
        return places
    for_people = {event.identity_id for event in events if not event.command}
    places.of = _open_ones(batch.sender_id, identities)
    missing = [pk for pk in identities if pk not in places.of]
    opened = [pk for pk in missing if pk in for_people]
    if opened:
        Conversation.objects.bulk_create(
            [_new(batch, identities[pk], pk, Conversation.State.OPEN) for pk in opened],
            ignore_conflicts=True,  # another reader may open it at this very moment
        )
        places.of |= _open_ones(batch.sender_id, opened)
    commanded = [pk for pk in missing if pk not in for_people]
    if commanded:
        latest = (
            Conversation.objects.filter(sender_id=batch.sender_id, identity_id__in=commanded)
            .order_by("identity_id", "-id")
            .distinct("identity_id")
        )
        places.of |= {conversation.identity_id: conversation for conversation in latest}
        created = Conversation.objects.bulk_create(
            [
                _new(batch, identities[pk], pk, Conversation.State.CLOSED)
                for pk in commanded
                if pk not in places.of
            ]
        )
        places.of |= {conversation.identity_id: conversation for conversation in created}
    return places


def _open_ones(sender_id: int, identities: Iterable[int]) -> dict[int, Conversation]:
    found = (
        Conversation.objects.select_for_update()
        .filter(sender_id=sender_id, identity_id__in=list(identities), state=Conversation.State.OPEN)
        .order_by("id")
    )
    return {conversation.identity_id: conversation for conversation in found}


def _new(
    batch: Batch[CitizenWrote], contact_id: int, identity_id: int, state: Conversation.State
) -> Conversation:
    return Conversation(
        organization_id=batch.organization_id,
        sender_id=batch.sender_id,
        contact_id=contact_id,
        identity_id=identity_id,
        state=state,
        closed_at=timezone.now() if state == Conversation.State.CLOSED else None,
    )


def _message(batch: Batch[CitizenWrote], event: CitizenWrote, conversation: Conversation) -> Message:
    said = event.message
    message = Message(
        organization_id=batch.organization_id,
        sender_id=batch.sender_id,
        conversation=conversation,
        direction=Message.Direction.IN,
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
    message.platform_message_id = said.message_id
    return message


def _expect_media(
    batch: Batch[CitizenWrote], events: Sequence[CitizenWrote], messages: Sequence[Message]
) -> None:
    with_files = [
        (event.message, message)
        for event, message in zip(events, messages, strict=True)
        if event.message.media is not None or event.message.error
    ]
    if not with_files:
        return
    receiving = platform(Sender.objects.only("platform").get(pk=batch.sender_id).platform).receiving
    attachments = []
    for said, message in with_files:
        attachment = Attachment(organization_id=batch.organization_id, message=message)
        if said.media is not None:
            attachment.platform_media_id = said.media.media_id
            attachment.mime_type = said.media.mime_type[:100]
            attachment.filename = outside.text(said.media.filename).rpartition("/")[2][-_LONGEST_NAME:]
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


def _referred(sender_id: int, events: Sequence[CitizenWrote]) -> dict[str, Message]:
    """The messages that others quote or react to, by the platform's id: the citizen's own and ours.

    One question a table: joined by OR, neither index would answer.
    """
    ids = {event.message.reply_to for event in events} | {event.message.reaction_to for event in events}
    wanted = {vault().message_hash(message_id): message_id for message_id in ids if message_id}
    if not wanted:
        return {}
    found = _arrived(sender_id, wanted)
    ours = {
        pk: bytes(hashed)
        for pk, hashed in Delivery.objects.filter(
            sender_id=sender_id, fanout__isnull=True, message_hash__in=list(wanted)
        ).values_list("pk", "message_hash")
    }
    if ours:
        sent = Message.objects.filter(sender_id=sender_id, delivery_id__in=list(ours))
        found |= {ours[message.delivery_id]: message for message in sent if message.delivery_id}
    return {wanted[hashed]: message for hashed, message in found.items()}


def _quote(events: Sequence[CitizenWrote], messages: Sequence[Message], referred: dict[str, Message]) -> None:
    quoting = []
    for event, message in zip(events, messages, strict=True):
        quoted = referred.get(event.message.reply_to)
        if quoted is not None:
            message.reply_to = quoted
            quoting.append(message)
    if quoting:
        Message.objects.bulk_update(quoting, ["reply_to"])


def _react(events: Sequence[CitizenWrote], referred: dict[str, Message]) -> set[int]:
    """Sets the citizen's reaction (an empty emoji takes it back). Returns the conversations whose screen changed."""
    changed: dict[int, Message] = {}
    for event in events:
        said: MessageReceived = event.message
        about = referred.get(said.reaction_to) if said.kind == "reaction" else None
        if about is not None:
            about.citizen_reaction = said.text[:40]
            changed[about.pk] = about
    if changed:
        Message.objects.bulk_update(changed.values(), ["citizen_reaction"])
    return {message.conversation_id for message in changed.values()}


def _move_on(events: Sequence[CitizenWrote], messages: Sequence[Message], places: _Places) -> None:
    """Each conversation's latest message, its unread count, and that somebody waits for us."""
    for event, message in zip(events, messages, strict=True):
        conversation = places.of[event.identity_id]
        conversation.last_message = message
        conversation.last_message_at = message.received_at
        conversation.citizen_wrote_at = max(
            filter(None, (conversation.citizen_wrote_at, min(message.sent_at, message.received_at)))
        )
        if not event.command:
            conversation.unread += 1
            conversation.waiting_since = conversation.waiting_since or message.sent_at
    if messages:
        Conversation.objects.bulk_update(
            list(places.of.values()),
            ["last_message", "last_message_at", "citizen_wrote_at", "unread", "waiting_since"],
        )


def reply_wanted(batch: Batch[ReplyWanted]) -> None:
    """The organization's own words in answer to a command: sent, and shown where the command is.

    They are no person's answer: whoever waits for one goes on waiting.
    """
    found = Message.objects.filter(
        sender_id=batch.sender_id,
        platform_message_hash__in=[vault().message_hash(event.about) for event in batch.events],
    ).select_related("conversation")
    commands = {bytes(message.platform_message_hash): message for message in found}
    answered = set(
        Message.objects.filter(
            conversation__in=[message.conversation_id for message in commands.values()],
            key__in=[_answer_key(message) for message in commands.values()],
        ).values_list("key", flat=True)
    )
    identities = Identity.objects.in_bulk([event.identity_id for event in batch.events])
    sender = Sender.objects.get(pk=batch.sender_id)
    for event in batch.events:
        command = commands.get(vault().message_hash(event.about))
        identity = identities.get(event.identity_id)
        if command is None or identity is None or _answer_key(command) in answered:
            continue
        answered.add(_answer_key(command))
        _answer(command, identity, sender, event.text)


def _answer_key(command: Message) -> str:
    return f"command:{command.pk}"


def _answer(command: Message, identity: Identity, sender: Sender, text: str) -> None:
    conversation = command.conversation
    answer = Message(
        organization_id=conversation.organization_id,
        conversation=conversation,
        sender=sender,
        direction=Message.Direction.OUT,
        text=text,
        automatic=True,
        key=_answer_key(command),
    )
    try:
        answer.delivery = outbox.enqueue(sender, identity.address, Text(text), topic=conversation.topic)
    except outbox.UnfitMessage as refused:  # the reader must go on; the reason is on screen
        answer.failure = " ".join(refused.problems)
    answer.save()
    Conversation.objects.filter(pk=conversation.pk).update(
        last_message=answer, last_message_at=answer.received_at
    )
    announce(conversation.organization_id, "inbox", conversation.topic)
