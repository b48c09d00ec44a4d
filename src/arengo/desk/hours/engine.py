# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Open now? Until when? When again? How many opening minutes between two moments?

opening-hours-py evaluates the expression month by month, and each month is kept: the rows of a list that are of one desk cost
one evaluation. Hours are the organization's clock; spans are moments in UTC, so that a night that is an hour
longer or shorter counts as long as it is. An hour that does not exist begins at the next that does; of one that comes twice the
second is meant, as opening-hours-py does.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours

from arengo.desk.hours.expression import expression
from arengo.desk.hours.timetable import EmergencyOpening, Timetable

AHEAD_MONTHS = 26  # how far a next opening is looked for: over a summer, over a year of works
_COUNTRY = "IT"
_KEPT_DESKS, _KEPT_MONTHS = 256, 4096

Span = tuple[datetime, datetime]
"""From, until: moments in UTC."""


class Schedule:
    """When one desk is open. Moments that are given and returned are aware; those returned are UTC.

    An empty timetable is no error: it is closed, and not ``configured``.
    """

    def __init__(self, timetable: Timetable) -> None:
        self.timetable = timetable
        self.expression = expression(timetable)

    @property
    def configured(self) -> bool:
        return self.timetable.configured

    def is_open(self, at: datetime) -> bool:
        return self._span(at) is not None

    def open_until(self, at: datetime) -> datetime | None:
        """When it closes. None: it is closed, or it never closes within ``AHEAD_MONTHS``."""
        found = self._span(at)
        return found[1] if found and found[1] < _months_after(at) else None

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment after ``at`` at which it opens, also where it is open now. None: not within ``AHEAD_MONTHS``."""
        return next((start for start, _end in self.spans(at) if start > at), None)

    def closed_since(self, at: datetime) -> datetime:
        """When the closed period that holds at ``at`` began. Nothing was open within ``AHEAD_MONTHS``: that long ago."""
        earliest = at.astimezone(UTC).replace(second=0, microsecond=0) - timedelta(days=AHEAD_MONTHS * 31)
        begin = at
        while begin > earliest:
            begin = max(begin - timedelta(days=62), earliest)
            ends = [end for _start, end in self.spans(begin, at) if end <= at]
            if ends:
                return ends[-1]
        return earliest

    def opening_minutes(self, start: datetime, end: datetime) -> int:
        """Whole minutes in which it was open between the two moments; 0 if the second is not later."""
        if end <= start:
            return 0
        seconds = 0.0
        for opens, closes in self.spans(start, end):
            seconds += (min(closes, end) - max(opens, start)).total_seconds()
        return int(seconds // 60)

    def emergency(self, at: datetime) -> EmergencyOpening | None:
        """The emergency opening that holds at this moment, the one that ends last."""
        holding = [each for each in self.timetable.emergencies if each.starts_at <= at < each.until]
        return max(holding, key=lambda each: each.until, default=None)

    def spans(self, start: datetime, end: datetime | None = None) -> Iterator[Span]:
        """Those that are not over at ``start`` and begin before ``end``, in order, apart from each other.

        Without ``end``: ``AHEAD_MONTHS``. The first may have begun before.
        """
        until = _months_after(start) if end is None else end.astimezone(UTC)
        begin = start.astimezone(UTC)
        emergencies = [
            (each.starts_at.astimezone(UTC), each.until.astimezone(UTC))
            for each in self.timetable.emergencies
            if each.starts_at < each.until
        ]
        current: Span | None = None
        for opens, closes in heapq.merge(self._planned(begin, until), sorted(emergencies)):
            if closes <= begin or opens >= until:
                continue
            if current is not None and opens <= current[1]:
                current = (current[0], max(current[1], closes))
                continue
            if current is not None:
                yield current
            current = (opens, closes)
        if current is not None:
            yield current

    def planned_on(self, day: date) -> list[Span]:
        """The spans of one day of the town's clock, without emergency openings; in UTC."""
        zone = ZoneInfo(self.timetable.zone)
        first = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        after = day + timedelta(days=1)
        last = datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)
        return [
            (max(opens, first), min(closes, last))
            for opens, closes in _month(self.expression, self.timetable.zone, day.year, day.month)
            if opens < last and closes > first
        ]

    def _span(self, at: datetime) -> Span | None:
        """The one that at lies in."""
        found = next(self.spans(at), None)
        return found if found is not None and found[0] <= at else None

    def _planned(self, begin: datetime, until: datetime) -> Iterator[Span]:
        zone = ZoneInfo(self.timetable.zone)
        month = begin.astimezone(zone).date().replace(day=1)
        last = until.astimezone(zone).date()
        while month <= last:
            yield from _month(self.expression, self.timetable.zone, month.year, month.month)
            month = _next_month(month)


@lru_cache(maxsize=_KEPT_DESKS)
def schedule(timetable: Timetable) -> Schedule:
    """The one of this timetable; equal timetables share it."""
    return Schedule(timetable)


@lru_cache(maxsize=_KEPT_DESKS)
def _evaluated(written: str, zone: str) -> OpeningHours:
    return OpeningHours(written, timezone=ZoneInfo(zone), country=_COUNTRY)


@lru_cache(maxsize=_KEPT_MONTHS)
def _month(written: str, zone: str, year: int, month: int) -> tuple[Span, ...]:
    """The spans in which it is open, cut at the ends of the month: those of two months touch where it stays open."""
    clock = ZoneInfo(zone)
    first = date(year, month, 1)
    after = _next_month(first)
    hours = _evaluated(written, zone)
    found = hours.intervals(
        datetime(first.year, first.month, 1, tzinfo=clock), datetime(after.year, after.month, 1, tzinfo=clock)
    )
    return tuple(
        (start.astimezone(UTC), end.astimezone(UTC))
        for start, end, state, _comment in found
        if str(state) == "open" and end is not None
    )


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _months_after(moment: datetime) -> datetime:
    return moment.astimezone(UTC) + timedelta(days=AHEAD_MONTHS * 31)
