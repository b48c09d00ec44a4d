# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's talks with the platform that are no messages: files up and down, «read», «is typing».

Each job takes ids only. It runs in a thread of the worker, so that the calls below may block there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import close_old_connections, connection, transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app

from arengo.core.scope import organization_scope
from arengo.core.sentences import gettext as _, joined
from arengo.delivery.queue import outbox
from arengo.desk import leftovers, references, transfers
from arengo.desk.models import Attachment, Message
from arengo.platforms import refusing
from arengo.platforms.calls import call
from arengo.platforms.contract import HandsOutFiles, MarksRead, Media, Refusal, TakesFiles
from arengo.platforms.registry import platform

log = logging.getLogger(__name__)

_COURTESY_WITHIN = 30.0  # seconds
_LATELY = timedelta(minutes=10)


@contextmanager
def _at_work(organization_id: int) -> Iterator[None]:
    """The organization's scope; at the end the thread gives its database connection back to the pool."""
    try:
        with organization_scope(organization_id):
            yield
    finally:
        if not connection.in_atomic_block:  # a caller's transaction keeps its connection
            close_old_connections()


@app.task(name=transfers.FETCH, pass_context=True)
def fetch_media(context: JobContext, organization_id: int, attachment_id: int) -> None:
    """Bring over what a citizen sent; the platform keeps it for a few days only."""
    with _at_work(organization_id):
        transfers.carry(attachment_id, context.job.id, _receive)


def _receive(attachment: Attachment) -> None:
    """The file lies here, then it is ready. Nothing more is done once its citizen was erased."""
    if not attachment.file:
        sender = attachment.message.sender
        credentials = sender.credentials
        speaks = platform(sender.platform)
        if not isinstance(speaks, HandsOutFiles):
            raise refusing.unable()
        content, mime_type = call(
            sender.platform,
            lambda _speaks, http: speaks.download(
                http, credentials, attachment.platform_media_id, limit=settings.ARENGO_MEDIA_MOST_BYTES
            ),
            within=transfers.within(attachment),
        )
        transfers.sender_works(attachment)
        if not store(attachment, content, mime_type):
            return
    attachment.reason = ""
    attachment.make_thumbnail()
    if make_ready(attachment):
        transfers.show(attachment)


def store(attachment: Attachment, content: bytes, mime_type: str) -> bool:
    """The file is safe before anybody looks into it: what follows may be tried again without the platform.

    False if its citizen was erased meanwhile. Raises OSError when the disk has no room.
    """
    attachment.mime_type = (mime_type or attachment.mime_type)[:100]
    attachment.size = len(content)
    attachment.keep_file(ContentFile(content))
    attachment.in_a_row = 0
    return _kept(attachment)


def _kept(attachment: Attachment) -> bool:
    """Saves it. Of who was erased meanwhile nothing is kept, the files neither."""
    with transaction.atomic():
        if Attachment.objects.select_for_update(no_key=True).filter(pk=attachment.pk).exists():
            attachment.save()
            return True
    attachment.discard()
    return False


def make_ready(attachment: Attachment) -> bool:
    """The operator can open it. False if its citizen was erased meanwhile."""
    attachment.state, attachment.cause, attachment.code = Attachment.State.READY, "", 0
    attachment.next_at = attachment.busy_until = attachment.job_id = None
    return _kept(attachment)


@app.task(name=transfers.SEND, pass_context=True)
def send_media(context: JobContext, organization_id: int, attachment_id: int) -> None:
    """Hand our file to the platform, then the message goes to the outbox."""
    with _at_work(organization_id):
        transfers.carry(attachment_id, context.job.id, _send)


def _send(attachment: Attachment) -> None:
    sender = attachment.message.sender
    credentials = sender.credentials
    with attachment.file.open("rb") as stored:
        content = stored.read()
    speaks = platform(sender.platform)
    if not isinstance(speaks, TakesFiles):
        raise refusing.unable()
    media_id = call(
        sender.platform,
        lambda _speaks, http: speaks.upload(
            http, credentials, content, attachment.mime_type, attachment.filename
        ),
        within=transfers.within(attachment),
    )
    transfers.sender_works(attachment)
    _enqueue(attachment, media_id)


def _enqueue(attachment: Attachment, media_id: str) -> None:
    """Once, even when two workers came as far as this."""
    message = attachment.message
    identity = message.conversation.identity
    with transaction.atomic():
        locked = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
        if locked.delivery_id is not None:
            _sent(attachment)
            return
        if identity is None:
            transfers.end(attachment, Attachment.State.FAILED, reason=_("Il cittadino è stato cancellato."))
            return
        quoted = message.reply_to
        outgoing = Media(
            kind=message.kind,
            media_id=media_id,
            caption=message.text,
            filename=attachment.filename if message.kind == Message.Kind.DOCUMENT else "",
            reply_to=platform_id(quoted) if quoted else None,
        )
        try:
            locked.delivery = outbox.enqueue(
                message.sender,
                identity.address,
                outgoing,
                topic=message.conversation.topic,
                due_at=message.received_at,
            )
        except outbox.UnfitMessage as refused:
            transfers.end(attachment, Attachment.State.FAILED, reason=joined(refused.problems))
            return
        locked.save(update_fields=["delivery"])
        Attachment.objects.filter(pk=attachment.pk).update(platform_media_id=media_id)
        _sent(attachment)


def _sent(attachment: Attachment) -> None:
    transfers.end(attachment, Attachment.State.READY)


def platform_id(message: Message) -> str | None:
    """By which the platform knows a message: it names those of ours when it accepts them."""
    return message.platform_message_id or (message.delivery.message_id if message.delivery else "") or None


@app.task(name="desk.mark_read")
def mark_read(organization_id: int, message_id: int, typing: bool = False) -> None:
    """The citizen's phone shows blue ticks, and «is typing» if so. A courtesy: a refusal is not worth a retry."""
    with _at_work(organization_id):
        message = Message.objects.filter(pk=message_id).select_related("sender").first()
        read = message.platform_message_id if message else ""
        if message is None or not read:
            return
        sender = message.sender
        speaks = platform(sender.platform)
        if not isinstance(speaks, MarksRead):
            return
        try:
            call(
                sender.platform,
                lambda _speaks, http: speaks.mark_read(http, sender.credentials, read, typing=typing),
                within=_COURTESY_WITHIN,
            )
        except Refusal as refusal:
            log.info("Message %s could not be marked as read: %s.", message_id, refusal.code)


@app.periodic(cron="* * * * *")
@app.task(name="desk.bind_references", queueing_lock="desk.bind_references")
def bind_references(timestamp: int) -> None:
    """Quotes and reactions that came before what they are about: once more, for those of the last minutes."""
    references.bind_waiting(within=_LATELY)


@app.periodic(cron="47 * * * *")
@app.task(name="desk.bind_older_references", queueing_lock="desk.bind_older_references")
def bind_older_references(timestamp: int) -> None:
    """The same for all that waits; what waited for too long is forgotten."""
    references.forget_waiting()
    references.bind_waiting(within=references.WAIT)


@app.periodic(cron="23 2 * * *")
@app.task(queueing_lock="desk.sweep_files")
def sweep_files(timestamp: int) -> None:
    """What a citizen sent lies on the disk for as long as a message says so."""
    leftovers.sweep()


@app.periodic(cron="* * * * *")
@app.task(name=transfers.TAKE_UP, queueing_lock=transfers.TAKE_UP)
def take_up_files(timestamp: int) -> None:
    """Files that are due: at the end of a pause, or left by a job that died."""
    try:
        transfers.take_up()
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
