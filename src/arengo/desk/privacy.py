# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of conversations when the audience erases, exports or merges citizens. In the audience's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import PurePath
from typing import BinaryIO, cast

import msgspec
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from arengo.audience.events import IdentitiesMerged
from arengo.core.clean_text import file_name
from arengo.core.console.personal_data import Chapter, HeldFile, Line
from arengo.core.events import Batch
from arengo.core.live import announce
from arengo.delivery.queue.cancellation import forget_topics
from arengo.delivery.sending import announced
from arengo.desk import following
from arengo.desk.latest import settle_latest
from arengo.desk.models import Attachment, Conversation, Message, Reaction, Version
from arengo.platforms.contract import contents


def erase(contact_id: int) -> None:
    """Words, files and reactions go, ours to them too; that something was said, when and by which operator, stays."""
    conversations = Conversation.objects.filter(contact_id=contact_id)
    messages = Message.objects.filter(conversation__contact_id=contact_id)
    # What still waits is not sent; what was sent keeps its state, without address and words.
    forget_topics([f"conversation:{pk}" for pk in conversations.values_list("pk", flat=True)])
    # Locked: a file that is just being brought over is known here with its place on the disk, or finds its row gone.
    attachments = list(
        Attachment.objects.filter(message__conversation__contact_id=contact_id)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    Attachment.objects.filter(pk__in=[attachment.pk for attachment in attachments]).delete()
    transaction.on_commit(lambda: [each.discard() for each in attachments])  # files know no rollback
    messages.update(
        text="",
        content="",
        failure="",
        latitude=None,
        longitude=None,
        platform_message_hash=None,
        platform_message_sealed=None,
        quoted_hash=None,
        quoted_fanout=None,
        citizen_reaction="",
        citizen_reacted_at=None,
        our_reaction="",
        erased_at=timezone.now(),
    )
    Reaction.objects.filter(contact_id=contact_id).delete()
    Version.objects.filter(message__conversation__contact_id=contact_id).delete()
    shown = list(conversations)
    conversations.update(
        state=Conversation.State.CLOSED, waiting_since=None, unread=0, identity=None, citizen_wrote_at=None
    )
    if shown:
        announce(shown[0].organization_id, "inbox", *(conversation.topic for conversation in shown))


def export(contact_id: int) -> dict[str, object]:
    """Everything the citizen and we said to each other, for their export. Files are named, and given on request."""
    messages = (
        Message.objects.filter(conversation__contact_id=contact_id)
        .select_related("attachment")
        .prefetch_related("versions")
        .order_by("sent_at", "pk")
    )
    reactions = Reaction.objects.filter(contact_id=contact_id, fanout__isnull=False).exclude(emoji="")
    said = announced.of({reaction.fanout_id for reaction in reactions})
    return {
        "conversations": [_exported(message) for message in messages],
        "reactions_to_updates": [
            {
                "at": reaction.sent_at.isoformat(),
                "reaction": reaction.emoji,
                "update": said[reaction.fanout_id].title if reaction.fanout_id in said else None,
            }
            for reaction in reactions.order_by("sent_at", "pk")
        ],
    }


def _exported(message: Message) -> dict[str, object]:
    attachment = getattr(message, "attachment", None)
    ours = "another responder on our number" if message.copy else "organization"
    return {
        "conversation": message.conversation_id,
        "at": message.sent_at.isoformat(),
        "from": "citizen" if message.incoming else ours,
        "kind": message.kind,
        "text": message.text,
        "content": msgspec.to_builtins(contents.decode(message.content)),
        "location": [message.latitude, message.longitude] if message.latitude is not None else None,
        "file": {"name": attachment.filename, "type": attachment.mime_type, "bytes": attachment.size}
        if attachment
        else None,
        "reaction": message.citizen_reaction or None,
        "said_before": [
            {"at": version.at.isoformat(), "text": version.text} for version in message.versions.all()
        ],
        "edited_at": message.edited_at.isoformat() if message.edited_at else None,
        "deleted_at": message.deleted_at.isoformat() if message.deleted_at else None,
    }


_AT_ONCE = 500  # rows of one query, where all are gone through


def amounts(contact_id: int) -> Sequence[str]:
    messages = Message.objects.filter(conversation__contact_id=contact_id, erased_at=None).count()
    held = Attachment.objects.filter(message__conversation__contact_id=contact_id).exclude(file="").count()
    found = (
        (messages, ngettext("%(count)d messaggio", "%(count)d messaggi", messages)),
        (held, ngettext("%(count)d allegato", "%(count)d allegati", held)),
    )
    return [words % {"count": count} for count, words in found if count]


def readable(contact_id: int) -> Iterator[Chapter]:
    yield Chapter(_("Messaggi"), _said(contact_id))


def _said(contact_id: int) -> Iterator[Line]:
    messages = (
        Message.objects.filter(conversation__contact_id=contact_id)
        .select_related("attachment")
        .order_by("sent_at", "pk")
    )
    for message in messages.iterator(chunk_size=_AT_ONCE):
        attachment = getattr(message, "attachment", None)
        file = f"[{_name_of(attachment)}]" if attachment is not None and attachment.file else ""
        words = " ".join(filter(None, (message.text, file)))
        yield Line(_("Tu") if message.incoming else _("Sportello"), words, message.sent_at)


def files(contact_id: int) -> Iterator[HeldFile]:
    """What the citizen sent, and what was sent to them; what the antivirus has not looked at stays out."""
    found = (
        Attachment.objects.filter(message__conversation__contact_id=contact_id)
        .exclude(file="")
        .select_related("message")
        .order_by("pk")
    )
    for attachment in found.iterator(chunk_size=_AT_ONCE):
        if attachment.may_be_opened:
            yield HeldFile(_name_of(attachment), attachment.size, partial(_open, attachment))


def _open(attachment: Attachment) -> BinaryIO:
    return cast(BinaryIO, attachment.file.open("rb"))


def _name_of(attachment: Attachment) -> str:
    """The number in front keeps two of one name apart."""
    kind = attachment.mime_type.partition(";")[0].strip().rpartition("/")[2]
    given = file_name(attachment.filename) or f"{_('allegato')}.{kind if kind.isalnum() else 'bin'}"
    return PurePath(f"{attachment.pk}-{given}").name


def identities_merged(batch: Batch[IdentitiesMerged]) -> None:
    """Two identities were one person: their conversations come together; two open ones of one number become one.

    In the audience's transaction, which holds the persons. Locks the open conversations of both, by id.
    """
    for event in batch.events:
        found = Conversation.objects.select_for_update(no_key=True).filter(
            identity_id__in=(event.kept_identity_id, event.gone_identity_id), state=Conversation.State.OPEN
        )
        by_sender: dict[int, list[Conversation]] = {}
        for conversation in found.order_by("pk"):
            by_sender.setdefault(conversation.sender_id, []).append(conversation)
        for pair in by_sender.values():
            if len(pair) == 2:
                _merge(*pair)
        Conversation.objects.filter(identity_id=event.gone_identity_id).update(
            identity_id=event.kept_identity_id, contact_id=event.kept_contact_id
        )
        for model in (Conversation, Reaction):
            model.objects.filter(contact_id=event.gone_contact_id).update(contact_id=event.kept_contact_id)
        if event.gone_contact_id != event.kept_contact_id:
            following.contacts_merged(event.kept_contact_id, event.gone_contact_id)
    announce(batch.organization_id, "inbox")


def _merge(kept: Conversation, gone: Conversation) -> None:
    """The messages of the later conversation go on in the earlier one."""
    Message.objects.filter(conversation=gone).update(conversation=kept)
    gone.assignments.update(conversation=kept)
    known = kept.handovers.filter(by__isnull=True).values_list("at", flat=True)
    gone.handovers.exclude(by__isnull=True, at__in=list(known)).update(conversation=kept)
    last = max(kept, gone, key=lambda one: one.held_at or one.opened_at)
    waiting = [moment for moment in (kept.waiting_since, gone.waiting_since) if moment]
    wrote = [moment for moment in (kept.citizen_wrote_at, gone.citizen_wrote_at) if moment]
    Conversation.objects.filter(pk=kept.pk).update(
        waiting_since=min(waiting, default=None),
        citizen_wrote_at=max(wrote, default=None),
        unread=F("unread") + gone.unread,
        incoming_count=F("incoming_count") + gone.incoming_count,
        assignee_id=kept.assignee_id or gone.assignee_id,
        held_by_other=last.held_by_other,
        held_at=last.held_at,
    )
    settle_latest([kept.pk])
    following.conversations_merged(kept.pk, gone.pk)
    gone.delete()
