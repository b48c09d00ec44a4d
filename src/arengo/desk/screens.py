# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of the desk, made ready for the templates: the list, one conversation, and what stands around it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import membership_of, person_of
from arengo.core.lengths import Limit
from arengo.core.models import Person, Role
from arengo.core.screens import Screen
from arengo.delivery.sending.refusal_words import meaning
from arengo.desk import edits, files, handling, inbox, quoted as quoting, reopening, routing
from arengo.desk.bubbles import Bubble, Status, attachment_of, bubbles, preview, status_of
from arengo.desk.models import Assignment, Conversation, Handover, Message
from arengo.desk.names import called, number
from arengo.desk.quoted import Reacted
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

    @classmethod
    def of(cls, conversation: Conversation, query: str) -> Row:
        last = conversation.last_message
        return cls(
            conversation=conversation,
            name=called(conversation),
            preview=preview(last) if last else "",
            status=status_of(last) if last else None,
            clip=last is not None and attachment_of(last) is not None,
            href=reverse("desk:conversation", args=[conversation.pk]) + query,
        )


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    current: bool
    count: int | None


@dataclass(frozen=True)
class Listed:
    """The list. ``top``, ``next``, ``refresh``: addresses; "" where there is nothing to go to."""

    which: inbox.Listing
    rows: Sequence[Row]
    tabs: Sequence[Tab]
    opened: Conversation | None
    top: str
    next: str
    refresh: str


def may_write(request: HttpRequest) -> bool:
    membership = membership_of(request)
    return membership is not None and membership.has(Role.OPERATOR)


def _query(which: inbox.Listing, after: str = "") -> str:
    parts = {} if which is inbox.Listing.WAITING else {"lista": which.in_address}
    if after:
        parts["dopo"] = after
    return f"?{urlencode(parts)}" if parts else ""


def listed(request: HttpRequest, opened: Conversation | None) -> Listed:
    person = person_of(request)
    which = inbox.listing(request.GET.get("lista"))
    after = outside.text(request.GET.get("dopo"), most=40)
    found = inbox.page(which, person, after=after)
    counted = inbox.counts(person)
    home = reverse("desk:inbox")
    query = _query(which, after)
    opened_part = {"aperta": opened.pk} if opened else {}
    refresh = {"lista": which.in_address, "dopo": after, **opened_part}
    return Listed(
        which=which,
        rows=[Row.of(conversation, query) for conversation in found.conversations],
        tabs=[
            Tab(str(one.label), home + _query(one), one is which, counted.of(one)) for one in inbox.Listing
        ],
        opened=opened,
        top=home + _query(which) if after else "",
        next=home + _query(which, found.next_key) if found.next_key else "",
        refresh=f"{reverse('desk:list')}?{urlencode(refresh)}",
    )


@dataclass(frozen=True)
class Place:
    """What stands at the foot of a conversation: the composer, or why there is none."""

    name: Literal["write", "read_only", "erased", "closed", "later", "taken", "held", "shut"]
    later: Conversation | None = None

    @classmethod
    def of(cls, conversation: Conversation, request: HttpRequest) -> Place:
        if conversation.identity_id is None:
            return cls("erased")
        if not may_write(request):
            return cls("read_only")
        if not conversation.is_open:
            later = handling.later(conversation)
            return cls("later", later) if later else cls("closed")
        if conversation.assignee_id not in (None, request.user.pk):
            return cls("taken")
        if conversation.held_by_other:
            return cls("held")
        return cls("write" if is_open(conversation) else "shut")


