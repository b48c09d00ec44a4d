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
from django.db import OperationalError, close_old_connections, connection, transaction
from django.utils.translation import gettext as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from arengo.core.images import PictureBusy
from arengo.core.live import announce
from arengo.core.scope import organization_scope
from arengo.delivery import outbox
from arengo.delivery.models import Sender
from arengo.desk import leftovers, references
from arengo.desk.models import Attachment, Message
from arengo.platforms.calls import call
from arengo.platforms.contract import Media, Platform, Refusal, Remedy
from arengo.platforms.registry import platform

log = logging.getLogger(__name__)

_WITHIN = 180.0  # seconds of one talk; a document may have 100 MB
_ATTEMPTS = 5
_LATELY = timedelta(minutes=10)
_PASSING = (Remedy.RETRY, Remedy.RETRY_LATER)


class NotYet(Exception):
    """The platform was busy or out of reach: the job goes again, with growing pauses."""


# A database or a disk that is away for a moment must not leave a file «being brought over» for ever.
_AGAIN = RetryStrategy(
    max_attempts=_ATTEMPTS, exponential_wait=3, retry_exceptions={NotYet, OperationalError, OSError}
)


@contextmanager
def _at_work(organization_id: int) -> Iterator[None]:
    """The organization's scope; at the end the thread gives its database connection back to the pool."""
    try:
        with organization_scope(organization_id):
            yield
    finally:
        if not connection.in_atomic_block:  # a caller's transaction keeps its connection
            close_old_connections()


def _why(refusal: Refusal, speaks: Platform) -> str:
    """The explanation, and the platform's own words when it gave any."""
    explained = speaks.explain(refusal.code)
    return f"{explained} ({refusal.details})" if refusal.details else explained


def _show(attachment: Attachment) -> None:
    announce(attachment.organization_id, "inbox", f"conversation:{attachment.message.conversation_id}")


def _fail(attachment: Attachment, reason: str) -> None:
    # No save(): of who was erased meanwhile there is no row, and nothing to say.
    attachment.state, attachment.reason = Attachment.State.FAILED, reason
    Attachment.objects.filter(pk=attachment.pk).update(state=attachment.state, reason=reason)
    _show(attachment)


def _pending(attachment_id: int) -> Attachment | None:
    """The attachment if there is still something to do about it."""
    return (
        Attachment.objects.filter(pk=attachment_id, state=Attachment.State.PENDING)
        .select_related("message__conversation__identity", "message__sender", "message__reply_to__delivery")
        .first()
    )


def _settle(context: JobContext, attachment: Attachment, refusal: Refusal, speaks: Platform) -> None:
    if refusal.remedy in _PASSING and context.job.attempts < _ATTEMPTS:
        Attachment.objects.filter(pk=attachment.pk).update(reason=_why(refusal, speaks))
        raise NotYet from refusal
    _fail(attachment, _why(refusal, speaks))


@app.task(name="desk.fetch_media", retry=_AGAIN, pass_context=True)
def fetch_media(context: JobContext, organization_id: int, attachment_id: int) -> None:
    """Bring over what a citizen sent; the platform keeps it for a few days only."""
    with _at_work(organization_id):
        attachment = _pending(attachment_id)
        if attachment is None:
            return
        if not attachment.file and not _bring_over(context, attachment):
            return
        _show_as_ready(context, attachment)


def _bring_over(context: JobContext, attachment: Attachment) -> bool:
    """Whether the file lies here now; otherwise it never will."""
    sender = attachment.message.sender
    speaks = platform(sender.platform)
    try:
        content, mime_type = call(
            sender.platform,
            lambda _platform, http: speaks.download(
                http,
                sender.credentials,
                attachment.platform_media_id,
                limit=settings.ARENGO_MEDIA_MOST_BYTES,
            ),
            within=_WITHIN,
        )
    except Refusal as refusal:
        _settle(context, attachment, refusal, speaks)
        return False
    return store(attachment, content, mime_type)


def store(attachment: Attachment, content: bytes, mime_type: str) -> bool:
    """The file is safe before anybody looks into it: what follows may be tried again without the platform.

    False if its citizen was erased meanwhile.
    """
    attachment.mime_type = (mime_type or attachment.mime_type)[:100]
    attachment.size = len(content)
    attachment.file.save("", ContentFile(content), save=False)
    return _kept(attachment)


def _kept(attachment: Attachment) -> bool:
    """Saves it. Of who was erased meanwhile nothing is kept, the files neither."""
    with transaction.atomic():
        if Attachment.objects.select_for_update(no_key=True).filter(pk=attachment.pk).exists():
            attachment.save()
            return True
    attachment.discard()
    return False


def _show_as_ready(context: JobContext, attachment: Attachment) -> None:
    """With its thumbnail where it is a photo. Without one it can be downloaded all the same."""
    attachment.reason = ""
    try:
        attachment.make_thumbnail()
    except PictureBusy as busy:
        if context.job.attempts < _ATTEMPTS:
            raise NotYet from busy
        attachment.reason = _("Anteprima non disponibile: c'erano troppe immagini da aprire.")
    if make_ready(attachment):
        _show(attachment)


def make_ready(attachment: Attachment) -> bool:
    """The operator can open it. False if its citizen was erased meanwhile."""
    attachment.state = Attachment.State.READY
    return _kept(attachment)


@app.task(name="desk.send_media", retry=_AGAIN, pass_context=True)
def send_media(context: JobContext, organization_id: int, attachment_id: int) -> None:
    """Hand our file to the platform, then the message goes to the outbox."""
    with _at_work(organization_id):
        attachment = _pending(attachment_id)
        if attachment is None:
            return
        sender = attachment.message.sender
        speaks = platform(sender.platform)
        with attachment.file.open("rb") as stored:
            content = stored.read()
        try:
            media_id = call(
                sender.platform,
                lambda _platform, http: speaks.upload(
                    http, sender.credentials, content, attachment.mime_type, attachment.filename
                ),
                within=_WITHIN,
            )
        except Refusal as refusal:
            _settle(context, attachment, refusal, speaks)
            return
        _enqueue(attachment, sender, media_id)


def _enqueue(attachment: Attachment, sender: Sender, media_id: str) -> None:
    """Once, even when two workers came as far as this."""
    message = attachment.message
    identity = message.conversation.identity
    with transaction.atomic():
        locked = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
        if locked.delivery_id is not None:
            return
        if identity is None:
            _fail(attachment, _("Il cittadino è stato cancellato."))
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
                sender,
                identity.address,
                outgoing,
                topic=message.conversation.topic,
                due_at=message.received_at,
            )
        except outbox.UnfitMessage as refused:
            _fail(attachment, " ".join(refused.problems))
            return
        locked.save(update_fields=["delivery"])
        attachment.state = Attachment.State.READY
        attachment.platform_media_id = media_id
        attachment.reason = ""
        attachment.save(update_fields=["state", "platform_media_id", "reason"])
        _show(attachment)


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
        try:
            call(
                sender.platform,
                lambda speaks, http: speaks.mark_read(http, sender.credentials, read, typing=typing),
                within=_WITHIN,
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
