# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of the desk, made ready for the templates: the list, one conversation, and what stands around it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import membership_of, person_of
from arengo.core.models import Role
from arengo.delivery.refusal_words import meaning
from arengo.desk import edits, files, handling, inbox, quoted as quoting, reopening, routing
from arengo.desk.bubbles import Status, attachment_of, bubbles, preview, status_of
from arengo.desk.models import Conversation, Handover, Message
from arengo.desk.names import called, number
from arengo.desk.window import is_open, length, window, window_ends
from arengo.platforms.registry import platform

REACTIONS = ("👍", "❤️", "🙏", "😊", "😂", "😮", "😢")
EMOJI = (*REACTIONS, "👋", "✅", "📅", "🕘", "📍", "📄", "ℹ️", "⚠️", "🎉")


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


def _may_set(request: HttpRequest) -> bool:
    membership = membership_of(request)
    return membership is not None and Role.ADMINISTRATOR in membership.roles


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
    return Place("write" if is_open(conversation) else "shut")


def _window_until(conversation: Conversation) -> datetime | None:
    return window_ends(conversation) if window(conversation) else None


def _window_hours(conversation: Conversation) -> int:
    """Of all of it; 0 where it has no end, and nobody asks."""
    lasts = length(conversation)
    return int(lasts.total_seconds()) // 3600 if lasts else 0


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
    asked = request.POST if request.method == "POST" else request.GET
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
        "offer": reopening.offer(conversation) if place.name == "shut" else None,
        "may_set": _may_set(request),
        "may_write": place.name == "write",
        "may_handle": may_write(request),
        "is_mine": conversation.assignee_id == request.user.pk,
        "colleagues": [membership.person for membership in handling.colleagues()]
        if may_write(request) and conversation.is_open
        else [],
        "history": inbox.history(conversation),
        "others": inbox.others(conversation),
        "window_words": _window_words(conversation),
        "window_hours": _window_hours(conversation),
        "window_until": _window_until(conversation),
        "window_ended": window_ends(conversation),
        "quoted": _quoted(conversation, outside.whole(request.GET.get("rispondi"))),
        "reactions": REACTIONS,
        "emoji": EMOJI,
        "accepted_files": files.ACCEPTED,
        "most_versions": edits.MOST_VERSIONS,
        "longest_text": platform(conversation.sender.platform).limits.text,
        "number": number(conversation, membership_of(request)),
        "key": secrets.token_urlsafe(16),
        "query": query,
        "shown_last": max((message.pk for message in thread.messages), default=0),
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
    words = meaning(conversation.sender.platform, refused.code or 0) if refused else ""
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