@dataclass(frozen=True)
class Window:
    """For how long the citizen may be answered freely. ``words`` and ``until``: while that is so."""

    words: str
    hours: int  # of all of it; 0 where it has no end
    until: datetime | None
    ended: datetime | None

    @classmethod
    def of(cls, conversation: Conversation) -> Window:
        left, lasts, ends = window(conversation), length(conversation), window_ends(conversation)
        words = ""
        if left is not None:
            minutes = max(int(left.total_seconds()) // 60, 1)
            hours = _("%(hours)d h") % {"hours": minutes // 60}
            words = hours if minutes >= 60 else _("%(minutes)d min") % {"minutes": minutes}
        return cls(
            words=words,
            hours=int(lasts.total_seconds()) // 3600 if lasts else 0,
            until=ends if left else None,
            ended=ends,
        )


@dataclass(frozen=True)
class Routing:
    """The responder that has the conversation, for the thread, the foot and the side. ``refused``: the last request, if it was refused."""

    last: Sequence[Handover]  # after the last message shown
    log: Sequence[Handover]
    refused: Handover | None
    refused_words: str
    others: Sequence[tuple[Conversation, str]]  # of other citizens, whom somebody else has too

    @classmethod
    def of(cls, conversation: Conversation, lines: Sequence[Handover], thread: inbox.Thread) -> Routing:
        """``lines``: its handovers, the oldest first."""
        last = thread.messages[-1].sent_at if thread.messages else None
        refused = lines[-1] if lines and lines[-1].code is not None else None
        others = routing.others_held(conversation) if conversation.held_by_other else []
        after = [line for line in lines if line.by is None and (last is None or line.at > last)]
        return cls(
            last=after if thread.newest else [],
            log=lines,
            refused=refused,
            refused_words=meaning(conversation.sender.platform, refused.code or 0) if refused else "",
            others=[(other, called(other)) for other in others],
        )


@dataclass(frozen=True)
class Rights:
    """What the person who looks may do: write now, handle conversations at all, change settings."""

    write: bool
    handle: bool
    set: bool

    @classmethod
    def of(cls, request: HttpRequest, place: Place) -> Rights:
        membership = membership_of(request)
        sets = membership is not None and Role.ADMINISTRATOR in membership.roles
        return cls(write=place.name == "write", handle=may_write(request), set=sets)


@dataclass(frozen=True)
class Links:
    """``query``: what keeps the list as it is; ``joiner`` continues ``own``, the page of the conversation."""

    query: str
    joiner: str
    own: str
    back: str
    refresh: str

    @classmethod
    def of(cls, conversation: Conversation, request: HttpRequest) -> Links:
        after = outside.text(request.GET.get("dopo"), most=40)
        query = _query(inbox.listing(request.GET.get("lista")), after)
        return cls(
            query=query,
            joiner="&" if query else "?",
            own=reverse("desk:conversation", args=[conversation.pk]) + query,
            back=reverse("desk:inbox") + query,
            refresh=reverse("desk:panel", args=[conversation.pk]) + query,
        )


@dataclass(frozen=True)
class Composer:
    quoted: Message | None
    reactions: Sequence[str]
    emoji: Sequence[str]
    accepted_files: str
    longest_text: Limit

    @classmethod
    def of(cls, conversation: Conversation, quoted: int | None) -> Composer:
        """``quoted``: the id of the message that is answered; one of another conversation is none."""
        found = conversation.messages.filter(pk=quoted).first() if quoted is not None else None
        return cls(
            quoted=found,
            reactions=REACTIONS,
            emoji=EMOJI,
            accepted_files=files.ACCEPTED,
            longest_text=platform(conversation.sender.platform).limits.text,
        )


@dataclass(frozen=True)
class Panel:
    """One conversation. ``error`` and ``draft``: what was refused, and the words that must not be lost with it."""

    conversation: Conversation
    citizen: str
    number: str
    thread: inbox.Thread
    bubbles: Sequence[Bubble]
    reacted_last: Sequence[Reacted]  # after the last message
    routing: Routing
    window: Window
    place: Place
    offer: reopening.Offer | None
    composer: Composer
    key: str  # of what is sent next: sent twice with it, it leaves once
    rights: Rights
    is_mine: bool
    colleagues: Sequence[Person]
    history: Sequence[Assignment]
    others: Sequence[Conversation]
    links: Links
    error: str
    draft: str

    @property
    def shown_last(self) -> int:
        """The id of the newest message shown; 0 without one."""
        return max((message.pk for message in self.thread.messages), default=0)

    @property
    def most_versions(self) -> int:
        return edits.MOST_VERSIONS


@dataclass(frozen=True)
class DeskPage(Screen):
    """``panel``: the conversation that is open beside the list."""

    listed: Listed
    panel: Panel | None = None


@dataclass(frozen=True)
class ListPart(Screen):
    """``with_tabs``: the console's tabs come along, since they count what the list shows."""

    listed: Listed
    with_tabs: bool = True


@dataclass(frozen=True)
class PanelPart(Screen):
    panel: Panel


def panel(request: HttpRequest, conversation: Conversation, *, error: str = "", draft: str = "") -> Panel:
    """``error`` and ``draft``: what was refused, and the words that must not be lost with it."""
    asked = request.POST if request.method == "POST" else request.GET
    before, since = outside.whole(asked.get("prima")), outside.whole(asked.get("dal"))
    thread = inbox.thread(conversation, before=before, since=since)
    membership, citizen = membership_of(request), called(conversation)
    lines = routing.history(conversation)
    moves = [line for line in lines if line.by is None]
    reactions = inbox.reactions(conversation, thread)
    updates = quoting.updates(thread.messages, reactions, membership)
    reacted = quoting.reacted(reactions, updates)
    shown = bubbles(conversation, thread.messages, citizen, updates, reacted, moves)
    place = Place.of(conversation, request)
    rights = Rights.of(request, place)
    return Panel(
        conversation=conversation,
        citizen=citizen,
        number=number(conversation, membership),
        thread=thread,
        bubbles=shown,
        reacted_last=reacted[sum(len(bubble.before) for bubble in shown) :],
        routing=Routing.of(conversation, lines, thread),
        window=Window.of(conversation),
        place=place,
        offer=reopening.offer(conversation) if place.name == "shut" else None,
        composer=Composer.of(conversation, outside.whole(request.GET.get("rispondi"))),
        key=secrets.token_urlsafe(16),
        rights=rights,
        is_mine=conversation.assignee_id == request.user.pk,
        colleagues=[each.person for each in handling.colleagues()]
        if rights.handle and conversation.is_open
        else [],
        history=inbox.history(conversation),
        others=inbox.others(conversation),
        links=Links.of(conversation, request),
        error=error,
        draft=draft,
    )
