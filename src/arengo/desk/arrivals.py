# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What citizens write, set down where operators see it."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone

from arengo.audience.events import CitizenWrote
from arengo.core import bulk, outside
from arengo.core.events import Batch
from arengo.core.live import announce
from arengo.core.vault import vault
from arengo.desk import edits, references, routing
from arengo.desk.incoming_files import expect_files
from arengo.desk.models import Conversation, Message
from arengo.desk.placing import place
from arengo.platforms.contract import Nature

_KINDS = frozenset(Message.Kind.values)


def citizen_wrote(batch: Batch[CitizenWrote]) -> None:
    """Messages into conversations, edits and reactions onto the messages they are about; the same message only once.

    Called in the reader's transaction, inside the organization's scope; a batch costs as many queries however many messages
    it holds, but for edits, deletions and messages that come after them.

    Locks FOR NO KEY UPDATE, until the reader commits: the conversations of messages that were known by their edit alone, those
    that the batch writes into (:func:`place`), those with messages that it edits or deletes; each of the three by id. The
    audience holds the persons whose last word this is. One reader may still meet another in a circle, since the three are not
    one order: PostgreSQL undoes one batch, and the reader applies it again.

    Announces the inbox and each conversation that changed, but those that are new and closed: nobody has them on screen.
    """
    first: dict[bytes, CitizenWrote] = {}
    for event in batch.events:
        first.setdefault(vault().message_hash(event.message.message_id), event)
    found = Message.objects.filter(sender_id=batch.sender_id, platform_message_hash__among=first)
    known = {bytes(message.platform_message_hash): message for message in found}
    others = edits.complete(batch, [(first[hashed], each) for hashed, each in known.items() if each.awaited])
    events = [event for hashed, event in first.items() if hashed not in known or event in others]

    written = [event for event in events if edits.is_line(event.message)]
    places = place(batch, written)
    written = [event for event in written if event.identity_id in places.of]
    messages = [_message(batch, event, places.of[event.identity_id]) for event in written]
    for event, message in zip(written, messages, strict=True):
        places.note(event, message)
    places.store_created(messages)
    bulk.insert(messages)
    expect_files(batch, written, messages)
    places.store_moved(messages)

    reactions = [event for event in events if event.message.nature is Nature.REACTION]
    touched = {message.conversation_id for message in messages}
    touched |= references.arrived(batch, written, messages, reactions)
    touched |= routing.note(written, places.of)
    for event, message in zip(written, messages, strict=True):
        if message.conversation_id in places.created and not places.of[event.identity_id].held_by_other:
            event.shown.message_id, event.shown.conversation_id = message.pk, message.conversation_id
    if revising := [event for event in events if edits.is_revision(event.message)]:
        unknown = edits.of_unknown(batch.sender_id, revising)
        where = place(batch, [replace(event, fresh=False) for event in unknown])
        unknown = [event for event in unknown if event.identity_id in where.of]
        where.store_created()
        awaited = [_message(batch, event, where.of[event.identity_id]) for event in unknown]
        touched |= edits.revise(batch.sender_id, revising, awaited)
    if touched:
        topics = (f"conversation:{pk}" for pk in sorted(touched - places.created))
        announce(batch.organization_id, "inbox", *topics)


def _message(batch: Batch[CitizenWrote], event: CitizenWrote, conversation: Conversation) -> Message:
    """Not stored. An edit or a deletion gives the message that it stands for."""
    said = event.message
    revision = edits.is_revision(said)
    message = bulk.new(
        Message,
        received_at=timezone.now(),
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
    message.platform_message_id = said.about if revision else said.message_id
    if said.unnamed and not revision:  # there is nothing to quote, to react to or to mark as read
        message.platform_message_sealed = None
    return message
