# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What citizens say at the desk, its conversations and files."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from arengo.audience.events import CitizenWrote
from arengo.audience.models import Identity
from arengo.core.models import Organization, Person
from arengo.delivery.models import MessageTemplate, Sender
from arengo.desk.desks import desk_for
from arengo.desk.jobs import make_ready, store
from arengo.desk.labels.models import Label
from arengo.desk.models import Attachment, Conversation
from arengo.desk.reopening_template import REOPEN
from arengo.desk.uploads import verbs as uploads
from arengo.desk.uploads.models import Upload
from arengo.platforms.contract import IncomingMedia, MessageReceived
from tests.factories.delivery import keep_template

_numbers = count(1)


def said(identity: Identity, text: str = "Buongiorno", *, command: str = "", **fields: Any) -> CitizenWrote:
    return CitizenWrote(
        contact_id=identity.contact_id,
        identity_id=identity.pk,
        command=command,
        message=MessageReceived(
            **{
                "message_id": f"wamid.in.{next(_numbers)}",
                "sent_at": timezone.now(),
                "address": identity.address,
                "kind": "text",
                "text": text,
                **fields,
            }
        ),
    )


def photo_said(identity: Identity, text: str = "", **fields: Any) -> CitizenWrote:
    media = IncomingMedia(media_id="media-1", mime_type="image/jpeg")
    return said(identity, text, kind="image", media=media, **fields)


def make_conversation(identity: Identity, sender: Sender, **fields: Any) -> Conversation:
    """One without a message, at the first desk of its number."""
    fields.setdefault("desk_id", desk_for(sender.organization_id, sender.pk))
    conversation: Conversation = Conversation.objects.create(
        contact=identity.contact, identity=identity, sender=sender, **fields
    )
    return conversation


def whole_upload(conversation: Conversation, by: Person, name: str) -> Upload:
    """A PDF that lies in the composer, ready to go."""
    content = b"%PDF-1.7\n" + b"x" * 100
    begun = uploads.begin(conversation, by=by, name=name, size=len(content), head=content, stamp="1")
    return uploads.append(begun, offset=0, piece=content)


def make_label(name: str) -> Label:
    """In the scope's organization."""
    label: Label = Label.objects.create(name=name)
    return label


def approve(scope: Organization, sender: Sender, **changes: Any) -> MessageTemplate:
    """The message that asks a citizen to write again, as the platform has it."""
    return keep_template(sender, REOPEN, **changes)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def keep(attachment: Attachment, content: bytes, mime_type: str) -> None:
    """What the job does with a file that the platform gave: it lies here, with its thumbnail, and can be opened."""
    if store(attachment, content, mime_type):
        attachment.make_thumbnail()
        make_ready(attachment)
