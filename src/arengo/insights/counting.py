# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From what was said and closed on one day to its figures. Nothing here asks the database.

What happens counts on the day and in the hour in which it happens: an answer of Tuesday to a question of Monday is Tuesday's.
So a day that is over does not change, and slow answers are not missing from the days that have just passed.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import groupby
from typing import NamedTuple

from arengo.desk.hours.engine import Schedule, Span
from arengo.insights.values import DeskDay, Group, Work


class What(enum.IntEnum):
    """As ``sql/events.sql`` numbers it, in the order in which things of one instant count."""

    REQUEST = 0
    ANSWER = 1
    CLOSING = 2


class Event(NamedTuple):
    """``person``: of ours, who wrote or closed. ``failed``: the citizen does not have it."""

    conversation_id: int
    desk_id: int
    contact_id: int
    at: datetime
    what: int
    person: int | None
    failed: bool


class OpenRequest(NamedTuple):
    """At the beginning of the day, of one conversation."""

    asked_at: datetime
    answered: bool


@dataclass(frozen=True)
class Clock:
    """One desk's. ``schedule`` None: nobody wrote its hours, so all minutes count. ``spans``: when it is open on the day."""

    schedule: Schedule | None = None
    spans: Sequence[Span] = ()

    def waited(self, since: datetime, until: datetime) -> int:
        """Whole minutes."""
        if self.schedule is None:
            return max(int((until - since).total_seconds()) // 60, 0)
        return self.schedule.opening_minutes(since, until)

    def is_shut(self, at: datetime) -> bool:
        return self.schedule is not None and not any(start <= at < end for start, end in self.spans)


@dataclass
class Counts:
    """``desks``: by id. ``operators``: by desk and person."""

    desks: dict[int, DeskDay] = field(default_factory=dict)
    operators: dict[tuple[int, int], Work] = field(default_factory=lambda: defaultdict(Work))


def count(
    events: Iterable[Event],
    open_requests: Mapping[int, OpenRequest],
    groups: Mapping[int, Collection[str]],
    clocks: Mapping[int, Clock],
    zone: tzinfo,
) -> Counts:
    """``events`` of one day, each conversation's together and in order. ``groups``: by conversation, with their grouping."""
    counts = Counts({desk: DeskDay() for desk in clocks})
    for conversation, its in groupby(events, key=lambda event: event.conversation_id):
        request = open_requests.get(conversation)
        names = ("", *groups.get(conversation, ()))
        for event in its:
            day = counts.desks.setdefault(event.desk_id, DeskDay())
            clock = clocks.get(event.desk_id, Clock())
            request = _one(event, request, [day.group(name) for name in names], clock, counts, zone)
    return counts


def _one(
    event: Event,
    request: OpenRequest | None,
    groups: Sequence[Group],
    clock: Clock,
    counts: Counts,
    zone: tzinfo,
) -> OpenRequest | None:
    """Counts it in these groups. What becomes of the conversation's request by it."""
    hour = event.at.astimezone(zone).hour
    work = counts.operators[event.desk_id, event.person] if event.person is not None else Work()
    if event.what == What.REQUEST:
        shut = clock.is_shut(event.at)
        for group in groups:
            cell = group.cell(hour)
            cell.received += 1
            cell.outside += shut
            cell.begun += request is None
            if event.contact_id not in group.people:
                group.people.append(event.contact_id)
        return request or OpenRequest(event.at, False)
    asked_in = _hour_of_week(request.asked_at, zone) if request else 0
    waited = clock.waited(request.asked_at, event.at) if request else 0
    if event.what == What.ANSWER:
        work.sent += 1
        for group in groups:
            group.cell(hour).sent += 1
            group.failed += event.failed
        if request is None or request.answered:
            return request
        work.first.append(waited)
        for group in groups:
            group.first.setdefault(asked_in, []).append(waited)
        return OpenRequest(request.asked_at, True)
    if request is not None:
        work.closed.append(waited)
        for group in groups:
            group.closed.setdefault(asked_in, []).append(waited)
            group.unanswered += not request.answered
    return None


def _hour_of_week(at: datetime, zone: tzinfo) -> int:
    local = at.astimezone(zone)
    return local.weekday() * 24 + local.hour
