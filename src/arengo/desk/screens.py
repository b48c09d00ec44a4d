# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the screens of the desk show, made ready for the templates."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core import outside
from arengo.core.access import membership_of, person_of
from arengo.core.models import Role
from arengo.delivery import doubts
from arengo.delivery.models import Delivery, DeliveryState
from arengo.delivery.timeline.deciding import DROPPED
from arengo.desk import edits, files, handling, inbox, quoted as quoting, routing
from arengo.desk.file_words import FileNote, note, why_no_content
from arengo.desk.models import Attachment, Conversation, Handover, Message, Version
from arengo.desk.names import called, number
from arengo.desk.quoted import QuotedUpdate, Reacted
from arengo.desk.replying import LONGEST_TEXT, can_retry
from arengo.desk.window import WINDOW, window
from arengo.platforms.registry import platform

REACTIONS = ("👍", "❤️", "🙏", "😊", "😂", "😮", "😢")
EMOJI = (*REACTIONS, "👋", "✅", "📅", "🕘", "📍", "📄", "ℹ️", "⚠️", "🎉")


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


def preview(message: Message) -> str:
    """A message in one line: its words, or what it is."""
    if message.erased_at:
        return _("Messaggio cancellato")
    if message.deleted_at:
        return _("Messaggio eliminato dal cittadino")
    words = " ".join(message.text.split())
    if message.kind in (Message.Kind.TEXT, Message.Kind.CHOICE):
        return words[:140]
    kind = str(Message.Kind(message.kind).label)
    kind = kind[:1].upper() + kind[1:]
    return f"{kind}: {words[:120]}" if words else kind


@dataclass(frozen=True)
class Bubble:
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
    update: QuotedUpdate | None = None  # what it quotes, where that is an update
    before: Sequence[Reacted] = ()  # reactions to updates that the citizen sent before this message
    versions: Sequence[Version] = ()  # what it said before, the oldest first
    handovers: Sequence[Handover] = ()  # what changed between the message before and this one

    @property
    def sent_key(self) -> str:
        """Under which a page sent it: the page that kept its words knows by it that they arrived."""
        return self.message.key.rpartition(":")[0] if self.message.author_id else ""

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
    versions = _versions(messages)
    shown, left, since = [], list(reacted), None
    for message in messages:
        before = list(takewhile(lambda each, at=message.sent_at: each.reaction.sent_at < at, left))  # type: ignore[misc]  # a default binds it
        del left[: len(before)]
        between = [
            line for line in handovers if (since is None or line.at > since) and line.at <= message.sent_at
        ]
        bubble = _bubble(conversation, message, citizen, versions.get(message.pk, ()), between)
        quoted = (updates or {}).get(message.quoted_fanout_id or 0)
        shown.append(replace(bubble, update=quoted, before=before))
        since = message.sent_at
    return shown


def _versions(messages: Sequence[Message]) -> dict[int, list[Version]]:
    """What edited messages said before, the oldest first."""
    edited = [message.pk for message in messages if message.edited_at]
    versions: dict[int, list[Version]] = {}
    for version in Version.objects.filter(message__in=edited) if edited else ():
        versions.setdefault(version.message_id, []).append(version)
    return versions


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
        retry=can_retry(message) and window(conversation) is not None,
        unknown=doubt is not None,
        mark=doubt.mark if doubt else 0,
        quoted=preview(quoted) if quoted else "",
        quoted_from=(citizen if quoted.incoming else _("Noi")) if quoted else "",
        reaction_problem=_explain(conversation, reacted)
        if reacted is not None and reacted.state == DeliveryState.FAILED
        else "",
        file=note(message, attachment_of(message), speaks),
        no_content=why_no_content(message, speaks),
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
    return platform(conversation.sender.platform).explain(delivery.code)


# --- pages ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A conversation in the list."""

    conversation: Conversation
    name: str
    preview: str
    status: Status | None
    clip: bool
    href: str


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    current: bool
    count: int | None


def may_write(request: HttpRequest) -> bool:
    membership = membership_of(request)
    return membership is not None and membership.has(Role.OPERATOR)


def _query(which: inbox.Listing, after: str = "") -> str:
    parts = {} if which is inbox.Listing.WAITING else {"lista": which.value}
    if after:
        parts["dopo"] = after
    return f"?{urlencode(parts)}" if parts else ""


def list_context(request: HttpRequest, opened: Conversation | None) -> dict[str, Any]:
    person = person_of(request)
    which = inbox.listing(request.GET.get("lista"))
    after = outside.text(request.GET.get("dopo"), most=40)
    found = inbox.page(which, person, after=after)
    counted = inbox.counts(person)
    home = reverse("desk:inbox")
    query = _query(which, after)
    opened_part = {"aperta": opened.pk} if opened else {}
    refresh = {"lista": which.value, "dopo": after, **opened_part}
    return {
        "which": which,
        "rows": [_row(conversation, query) for conversation in found.conversations],
        "tabs": [
            Tab(str(one.label), home + _query(one), one is which, counted.of(one)) for one in inbox.Listing
        ],
        "counts": counted,
        "opened": opened,
        "list_href": home + query,
        "top_href": home + _query(which) if after else "",
        "next_href": home + _query(which, found.next_key) if found.next_key else "",
        "refresh_href": f"{reverse('desk:list')}?{urlencode(refresh)}",
    }


