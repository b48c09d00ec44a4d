# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages as the screens show them: their words in a line, where they are on their way, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import takewhile

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.chat_text import to_plain
from arengo.core.time_words import named_day
from arengo.delivery.models import Delivery, DeliveryState
from arengo.delivery.sending import doubts
from arengo.delivery.sending.refusal_words import meaning
from arengo.delivery.timeline.deciding import DROPPED
from arengo.desk.asking.models import Asked
from arengo.desk.asking.shown import under_message
from arengo.desk.file_words import FileNote, note, why_no_content
from arengo.desk.held import Held, held
from arengo.desk.models import Attachment, Conversation, Handover, Message, Version
from arengo.desk.notes.shown import Line
from arengo.desk.quoted import QuotedUpdate, Reacted, Received
from arengo.desk.replying import can_retry
from arengo.desk.window import is_open
from arengo.platforms.registry import platform

_TOGETHER = timedelta(minutes=2)
_NOT_WORDS = (
    Message.Kind.IMAGE,
    Message.Kind.VIDEO,
    Message.Kind.AUDIO,
    Message.Kind.DOCUMENT,
    Message.Kind.STICKER,
    Message.Kind.LOCATION,
)


@dataclass(frozen=True)
class Status:
    """Where a message of ours is: a sign, and the words that say the same."""

    sign: str
    words: str | Promise
    name: str  # for the style: waiting | sent | delivered | read | failed


_SENDING = Status("clock", gettext_lazy("in invio"), "waiting")
_FAILED = Status("error", gettext_lazy("non inviato"), "failed")
_STATUSES = {
    DeliveryState.QUEUED: _SENDING,
    DeliveryState.WITHHELD: Status("clock", gettext_lazy("trattenuto dopo un ripristino"), "waiting"),
    DeliveryState.UNCERTAIN: Status("clock", gettext_lazy("in attesa di conferma"), "waiting"),
    DeliveryState.UNKNOWN: Status("help-circle", gettext_lazy("esito sconosciuto"), "failed"),
    DeliveryState.ACCEPTED: Status("tick", gettext_lazy("inviato"), "sent"),
    DeliveryState.SENT: Status("tick", gettext_lazy("inviato"), "sent"),
    DeliveryState.DELIVERED: Status("ticks", gettext_lazy("consegnato"), "delivered"),
    DeliveryState.READ: Status("ticks", gettext_lazy("letto"), "read"),
    DeliveryState.FAILED: _FAILED,
    DeliveryState.CANCELLED: Status("close-circle", gettext_lazy("annullato"), "failed"),
}


_DROPPED = Status("close-circle", gettext_lazy("annullato dopo un ripristino"), "failed")


def status_of(message: Message) -> Status | None:
    if message.incoming or message.copy:
        return None
    if message.delivery is not None:
        state = DeliveryState(message.delivery.state)
        is_dropped = state is DeliveryState.CANCELLED and message.delivery.code == DROPPED
        return _DROPPED if is_dropped else _STATUSES[state]
    attachment = attachment_of(message)
    failed = message.failure or (attachment is not None and attachment.state == Attachment.State.FAILED)
    return _FAILED if failed else _SENDING if attachment is not None else None


def attachment_of(message: Message) -> Attachment | None:
    return getattr(message, "attachment", None)


def picture_of(message: Message) -> Attachment | None:
    """Its picture, where a small one of it can be shown in a quote."""
    attachment = attachment_of(message)
    if attachment is None or not attachment.thumbnail or not attachment.may_be_opened:
        return None
    return None if message.erased_at or message.deleted_at else attachment


def preview(message: Message) -> str:
    """A message in one line: its words, or what it is."""
    if message.erased_at:
        return _("Messaggio cancellato")
    if message.deleted_at:
        return _("Messaggio eliminato dal cittadino")
    words = " ".join(to_plain(message.text).split())
    if message.kind == Message.Kind.TEXT or (message.kind == Message.Kind.CHOICE and words):
        return words[:140]
    kind = str(Message.Kind(message.kind).label)
    kind = kind[:1].upper() + kind[1:]
    return f"{kind}: {words[:120]}" if words else kind


@dataclass(frozen=True)
class Album:
    """Of several photos in a row: which, of how many."""

    place: int
    count: int


@dataclass(frozen=True)
class May:
    """What the person who looks may do with a message; alike for most of a thread, so that a page draws it once."""

    quote: bool
    react: bool
    erase: bool

    @classmethod
    def of(cls, bubble: Bubble, *, write: bool, handle: bool) -> May | None:
        """``write``: in this conversation, now; ``handle``: conversations at all. None: nothing."""
        message = bubble.message
        if message.erased_at is not None:
            return None
        gone = message.deleted_at is not None or message.copy or bool(message.failure)
        quotes = write and not bubble.past and not gone
        erases = handle and message.incoming and not message.command
        reacts = quotes and message.incoming and message.platform_message_sealed is not None
        return cls(quotes, reacts, erases) if quotes or erases else None


