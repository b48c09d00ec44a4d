# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a citizen says now instead of an earlier message: edits and deletions, in whatever order they arrive.

An edited message shows its latest text; what it said before is in its versions. A deleted one says nothing any more and has
no file; all that it had said is in its versions. Where the message itself has not come yet, a row that is ``awaited`` stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from arengo.audience.events import CitizenWrote
from arengo.core import outside
from arengo.core.events import Batch
from arengo.core.vault import vault
from arengo.desk.blocks import standing
from arengo.desk.incoming_files import expect_files
from arengo.desk.models import Attachment, Conversation, Message, Version
from arengo.platforms.contract import MessageReceived, Nature, contents

MOST_VERSIONS = 20  # of a message; later ones are not kept, and the thread says so


def is_revision(said: MessageReceived) -> bool:
    """It changes another message, and tells which and how."""
    if said.nature is Nature.EDIT:
        return bool(said.about) and said.kind != "unsupported"
    return said.nature is Nature.DELETION and bool(said.about)


def is_line(said: MessageReceived) -> bool:
    """It is a line of the thread: a message, or an edit of which we are not told what it changed."""
    return said.nature.stands_alone or (said.nature is Nature.EDIT and not is_revision(said))


def of_unknown(sender_id: int, events: Iterable[CitizenWrote]) -> list[CitizenWrote]:
    """The first edit or deletion of each message that is not here."""
    events = list(events)
    found = _by_hash(sender_id, events)
    unknown: dict[bytes, CitizenWrote] = {}
    for event in sorted(events, key=lambda event: event.message.sent_at):
        about = vault().message_hash(event.message.about)
        if about not in found:
            unknown.setdefault(about, event)
    return list(unknown.values())


def revise(sender_id: int, events: Iterable[CitizenWrote], awaited: Sequence[Message]) -> set[int]:
    """Applies them in the order in which they were said. Returns the conversations that changed.

    ``awaited``: rows, not stored yet, for messages that are known by these events alone. Nobody changes what another
    person said. Locks the conversations of the messages, by id, then the files of each deleted message.
    """
    for row in awaited:
        row.awaited, row.text, row.content, row.kind = True, "", "", Message.Kind.TEXT
    Message.objects.bulk_create(awaited)
    events = sorted(events, key=lambda event: event.message.sent_at)
    messages = _by_hash(sender_id, events)
    conversations = _locked(message.conversation_id for message in messages.values())
    touched = set()
    for event in events:
        said = messages.get(vault().message_hash(event.message.about))
        if said is None or said.erased_at or said.deleted_at:
            continue
        conversation = conversations[said.conversation_id]
        if conversation.identity_id != event.identity_id or not said.incoming:
            continue
        if event.message.nature is Nature.DELETION:
            _delete(said, event.message.sent_at)
            _settle(conversation)
        elif _edit(said, event):
            _ask_again(conversation, said, event)
        touched.add(conversation.pk)
    return touched


def complete(batch: Batch[CitizenWrote], found: Sequence[tuple[CitizenWrote, Message]]) -> list[CitizenWrote]:
    """The messages themselves have come, after their edits or deletions: ``found`` has the awaited row of each.

    Returns those for which another person's edit or deletion stood, who named what was not theirs. What that person said is
    a line of its own from now on and stands for no other message; the message itself is as new as others.
    Locks the conversations of the awaited rows, by id.
    """
    if not found:
        return []
    conversations = _locked(message.conversation_id for _event, message in found)
    others = []
    for event, message in found:
        said, conversation = event.message, conversations[message.conversation_id]
        if conversation.identity_id != event.identity_id:
            message.awaited, message.platform_message_id = False, ""
            message.save(update_fields=["awaited", "platform_message_hash", "platform_message_sealed"])
            others.append(event)
            continue
        if said.nature is not Nature.WORDS:
            continue
        message.awaited, message.sent_at = False, said.sent_at
        message.time_of_receipt = said.time_of_receipt
        message.kind = said.kind if said.kind in Message.Kind.values else Message.Kind.UNSUPPORTED
        message.forwarded = said.forwarded
        fields = ["awaited", "sent_at", "time_of_receipt", "kind", "forwarded"]
        _keep_version(message, outside.text(said.text), said.sent_at)
        if message.deleted_at is None:
            message.content = contents.encode(said.content)
            fields.append("content")
            expect_files(batch, [event], [message])
        message.save(update_fields=fields)
        wrote = max(filter(None, (conversation.citizen_wrote_at, min(said.sent_at, message.received_at))))
        if wrote != conversation.citizen_wrote_at:
            conversation.citizen_wrote_at = wrote
            conversation.save(update_fields=["citizen_wrote_at"])
    return others


