# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists of the desk, and pages of a conversation. Paged by key: page 200 costs what page 1 does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.core import outside
from arengo.core.models import Person
from arengo.delivery.models import DeliveryState
from arengo.desk.models import Assignment, Attachment, Conversation, Message, Reaction

PAGE = 30  # conversations
THREAD = 50  # messages
_MOST_KEPT = 500  # messages that a screen which scrolled far back keeps in view


class Listing(StrEnum):
    """Which list. Addresses say it in Italian: ``in_address`` and ``listing``."""

    WAITING = "waiting"
    MINE = "mine"
    FREE = "free"
    CLOSED = "closed"

    @property
    def label(self) -> str | Promise:
        return _LABELS[self]

    @property
    def in_address(self) -> str:
        return _IN_ADDRESSES[self]


_LABELS: dict[Listing, str | Promise] = {
    Listing.WAITING: _("In attesa di noi"),
    Listing.MINE: _("Mie"),
    Listing.FREE: _("Libere"),
    Listing.CLOSED: _("Chiuse"),
}


_IN_ADDRESSES: dict[Listing, str] = {
    Listing.WAITING: "attesa",
    Listing.MINE: "mie",
    Listing.FREE: "libere",
    Listing.CLOSED: "chiuse",
}


def listing(word: str | None) -> Listing:
    """The list that an address names; those who wait where it names none that there is."""
    return next((one for one in Listing if one.in_address == word), Listing.WAITING)


@dataclass(frozen=True)
class Counts:
    waiting: int
    mine: int
    free: int

    def of(self, which: Listing) -> int | None:
        return {Listing.WAITING: self.waiting, Listing.MINE: self.mine, Listing.FREE: self.free}.get(which)


class Place(NamedTuple):
    """A place in a list of conversations; as a word it stands in addresses: ``1764435600.250000-17``."""

    at: datetime
    pk: int

    @classmethod
    def read(cls, word: str) -> Place | None:
        stamp, _dash, pk = word.partition("-")
        seconds, _dot, part = stamp.partition(".")
        at, number = outside.moment(seconds), outside.whole(pk)
        microseconds = outside.whole(part, most=999_999)
        if at == outside.NO_MOMENT or microseconds is None or number is None:
            return None
        return cls(at + timedelta(microseconds=microseconds), number)

    @property
    def word(self) -> str:
        return f"{self.at.timestamp():.6f}-{self.pk}"


@dataclass(frozen=True)
class Page:
    conversations: Sequence[Conversation]
    next_key: str  # empty on the last page


def waiting_count() -> int:
    """How many citizens wait for a person's answer: the badge of the console, on every page."""
    return int(Conversation.objects.filter(_condition(Listing.WAITING, None)).count())


# Somebody must do something: answer, or mend an answer that did not go.
_WAITS = Q(waiting_since__isnull=False) | (
    Q(last_message__direction=Message.Direction.OUT)
    & (
        ~Q(last_message__failure="")
        | Q(last_message__delivery__state__in=(DeliveryState.FAILED, DeliveryState.UNKNOWN))
        | Q(last_message__attachment__state=Attachment.State.FAILED)
    )
)


def counts(person: Person) -> Counts:
    found = Conversation.objects.filter(state=Conversation.State.OPEN).aggregate(
        waiting=Count("pk", filter=_WAITS),
        mine=Count("pk", filter=Q(assignee=person)),
        free=Count("pk", filter=Q(assignee=None)),
    )
    return Counts(**found)


def _condition(which: Listing, person: Person | None) -> Q:
    if which is Listing.CLOSED:
        return Q(state=Conversation.State.CLOSED)
    is_open = Q(state=Conversation.State.OPEN)
    if which is Listing.WAITING:
        return is_open & _WAITS
    return is_open & (Q(assignee=person) if which is Listing.MINE else Q(assignee=None))