@dataclass(frozen=True)
class Bubble:
    """The properties without a word of explanation are what the template asks once instead of ten times (message.html)."""

    message: Message
    status: Status | None
    attachment: Attachment | None
    why: str  # of a failure, in words that say what to do
    reason: str  # of a failure, in the platform's words
    retry: bool
    unknown: bool  # nobody knows whether it arrived: ``why`` tells the evidence
    mark: int  # which doubt ``why`` is about
    quoted: str
    quoted_from: str
    reaction_problem: str
    file: FileNote | None  # of one that is not there
    no_content: str  # why the platform did not hand out what the citizen sent
    held: Held | None = None  # what it holds beyond its words
    update: QuotedUpdate | None = None  # what it quotes, where that is an update
    before: Sequence[Reacted] = ()  # reactions to updates that the citizen sent before this message
    versions: Sequence[Version] = ()  # what it said before, the oldest first
    handovers: Sequence[Handover] = ()  # what changed between the message before and this one
    asked: Asked | None = None  # what the citizen finds to press under it
    album: Album | None = None
    received: Sequence[Received] = ()  # updates that reached the person before it
    past: bool = False  # of an earlier conversation: nothing can be done with it here
    notes: Sequence[Line] = ()  # written between the message before and this one
    may: May | None = None  # what the person who looks can do with it

    @property
    def key(self) -> str:
        return str(self.message.pk)

    @property
    def classes(self) -> str:
        message = self.message
        marks = (
            ("desk-automatic", message.automatic),
            ("desk-copy", message.copy),
            ("desk-album", self.album),
            ("desk-of-past", self.past),
            ("desk-failed", self.why),
        )
        return " ".join((f"desk-message desk-{message.direction}", *(name for name, on in marks if on)))

    @cached_property
    def _local(self) -> datetime:
        return timezone.localtime(self.message.sent_at)

    @property
    def at(self) -> str:
        return self._local.isoformat()

    @property
    def clock(self) -> str:
        return f"{self._local:%H:%M}"

    @property
    def late(self) -> str:
        """When it came, where that was long after it was sent."""
        if not self.message.came_late:
            return ""
        came = timezone.localtime(self.message.received_at)
        return _("arrivato il %(day)s alle %(clock)s") % {
            "day": named_day(came, "j F"),
            "clock": f"{came:%H:%M}",
        }

    @property
    def day(self) -> str:
        return self._local.date().isoformat()

    @property
    def is_plain(self) -> bool:
        """Words and nothing else: no quote, no file, no history."""
        message = self.message
        marked = message.copy or message.forwarded or message.edited_at or message.deleted_at
        more = self.attachment or self.file or self.no_content or self.held or self.asked or self.versions
        quotes = self.quoted or self.update or message.quoted_hash
        gone = marked or message.erased_at
        return message.kind == Message.Kind.TEXT and bool(message.text) and not (gone or more or quotes)

    @property
    def has_origin(self) -> bool:
        message = self.message
        said = message.template or message.automatic or message.author_id or message.time_of_receipt
        return bool(said or (message.copy and not message.incoming))

    @property
    def is_reacted(self) -> bool:
        return bool(self.message.citizen_reaction or self.message.our_reaction or self.reaction_problem)

    @property
    def has_trouble(self) -> bool:
        return bool(self.message.answer_withheld or self.why)

    @property
    def has_lines(self) -> bool:
        """Whether anything else stands between the message before and this one."""
        return bool(self.received or self.before or self.handovers or self.notes)

    @property
    def sent_key(self) -> str:
        """Under which a page sent it: the page that kept its words knows by it that they arrived."""
        return self.message.key.rpartition(":")[0] if self.message.author_id else ""

    @property
    def quoted_photo(self) -> Attachment | None:
        """The picture of the message that it quotes, where there is one to show."""
        quoted = self.message.reply_to
        return picture_of(quoted) if quoted is not None else None

    @property
    def deleted_same_day(self) -> bool:
        """The citizen took it back on the day on which they sent it."""
        sent, deleted = self.message.sent_at, self.message.deleted_at
        return deleted is not None and timezone.localdate(deleted) == timezone.localdate(sent)

    @property
    def gone(self) -> str:
        """What went with a message that was deleted: the kind of its file, or a place; empty where it was words."""
        return str(self.message.get_kind_display()) if self.message.kind in _NOT_WORDS else ""

    @property
    def position(self) -> str:
        """The place of a location on a public map, for people to open: nothing is asked of it by the page itself."""
        at = self.message
        if at.latitude is None or at.longitude is None:
            return ""
        point = f"{at.latitude:.6f}/{at.longitude:.6f}"
        return f"https://www.openstreetmap.org/?mlat={at.latitude:.6f}&mlon={at.longitude:.6f}#map=17/{point}"


