# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""People answer people: text, photos, documents, a reaction; and again, when it did not go."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from arengo.core import audit, outside
from arengo.core.database import again_if_undone
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.delivery.models import Delivery, DeliveryState
from arengo.delivery.queue import outbox
from arengo.delivery.sending import doubts
from arengo.desk import files as sendable, transfers
from arengo.desk.files import NotSendable, Prepared
from arengo.desk.handling import (
    ConversationClosed,
    HandlingRefused,
    TakenByAnother,
    locked,
    mark_answered,
    take_locked,
)
from arengo.desk.jobs import platform_id, send_media
from arengo.desk.latest import settle_latest
from arengo.desk.models import Attachment, Conversation, Message
from arengo.desk.window import is_open, length, worth_trying_until
from arengo.platforms.contract import Outgoing, Reaction, Text
from arengo.platforms.registry import platform

__all__ = ["ConversationClosed", "NotSendable", "ReplyRefused", "TakenByAnother", "WindowClosed", "reply"]


class ReplyRefused(HandlingRefused):
    """Why it cannot be sent, in the user's language."""


class AlreadySent(ReplyRefused):
    """The page sends other words under a key that has served: the first ones arrived, although the page did not hear so."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Una prima versione di questo messaggio era già partita: è qui sopra. Il testo nuovo è qui sotto; "
                "per inviare anche questo premi di nuovo Invia."
            )
        )


class WindowClosed(ReplyRefused):
    def __init__(self, conversation: Conversation) -> None:
        words = _(
            "Sono passate %(hours)d ore dall’ultimo messaggio del cittadino: %(platform)s non consente di rispondere."
        )
        lasts = length(conversation)
        super().__init__(
            words
            % {
                "hours": lasts.total_seconds() // 3600 if lasts else 0,
                "platform": platform(conversation.sender.platform).words.name,
            }
        )


@again_if_undone
def reply(
    conversation: Conversation,
    *,
    by: Person,
    text: str,
    files: Sequence[UploadedFile[bytes]] = (),
    reply_to: Message | None = None,
    key: str,
    shown: int | None = None,
    last: int | None = None,
) -> list[Message]:
    """Writes the answer and puts it on the road; ``key`` names this very answer, so that it goes once.

    ``shown`` and ``last``: what the page showed on which it was written (``handling.mark_seen``). That is read and
    answered; what came later stays unread and goes on waiting. Without them all that there is counts as answered.
    Files are made ready before the lock; then person and conversation are held (``handling.locked``) until all is written.
    A free conversation becomes mine by answering. ReplyRefused, AlreadySent, WindowClosed, ConversationClosed, TakenByAnother and
    NotSendable say why not; then nothing was written.
    """
    text = outside.text(text).replace("\r\n", "\n").strip()
    speaks = platform(conversation.sender.platform)
    if not text and not files:
        raise ReplyRefused(_("Scrivi un messaggio o scegli un file."))
    if problem := speaks.limits.text.problem(text):
        raise ReplyRefused(problem)
    if len(files) > sendable.MOST_FILES:
        raise ReplyRefused(_("Al massimo %(count)d file per volta.") % {"count": sendable.MOST_FILES})
    prepared = [sendable.prepare(upload, speaks) for upload in files]
    with transaction.atomic():
        held = locked(conversation)
        already = list(Message.objects.filter(conversation=held, key__in=_keys(key, len(prepared) + 1)))
        if already:
            if text and all(message.text != text for message in already):
                raise AlreadySent
            return already
        take_locked(held, by=by)
        _must_be_in_window(held)
        if reply_to is not None and reply_to.conversation_id != held.pk:
            reply_to = None
        messages = _write(held, by, text, prepared, reply_to, key)
        mark_answered(held, shown=shown, last=last)
        settle_latest([held.pk])
        announce(held.organization_id, "inbox", held.topic)
    return messages


def _keys(key: str, count: int) -> list[str]:
    return [f"{key}:{number}" for number in range(count)]


class HeldByOther(ReplyRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Adesso qui risponde qualcun altro, non il Comune. Riprendi la conversazione per scrivere.")
        )


def _must_be_in_window(held: Conversation) -> None:
    if held.held_by_other:
        raise HeldByOther
    if not is_open(held):
        raise WindowClosed(held)


def _write(
    held: Conversation,
    by: Person,
    text: str,
    prepared: Sequence[Prepared],
    reply_to: Message | None,
    key: str,
) -> list[Message]:
    """A single file carries the text as its caption, if it fits; otherwise the text goes first, then the files."""
    keys = iter(_keys(key, len(prepared) + 1))
    longest = platform(held.sender.platform).limits.caption
    caption = text if len(prepared) == 1 and not longest.over(text) else ""
    messages = []
    if text and not caption:
        quoted = platform_id(reply_to) if reply_to else None
        preview = "https://" in text or "http://" in text
        message = _draft(held, by, text, reply_to, next(keys))
        message.delivery = _enqueue(held, Text(text, preview_url=preview, reply_to=quoted))
        message.save()
        messages.append(message)
    for file in prepared:
        messages.append(_write_file(held, by, file, caption, None if messages else reply_to, next(keys)))
    return messages


def _draft(held: Conversation, by: Person, text: str, reply_to: Message | None, key: str) -> Message:
    return Message(
        organization_id=held.organization_id,
        conversation=held,
        sender=held.sender,
        direction=Message.Direction.OUT,
        text=text,
        author=by,
        reply_to=reply_to,
        key=key,
    )


def _enqueue(held: Conversation, outgoing: Outgoing) -> Delivery:
    if held.identity is None:
        raise ReplyRefused(_("I dati di questo cittadino sono stati cancellati."))
    try:
        return outbox.enqueue(held.sender, held.identity.address, outgoing, topic=held.topic)
    except outbox.UnfitMessage as unfit:
        raise ReplyRefused(" ".join(unfit.problems)) from unfit


def _write_file(
    held: Conversation, by: Person, file: Prepared, caption: str, reply_to: Message | None, key: str
) -> Message:
    message = _draft(held, by, caption, reply_to, key)
    message.kind = file.kind
    message.save()
    attachment = Attachment(
        organization_id=held.organization_id,
        message=message,
        mime_type=file.mime_type,
        filename=file.filename,
        size=file.size,
    )
    try:
        attachment.keep_file(file.content)
        if file.thumbnail is not None:
            attachment.keep_thumbnail(file.thumbnail)
    except OSError as error:
        raise ReplyRefused(_("Sul server non c’è posto per i file: avvisa chi gestisce Arengo.")) from error
    transfers.expect(attachment, kept_until=worth_trying_until(held))
    attachment.save()
    send_media.defer(organization_id=held.organization_id, attachment_id=attachment.pk)
    return message


@again_if_undone
def react(message: Message, *, by: Person, emoji: str) -> None:
    """Our reaction to what the citizen wrote; an empty ``emoji`` takes it back. It is no answer."""
    speaks = platform(message.conversation.sender.platform)
    if Reaction not in speaks.can.sends:
        raise ReplyRefused(
            _("Su %(platform)s non si può reagire a un messaggio.") % {"platform": speaks.words.name}
        )
    target = platform_id(message)
    if not message.incoming or target is None or message.deleted_at:
        raise ReplyRefused(_("A questo messaggio non si può reagire."))
    with transaction.atomic():
        held = locked(message.conversation)
        take_locked(held, by=by)
        _must_be_in_window(held)
        if message.our_reaction == emoji:
            return
        message.our_reaction = emoji
        message.our_reaction_delivery = _enqueue(held, Reaction(target, emoji))
        message.save(update_fields=["our_reaction", "our_reaction_delivery"])
        announce(held.organization_id, held.topic)


def can_retry(message: Message) -> bool:
    """Whether it failed in a way that a person may try again."""
    if message.incoming or message.erased_at:
        return False
    if message.delivery is not None:
        return outbox.can_retry(message.delivery)
    attachment = getattr(message, "attachment", None)
    return attachment is not None and attachment.state == Attachment.State.FAILED


@again_if_undone
def retry(message: Message, *, by: Person, mark: int | None = None) -> None:
    """The same message again, because a person asked. WindowClosed once the citizen cannot be answered any more.

    ``mark``: the doubt about it that the person saw (``doubts.evidence``); a later one is another question.
    """
    with transaction.atomic():
        held = locked(message.conversation)
        if not held.is_open:
            raise ConversationClosed
        message = Message.objects.select_related("delivery", "attachment").get(pk=message.pk)
        if not message.template:
            _must_be_in_window(held)
        elif held.held_by_other:
            raise HeldByOther
        if not can_retry(message):
            return
        delivery = message.delivery
        if delivery is None:
            transfers.again(message.attachment, kept_until=worth_trying_until(held))
        else:
            unknown = delivery.state == DeliveryState.UNKNOWN
            evidence = doubts.evidence(delivery) if unknown else None
            if not outbox.retry(delivery, mark=mark if unknown else None):
                return
            not_sent = evidence is not None and evidence.neighbours is not None
            audit.record(
                "desk.sent_again",
                organization=message.organization_id,
                by=by,
                on=message.conversation,
                detail={"message": message.pk, "unknown": unknown, "not_sent": not_sent},
            )
        announce(held.organization_id, "inbox", held.topic)