def _row(conversation: Conversation, query: str) -> Row:
    last = conversation.last_message
    return Row(
        conversation=conversation,
        name=called(conversation),
        preview=preview(last) if last else "",
        status=status_of(last) if last else None,
        clip=last is not None and attachment_of(last) is not None,
        href=reverse("desk:conversation", args=[conversation.pk]) + query,
    )


@dataclass(frozen=True)
class Place:
    """What stands at the foot of a conversation: the composer, or why there is none."""

    name: str  # write | read_only | erased | closed | later | taken | held | shut
    later: Conversation | None = None


def _place(request: HttpRequest, conversation: Conversation) -> Place:
    if conversation.identity_id is None:
        return Place("erased")
    if not may_write(request):
        return Place("read_only")
    if not conversation.is_open:
        later = handling.later(conversation)
        return Place("later", later) if later else Place("closed")
    if conversation.assignee_id not in (None, request.user.pk):
        return Place("taken")
    if conversation.held_by_other:
        return Place("held")
    return Place("write" if window(conversation) is not None else "shut")


def _window_until(conversation: Conversation) -> datetime | None:
    left = window(conversation)
    return conversation.citizen_wrote_at + WINDOW if left and conversation.citizen_wrote_at else None


def _window_words(conversation: Conversation) -> str:
    left = window(conversation)
    if left is None:
        return ""
    minutes = max(int(left.total_seconds()) // 60, 1)
    return (
        _("%(hours)d h") % {"hours": minutes // 60}
        if minutes >= 60
        else _("%(minutes)d min") % {"minutes": minutes}
    )


def panel_context(
    request: HttpRequest, conversation: Conversation, *, error: str = "", text: str = ""
) -> dict[str, Any]:
    """``error`` and ``text``: what was refused, and the words that must not be lost with it."""
    which = inbox.listing(request.GET.get("lista"))
    asked = request.GET if request.method == "GET" else request.POST
    thread = inbox.thread(
        conversation, before=outside.whole(asked.get("prima")), since=outside.whole(asked.get("dal"))
    )
    citizen = called(conversation)
    lines = routing.history(conversation)
    moves = [line for line in lines if line.by is None]
    reactions = inbox.reactions(conversation, thread)
    updates = quoting.updates(thread.messages, reactions, membership_of(request))
    reacted = quoting.reacted(reactions, updates)
    shown = bubbles(conversation, thread.messages, citizen, updates, reacted, moves)
    place = _place(request, conversation)
    query = _query(which, outside.text(request.GET.get("dopo"), most=40))
    own = reverse("desk:conversation", args=[conversation.pk])
    return {
        "conversation": conversation,
        "citizen": citizen,
        "bubbles": shown,
        "reacted_last": reacted[sum(len(bubble.before) for bubble in shown) :],
        **_routing_context(conversation, lines, moves, thread),
        "thread": thread,
        "place": place,
        "may_write": place.name == "write",
        "may_handle": may_write(request),
        "is_mine": conversation.assignee_id == request.user.pk,
        "colleagues": [membership.person for membership in handling.colleagues()]
        if may_write(request) and conversation.is_open
        else [],
        "history": inbox.history(conversation),
        "others": inbox.others(conversation),
        "window_words": _window_words(conversation),
        "window_until": _window_until(conversation),
        "quoted": _quoted(conversation, outside.whole(request.GET.get("rispondi"))),
        "reactions": REACTIONS,
        "emoji": EMOJI,
        "accepted_files": files.ACCEPTED,
        "most_versions": edits.MOST_VERSIONS,
        "longest_text": LONGEST_TEXT,
        "number": number(conversation, membership_of(request)),
        "key": secrets.token_urlsafe(16),
        "query": query,
        "back_href": reverse("desk:inbox") + query,
        "own_href": own + query,
        "panel_href": reverse("desk:panel", args=[conversation.pk]) + query,
        "joiner": "&" if query else "?",
        "error": error,
        "draft": text,
    }


def _routing_context(
    conversation: Conversation, lines: Sequence[Handover], moves: Sequence[Handover], thread: inbox.Thread
) -> dict[str, Any]:
    """Who has the conversation, for the thread, the foot and the side."""
    last = thread.messages[-1].sent_at if thread.messages else None
    refused = lines[-1] if lines and lines[-1].code is not None else None
    words = platform(conversation.sender.platform).explain(refused.code or 0) if refused else ""
    return {
        "last_handovers": [line for line in moves if last is None or line.at > last] if thread.newest else [],
        "handover_log": lines,
        "refused_line": refused,
        "refused_words": words,
        "held_others": [(other, called(other)) for other in routing.others_held(conversation)]
        if conversation.held_by_other
        else [],
    }


def _quoted(conversation: Conversation, pk: int | None) -> Message | None:
    found: Message | None = conversation.messages.filter(pk=pk).first() if pk is not None else None
    return found