def bubbles(
    conversation: Conversation,
    messages: Sequence[Message],
    citizen: str,
    updates: Mapping[int, QuotedUpdate] | None = None,
    reacted: Sequence[Reacted] = (),
    handovers: Sequence[Handover] = (),
) -> list[Bubble]:
    """``reacted`` and ``handovers``, the oldest first, stand before the message that follows them."""
    edited = [message.pk for message in messages if message.edited_at or message.deleted_at]
    versions: dict[int, list[Version]] = {}
    for version in Version.objects.filter(message__in=edited) if edited else ():
        versions.setdefault(version.message_id, []).append(version)
    shown, left, since = [], list(reacted), None
    for message in messages:
        before = list(takewhile(lambda each, at=message.sent_at: each.reaction.sent_at < at, left))  # type: ignore[misc]  # a default binds it
        del left[: len(before)]
        between = [
            line
            for line in handovers
            if line.by is None and (since is None or line.at > since) and line.at <= message.sent_at
        ]
        bubble = _bubble(conversation, message, citizen, versions.get(message.pk, ()), between)
        quoted = (updates or {}).get(message.quoted_fanout_id or 0)
        shown.append(replace(bubble, update=quoted, before=before, asked=under_message(message)))
        since = message.sent_at
    return _with_albums(shown)


def _with_albums(shown: list[Bubble]) -> list[Bubble]:
    """Photos without words that one side sent one after the other, within minutes: they stand together and are numbered."""
    start = 0
    while start < len(shown):
        end = start + 1
        while end < len(shown) and _belongs(shown[end - 1], shown[end]):
            end += 1
        if end - start > 1:
            for place in range(start, end):
                shown[place] = replace(shown[place], album=Album(place - start + 1, end - start))
        start = end
    return shown


def _belongs(before: Bubble, bubble: Bubble) -> bool:
    one, other = before.message, bubble.message
    return (
        _is_bare_photo(before)
        and _is_bare_photo(bubble)
        and not bubble.before
        and not bubble.handovers
        and (one.direction, one.author_id, one.copy) == (other.direction, other.author_id, other.copy)
        and other.sent_at - one.sent_at <= _TOGETHER
    )


def _is_bare_photo(bubble: Bubble) -> bool:
    message, file = bubble.message, bubble.attachment
    quotes = bool(bubble.quoted or bubble.update or message.quoted_hash or message.forwarded)
    return (
        message.kind == Message.Kind.IMAGE
        and file is not None
        and bool(file.thumbnail)
        and not (message.text or quotes or bubble.why or message.erased_at or message.deleted_at)
    )


def _bubble(
    conversation: Conversation,
    message: Message,
    citizen: str,
    versions: Sequence[Version],
    handovers: Sequence[Handover],
) -> Bubble:
    delivery = message.delivery
    doubt = doubts.evidence(delivery) if delivery and delivery.state == DeliveryState.UNKNOWN else None
    why, reason = (doubt.words, "") if doubt else _failure(conversation, message)
    reacted = message.our_reaction_delivery
    speaks = platform(conversation.sender.platform)
    quoted = message.reply_to
    return Bubble(
        message=message,
        status=status_of(message),
        attachment=attachment_of(message),
        why=why,
        reason=reason,
        retry=can_retry(message) and (bool(message.template) or is_open(conversation)),
        unknown=doubt is not None,
        mark=doubt.mark if doubt else 0,
        quoted=preview(quoted) if quoted else "",
        quoted_from=(citizen if quoted.incoming else _("Noi")) if quoted else "",
        reaction_problem=_explain(conversation, reacted)
        if reacted is not None and reacted.state == DeliveryState.FAILED
        else "",
        file=note(message, attachment_of(message), speaks),
        no_content=why_no_content(message, speaks),
        held=held(message) if message.content else None,
        versions=versions,
        handovers=handovers,
    )


def _failure(conversation: Conversation, message: Message) -> tuple[str, str]:
    attachment = attachment_of(message)
    if message.failure:
        return message.failure, ""
    if message.delivery is not None and message.delivery.state == DeliveryState.FAILED:
        return _explain(conversation, message.delivery), message.delivery.reason
    speaks = platform(conversation.sender.platform)
    told = note(message, attachment, speaks) if not message.incoming else None
    if told is not None and attachment is not None and attachment.state == Attachment.State.FAILED:
        return told.words, told.details
    return "", ""


def _explain(conversation: Conversation, delivery: Delivery) -> str:
    return meaning(conversation.sender.platform, delivery.code)
