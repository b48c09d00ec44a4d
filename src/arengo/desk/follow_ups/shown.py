# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Follow-ups as the conversation and their own page show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from arengo.core import outside
from arengo.desk.follow_ups.models import FollowUp
from arengo.desk.follow_ups.verbs import FARTHEST
from arengo.desk.models import Conversation, Desk
from arengo.desk.names import called

PAGE = 50


@dataclass(frozen=True)
class Following:
    """``now``: the follow-up that is open, None where there is none. ``first`` and ``last``: the days that may be chosen."""

    now: FollowUp | None
    first: date
    last: date

    @classmethod
    def of(cls, conversation: Conversation) -> Following:
        """No query for a conversation that was read with its follow-up and whom it is for."""
        found: FollowUp | None = getattr(conversation, "follow_up", None)
        today = timezone.localdate()
        return cls(
            found if found is not None and found.done_at is None else None,
            today + timedelta(days=1),
            today + FARTHEST,
        )


@dataclass(frozen=True)
class Line:
    follow_up: FollowUp
    citizen: str


@dataclass(frozen=True)
class Lines:
    """``due``: their day is today or has passed; ``later``: the others, the nearest first. ``next_key``: "" on the last page."""

    due: Sequence[Line]
    later: Sequence[Line]
    next_key: str


def lines(desks: QuerySet[Desk], *, after: str = "") -> Lines:
    """Of open conversations of these desks, by day; ``after`` is the ``next_key`` of the page before."""
    # Their ids and not a subquery: PostgreSQL then knows that a page is full after a few rows of the index by day.
    ids = list(desks.values_list("pk", flat=True))
    found = (
        FollowUp.objects.filter(
            done_at=None, conversation__state=Conversation.State.OPEN, conversation__desk__in=ids
        )
        .select_related("person", "conversation__contact", "conversation__identity")
        .order_by("day", "conversation_id")
    )
    stamp, _dash, key = after.partition("_")
    day, pk = outside.day(stamp), outside.whole(key)
    if day is not None and pk is not None:
        found = found.filter(day__gte=day).exclude(day=day, conversation_id__lte=pk)
    rows = list(found[: PAGE + 1])
    today = timezone.localdate()
    shown = [Line(row, called(row.conversation)) for row in rows[:PAGE]]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Lines(
        [line for line in shown if line.follow_up.day <= today],
        [line for line in shown if line.follow_up.day > today],
        f"{last.day:%Y-%m-%d}_{last.conversation_id}" if last else "",
    )
