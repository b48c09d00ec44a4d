# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of a conversation. Paged by key: page 200 costs what page 1 does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from arengo.desk.marks import carries
from arengo.desk.models import Assignment, Conversation, Message, Reaction

THREAD = 50  # messages
_ABOVE = 10  # messages above the first unread one
_MOST_UNREAD = (
    200  # messages of a page that begins with what is unread; a page of five hundred is slow to draw
)
_MOST_KEPT = 500  # messages that a screen which scrolled far back keeps in view


@dataclass(frozen=True)
class Thread:
    messages: Sequence[Message]  # the oldest first
    earlier: int | None  # the message before which there are more
    newest: bool  # whether it ends with the latest


def in_thread(messages: QuerySet[Message]) -> QuerySet[Message]:
    """With all that a bubble shows of each. What few messages have is read for these alone: a query each, where one has it."""
    return messages.select_related(
        "author", "delivery__doubt", "attachment", "asked", "mistake__by"
    ).prefetch_related("our_reaction_delivery", "reply_to__attachment", "reply_to__author", "quoted_fanout")


def thread(
    conversation: Conversation,
    *,
    before: int | None = None,
    since: int | None = None,
    around: int | None = None,
) -> Thread:
    """The latest messages; those before message ``before``; all from message ``since`` on; or those around message ``around``.

    All that are unread are among the latest, and some before them, up to a ceiling.
    """
    found = in_thread(conversation.messages.all()).order_by("-sent_at", "-id")
    most, newest = THREAD, before is None
    if around is not None and (pivot := _place(conversation, around)) is not None:
        # As many after it as fit on half a page: the rest of the page is what led to it.
        later = found.filter(Q(sent_at__gt=pivot[0]) | Q(sent_at=pivot[0], pk__gt=pivot[1])).reverse()
        ends = list(later.values_list("sent_at", "pk")[: THREAD // 2 + 1])
        newest = len(ends) <= THREAD // 2
        if not newest:
            last = ends[-2]
            found = found.filter(Q(sent_at__lt=last[0]) | Q(sent_at=last[0], pk__lte=last[1]))
    elif before is None:
        most = min(max(THREAD, conversation.unread + _ABOVE), _MOST_UNREAD)
    if before is not None and around is None and (pivot := _place(conversation, before)) is not None:
        found = found.filter(Q(sent_at__lt=pivot[0]) | Q(sent_at=pivot[0], pk__lt=pivot[1]))
    elif since is not None and (pivot := _place(conversation, since)) is not None:
        kept = Q(sent_at__gt=pivot[0]) | Q(sent_at=pivot[0], pk__gte=pivot[1])
        most = min(max(conversation.messages.filter(kept).count(), THREAD), _MOST_KEPT)
    rows = list(found[: most + 1])
    more = len(rows) > most
    rows = rows[:most][::-1]
    return Thread(rows, rows[0].pk if more else None, newest=newest)


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


def with_others() -> Exists:
    """For a query of conversations: whether their citizen has another one, at whatever desk."""
    same = Conversation.objects.filter(contact=OuterRef("contact"))
    return Exists(same.exclude(pk=OuterRef("pk")))


def others(conversation: Conversation, among: QuerySet[Conversation]) -> Sequence[Conversation]:
    """The same citizen's other conversations ``among`` these, the latest first."""
    if not carries(conversation, "others"):
        return []
    return list(
        among.filter(contact_id=conversation.contact_id)
        .exclude(pk=conversation.pk)
        .order_by("-last_message_at")[:10]
    )