def _locked(conversations: Iterable[int]) -> dict[int, Conversation]:
    """By id, in whose order they are locked."""
    found = Conversation.objects.select_for_update(no_key=True).filter(pk__among=set(conversations))
    return {conversation.pk: conversation for conversation in found.order_by("pk")}


def _by_hash(sender_id: int, events: Iterable[CitizenWrote]) -> dict[bytes, Message]:
    hashes = {vault().message_hash(event.message.about) for event in events}
    found = Message.objects.filter(sender_id=sender_id, platform_message_hash__among=hashes)
    return {bytes(message.platform_message_hash): message for message in found}


def _edit(message: Message, event: CitizenWrote) -> bool:
    """Whether the message says something else now. An edit that is older than the latest is only a version."""
    text, at = outside.text(event.message.text), event.message.sent_at
    if message.edited_at is not None and at <= message.edited_at:
        if at < message.edited_at:
            _keep_version(message, text, at)
        return False
    if not (message.awaited and message.edited_at is None):
        _keep_version(message, message.text, message.edited_at or message.sent_at)
    changed = text != message.text
    message.text, message.edited_at, message.command = text, at, event.command
    message.save(update_fields=["text", "edited_at", "command"])
    return changed


def _keep_version(message: Message, text: str, at: datetime) -> None:
    if message.versions.count() >= MOST_VERSIONS:
        return
    Version.objects.get_or_create(organization_id=message.organization_id, message=message, text=text, at=at)


def _ask_again(conversation: Conversation, message: Message, event: CitizenWrote) -> None:
    """What they say now waits for an answer, also where the conversation was closed; a command waits for none."""
    if event.command:
        _settle(conversation)
        return
    if not event.message.wants_answer or standing.blocked_among([conversation.contact_id]):
        return
    if not conversation.is_open:
        if Conversation.objects.filter(
            identity_id=conversation.identity_id,
            sender_id=conversation.sender_id,
            state=Conversation.State.OPEN,
        ).exists():
            return  # the open one is looked after, and shows that there is another
        conversation.state, conversation.closed_at = Conversation.State.OPEN, None
    conversation.unread = max(1, conversation.unread)
    conversation.incoming_count += 1
    conversation.waiting_since = conversation.waiting_since or message.edited_at
    conversation.last_message = conversation.last_message or message
    conversation.save(
        update_fields=["state", "closed_at", "unread", "incoming_count", "waiting_since", "last_message"]
    )


def _settle(conversation: Conversation) -> None:
    """Nobody waits any more once everything that waited was taken back, or has become a command."""
    if conversation.waiting_since is None:
        return
    waits = conversation.messages.filter(
        direction=Message.Direction.IN,
        command="",
        copy=False,
        deleted_at__isnull=True,
        sent_at__gte=conversation.waiting_since,
    ).exclude(kind=Message.Kind.SYSTEM)
    edited = conversation.messages.filter(
        direction=Message.Direction.IN, command="", deleted_at__isnull=True
    ).filter(edited_at__gte=conversation.waiting_since)
    if waits.exists() or edited.exists():
        return
    conversation.waiting_since, conversation.unread = None, 0
    conversation.save(update_fields=["waiting_since", "unread"])


def _delete(message: Message, at: datetime) -> None:
    """Its words become its last version; place, content and files go, as they do on the phones; the reactions too."""
    if message.text:
        _keep_version(message, message.text, message.edited_at or message.sent_at)
    attachments = list(Attachment.objects.select_for_update(no_key=True).filter(message=message))
    Attachment.objects.filter(pk__in=[attachment.pk for attachment in attachments]).delete()
    transaction.on_commit(
        lambda: [attachment.discard() for attachment in attachments]
    )  # files know no rollback
    message.text, message.content, message.deleted_at = "", "", at
    message.latitude = message.longitude = None
    message.citizen_reaction = message.our_reaction = ""
    message.save(
        update_fields=[
            "text",
            "content",
            "deleted_at",
            "latitude",
            "longitude",
            "citizen_reaction",
            "our_reaction",
        ]
    )