def page(which: Listing, person: Person, *, after: str = "") -> Page:
    """The newest first. ``after`` is the ``next_key`` of the page before; one that is nonsense begins anew."""
    found = (
        Conversation.objects.filter(_condition(which, person))
        .select_related(
            "contact",
            "identity",
            "assignee",
            "sender",
            "last_message__delivery",
            "last_message__attachment",
        )
        .order_by("-last_message_at", "-id")
    )
    place = Place.read(after)
    if place is not None:
        later = Q(last_message_at=place.at, pk__lt=place.pk)
        found = found.filter(Q(last_message_at__lt=place.at) | later)
    rows = list(found[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return Page(rows, Place(rows[-1].last_message_at, rows[-1].pk).word if more else "")


# --- one conversation ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Thread:
    messages: Sequence[Message]  # the oldest first
    earlier: int | None  # the message before which there are more
    newest: bool  # whether it ends with the latest


def thread(conversation: Conversation, *, before: int | None = None, since: int | None = None) -> Thread:
    """The latest messages; those before message ``before``; or all from message ``since`` on."""
    found: QuerySet[Message] = conversation.messages.select_related(
        "author",
        "delivery__doubt",
        "attachment",
        "our_reaction_delivery",
        "reply_to__attachment",
        "reply_to__author",
        "quoted_fanout",
    ).order_by("-sent_at", "-id")
    most = THREAD
    if before is not None and (pivot := _place(conversation, before)) is not None:
        found = found.filter(Q(sent_at__lt=pivot[0]) | Q(sent_at=pivot[0], pk__lt=pivot[1]))
    elif since is not None and (pivot := _place(conversation, since)) is not None:
        kept = Q(sent_at__gt=pivot[0]) | Q(sent_at=pivot[0], pk__gte=pivot[1])
        most = min(max(conversation.messages.filter(kept).count(), THREAD), _MOST_KEPT)
    rows = list(found[: most + 1])
    more = len(rows) > most
    rows = rows[:most][::-1]
    return Thread(rows, rows[0].pk if more else None, newest=before is None)


def _place(conversation: Conversation, pk: int) -> tuple[datetime, int] | None:
    place: tuple[datetime, int] | None = (
        conversation.messages.filter(pk=pk).values_list("sent_at", "pk").first()
    )
    return place


_BEFORE = 3  # reactions to updates shown above a conversation that begins after them


def reacted() -> Exists:
    """For a query of conversations: whether their citizen ever reacted to an update."""
    return Exists(
        Reaction.objects.filter(
            contact_id=OuterRef("contact_id"), sender_id=OuterRef("sender_id"), fanout__isnull=False
        )
    )


def reactions(conversation: Conversation, thread: Thread) -> Sequence[Reaction]:
    """The citizen's reactions to updates while these messages were written, the oldest first.

    With the latest messages also those that came after them, while the conversation is open; with the first ones the last few
    that came before.
    """
    found = (
        Reaction.objects.filter(
            contact_id=conversation.contact_id, sender_id=conversation.sender_id, fanout__isnull=False
        )
        .exclude(emoji="")
        .select_related("fanout")
        .order_by("-sent_at", "-id")
    )
    # Most people never react to an update: where the conversation was read with ``reacted``, nothing more is asked.
    if not thread.messages or not getattr(conversation, "reacted", True):
        return []
    first, last = thread.messages[0].sent_at, thread.messages[-1].sent_at
    within = found.filter(sent_at__gte=first)
    if not thread.newest:
        within = within.filter(sent_at__lt=last)
    elif conversation.closed_at is not None and not conversation.is_open:
        within = within.filter(sent_at__lte=max(last, conversation.closed_at))
    shown = list(within[:THREAD])
    if thread.earlier is None:
        shown += list(found.filter(sent_at__lt=first)[:_BEFORE])
    return shown[::-1]


def history(conversation: Conversation) -> Sequence[Assignment]:
    """Its assignments, the latest first."""
    return list(conversation.assignments.select_related("by", "to").order_by("-at", "-id")[:20])


def others(conversation: Conversation) -> Sequence[Conversation]:
    """The same citizen's other conversations, the latest first."""
    return list(
        Conversation.objects.filter(contact_id=conversation.contact_id)
        .exclude(pk=conversation.pk)
        .order_by("-last_message_at")[:10]
    )
