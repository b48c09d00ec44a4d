# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of the desk, made ready for the templates: the list, one conversation, and what stands around it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import membership_of, person_of
from arengo.core.error_pages import administrators
from arengo.core.lengths import Limit
from arengo.core.models import Person, Role
from arengo.core.prepared import prepared
from arengo.core.screens import Screen
from arengo.delivery.sending.refusal_words import meaning
from arengo.desk import edits, files, handling, inbox, moving, quoted as quoting, reopening, routing
from arengo.desk.around import Beside
from arengo.desk.asking import shown as asking
from arengo.desk.asking.shown import Offer
from arengo.desk.blocks.shown import House
from arengo.desk.bubbles import Bubble, May, bubbles, picture_of, preview
from arengo.desk.desks import seen_by
from arengo.desk.follow_ups.shown import Following
from arengo.desk.labels import shown as labels
from arengo.desk.labels.shown import Labels
from arengo.desk.list_requests.shown import ListRequest
from arengo.desk.lists.screens import Listed, kept_query
from arengo.desk.models import Assignment, Attachment, Conversation, Desk, Handover, Message
from arengo.desk.names import called, number
from arengo.desk.notes.panel import Notes, among
from arengo.desk.quoted import Reacted
from arengo.desk.redirects.shown import Redirects
from arengo.desk.returning import coming_back
from arengo.desk.twice import Second
from arengo.desk.uploads.shown import Begun
from arengo.desk.window import is_open, length, window, window_ends
from arengo.platforms.registry import platform

REACTIONS = ("👍", "❤️", "🙏", "😊", "😂", "😮", "😢")
EMOJI = (*REACTIONS, "👋", "✅", "📅", "🕘", "📍", "📄", "ℹ️", "⚠️", "🎉")


def may_write(request: HttpRequest) -> bool:
    membership = membership_of(request)
    return membership is not None and membership.has(Role.OPERATOR)


