# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The days that figures are asked for: from one to another. Whole weeks, months and years know the ones before and after."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, timedelta

from arengo.core import outside

USUAL_WEEKS = 8
MOST_DAYS = 3 * 366
_BY_DAY, _BY_WEEK = 31, 200  # the longest periods that a chart shows day by day, week by week


class Fault(enum.StrEnum):
    """Why days that were asked for are not shown."""

    UNREADABLE = "unreadable"
    TO_COME = "to_come"


class Kind(enum.Enum):
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    OTHER = "other"


@dataclass(frozen=True)
class Period:
    """Both days included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def kind(self) -> Kind:
        for kind, whole in ((Kind.WEEK, week_of), (Kind.MONTH, month_of), (Kind.YEAR, year_of)):
            if self == whole(self.first):
                return kind
        return Kind.OTHER

    @property
    def before(self) -> Period:
        """The one that ends the day before: a whole one of the same kind, or as many days."""
        return self._whole(self.first - timedelta(days=1)) or Period(
            self.first - timedelta(days=self.days), self.first - timedelta(days=1)
        )

    @property
    def after(self) -> Period:
        return self._whole(self.last + timedelta(days=1)) or Period(
            self.last + timedelta(days=1), self.last + timedelta(days=self.days)
        )

    def compared_with(self, today: date) -> Period:
        """What it is compared with: the one before; while it lasts, as many days of that one as have begun of this."""
        before = self.before
        if not self.first <= today < self.last:
            return before
        return Period(before.first, min(before.first + (today - self.first), before.last))

    def starts(self) -> list[date]:
        """The first day of each bar of a chart: days, weeks from Monday, or months."""
        if self.days <= _BY_DAY:
            return [self.first + timedelta(days=number) for number in range(self.days)]
        found = [self.first]
        whole = week_of if self.days <= _BY_WEEK else month_of
        while (following := whole(found[-1]).last + timedelta(days=1)) <= self.last:
            found.append(following)
        return found

    @property
    def steps(self) -> Kind:
        """What a bar of :meth:`starts` is; OTHER is a day."""
        return Kind.OTHER if self.days <= _BY_DAY else Kind.WEEK if self.days <= _BY_WEEK else Kind.MONTH

    def _whole(self, day: date) -> Period | None:
        whole = {Kind.WEEK: week_of, Kind.MONTH: month_of, Kind.YEAR: year_of}.get(self.kind)
        return whole(day) if whole else None


def week_of(day: date) -> Period:
    """From Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def month_of(day: date) -> Period:
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return Period(day.replace(day=1), following - timedelta(days=1))


def year_of(day: date) -> Period:
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def usual(today: date) -> Period:
    """What the page opens with: the last weeks, this one included."""
    last = week_of(today).last
    return Period(last - timedelta(days=7 * USUAL_WEEKS - 1), last)


def read(first: str | None, last: str | None, today: date) -> tuple[Period, Fault | None]:
    """The period that was asked for; else the usual one, and why. The days may stand in either order."""
    if not first and not last:
        return usual(today), None
    start, end = outside.day(first), outside.day(last)
    if start is None or end is None:
        return usual(today), Fault.UNREADABLE
    asked = Period(min(start, end), max(start, end))
    if asked.first > today:
        return usual(today), Fault.TO_COME
    return (asked, None) if asked.days <= MOST_DAYS else (usual(today), Fault.UNREADABLE)