@dataclass(frozen=True)
class Place:
    """What stands at the foot of a conversation: the composer, or why there is none.

    ``later``: the one that goes on with the same citizen; None at a desk that this person does not see.
    """

    name: Literal["write", "read_only", "erased", "blocked", "closed", "later", "taken", "held", "shut"]
    later: Conversation | None = None

    @classmethod
    def of(cls, conversation: Conversation, request: HttpRequest, house: House) -> Place:
        if conversation.identity_id is None:
            return cls("erased")
        if not may_write(request):
            return cls("read_only")
        if house.is_blocked:
            return cls("blocked")
        if not conversation.is_open:
            later = handling.later(conversation)
            if later is None:
                return cls("closed")
            return cls("later", seen_by(membership_of(request)).filter(pk=later.pk).first())
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
    helpers: Sequence[Person]  # administrators, where it was refused: who can change the routing
    others: Sequence[tuple[Conversation, str]]  # of other citizens, whom somebody else has too

    @classmethod
    def of(
        cls,
        conversation: Conversation,
        lines: Sequence[Handover],
        thread: inbox.Thread,
        among: QuerySet[Conversation],
    ) -> Routing:
        """``lines``: its handovers, the oldest first. ``among``: the conversations that the person sees."""
        last = thread.messages[-1].sent_at if thread.messages else None
        refused = lines[-1] if lines and lines[-1].code is not None else None
        others = routing.others_held(conversation, among) if conversation.held_by_other else []
        after = [line for line in lines if line.by is None and (last is None or line.at > last)]
        return cls(
            last=after if thread.newest else [],
            log=lines,
            refused=refused,
            refused_words=meaning(conversation.sender.platform, refused.code or 0) if refused else "",
            helpers=administrators(besides=0) if refused else [],
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

    def given(self, bubbles: Sequence[Bubble]) -> list[Bubble]:
        """Each with what the person may do with it."""
        return [
            replace(bubble, may=May.of(bubble, write=self.write, handle=self.handle)) for bubble in bubbles
        ]


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
        query = kept_query(request)
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
    quoted_words: str
    quoted_photo: Attachment | None
    reactions: Sequence[str]
    emoji: Sequence[str]
    accepted_files: str
    longest_text: Limit
    offers: Sequence[Offer]
    begun: Begun

    @classmethod
    def of(cls, conversation: Conversation, request: HttpRequest, quoted: int | None) -> Composer:
        """``quoted``: the id of the message that is answered; one of another conversation is none."""
        messages = conversation.messages.select_related("attachment")
        found = messages.filter(pk=quoted).first() if quoted is not None else None
        return cls(
            quoted=found,
            quoted_words=preview(found) if found is not None else "",
            quoted_photo=picture_of(found) if found is not None else None,
            reactions=REACTIONS,
            emoji=EMOJI,
            accepted_files=files.ACCEPTED,
            longest_text=platform(conversation.sender.platform).limits.text,
            offers=asking.offers(conversation),
            begun=Begun.of(conversation, request),
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
    other_desks: Sequence[Desk]  # to which it can be moved
    history: Sequence[Assignment]
    others: Sequence[Conversation]
    labels: Labels
    house: House
    redirects: Redirects
    list_request: ListRequest | None
    notes: Notes
    following: Following
    returns_until: datetime | None  # until when a message of the citizen opens it again
    links: Links
    error: str
    draft: str
    second: Second | None
    beside: Beside
    asks: bool = False  # closing was tried, and asks

    @property
    def written(self) -> str:
        """What stands in the composer: the words that were refused, else those that were kept."""
        return self.draft or self.composer.begun.text

    @property
    def shown_last(self) -> int:
        """The id of the newest message shown; 0 without one."""
        return max((message.pk for message in self.thread.messages), default=0)

    @property
    def most_versions(self) -> int:
        return edits.MOST_VERSIONS

    @property
    def unanswered(self) -> bool:
        """Closing it asks."""
        return self.conversation.is_open and handling.is_unanswered(self.conversation)


@dataclass(frozen=True)
class Closed:
    """The conversation that the person has just closed, and may open again as it was. ``query`` keeps the list as it is."""

    conversation: Conversation
    name: str
    query: str


@dataclass(frozen=True)
class DeskPage(Screen):
    """``panel``: the conversation that is open beside the list."""

    listed: Listed
    panel: Panel | None = None
    closed: Closed | None = None


@dataclass(frozen=True)
class PanelPart(Screen):
    panel: Panel


def just_closed(request: HttpRequest, pk: int | None) -> Closed | None:
    """``pk``: of a conversation. None where this person cannot undo its closing (any more)."""
    if not pk:
        return None
    seen = seen_by(membership_of(request)).select_related("contact", "identity")
    found = seen.filter(pk=pk).first()
    if found is None or found.is_open or handling.closing_of(found, person_of(request)) is None:
        return None
    return Closed(found, called(found), kept_query(request))


@prepared()
def panel(
    request: HttpRequest,
    conversation: Conversation,
    *,
    error: str = "",
    draft: str = "",
    second: Second | None = None,
) -> Panel:
    """``error`` and ``draft``: what was refused, and the words that must not be lost with it. ``second``: why it was not sent."""
    asked = request.POST if request.method == "POST" else request.GET
    thread = inbox.thread(
        conversation,
        before=outside.whole(asked.get("prima")),
        since=outside.whole(asked.get("dal")),
        around=outside.whole(asked.get("messaggio")),
    )
    membership, citizen = membership_of(request), called(conversation)
    lines = routing.history(conversation)
    reactions = inbox.reactions(conversation, thread)
    updates = quoting.updates(thread.messages, reactions, membership)
    reacted = quoting.reacted(reactions, updates)
    house = House.of(conversation)
    place = Place.of(conversation, request, house)
    shown = bubbles(conversation, thread.messages, citizen, updates, reacted, lines)
    beside = Beside.of(shown, conversation, thread, membership, outside.whole(asked.get("nuovi")))
    shown, notes_last = among(beside.bubbles, conversation, request, thread)
    rights = Rights.of(request, place)
    shown = rights.given(shown)
    members = handling.colleagues([conversation.desk_id]) if rights.handle else []
    colleagues, seen = [each.person for each in members], seen_by(membership)
    return Panel(
        conversation=conversation,
        citizen=citizen,
        number=number(conversation, membership),
        thread=thread,
        bubbles=shown,
        reacted_last=reacted[sum(len(bubble.before) for bubble in shown) :],
        routing=Routing.of(conversation, lines, thread, seen),
        window=Window.of(conversation),
        place=place,
        offer=reopening.offer(conversation) if place.name == "shut" else None,
        composer=Composer.of(conversation, request, outside.whole(request.GET.get("rispondi"))),
        key=secrets.token_urlsafe(16),
        rights=rights,
        is_mine=conversation.assignee_id == request.user.pk,
        colleagues=colleagues if conversation.is_open else [],
        other_desks=list(moving.other_desks(conversation)) if rights.handle else [],
        history=inbox.history(conversation),
        others=inbox.others(conversation, seen),
        labels=labels.of(conversation, may_change=rights.handle),
        house=house,
        redirects=Redirects.of(may_write=place.name == "write"),
        list_request=ListRequest.of(conversation, thread.messages, may_handle=rights.handle),
        notes=Notes.of(conversation, request, notes_last, colleagues, refused=bool(error)),
        following=Following.of(conversation),
        returns_until=coming_back.until(conversation),
        links=Links.of(conversation, request),
        error=error,
        draft=draft,
        second=second,
        beside=replace(beside, past=[replace(one, bubbles=rights.given(one.bubbles)) for one in beside.past]),
    )
