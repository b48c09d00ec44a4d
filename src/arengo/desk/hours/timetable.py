# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the rows of one desk say, in one value that can be compared and kept.

Minutes are counted from midnight of the desk's own clock: 540 is 9:00, 1440 is the end of the day. ``array_like``: the
query of ``sql/timetables.sql`` writes the fields in this order.
"""

from __future__ import annotations

from datetime import date, datetime, time

import msgspec

DAY_END = 24 * 60


class Interval(msgspec.Struct, frozen=True, array_like=True):
    """``weekday``: 0 is Monday. Opens before it closes, both within one day."""

    weekday: int
    opens: int
    closes: int


class Season(msgspec.Struct, frozen=True, array_like=True):
    """Part of every year in which other hours hold, both days included; it may pass the end of the year. No intervals: closed."""

    name: str
    first_month: int
    first_day: int
    last_month: int
    last_day: int
    intervals: tuple[Interval, ...] = ()

    def covers(self, day: date) -> bool:
        first, last = (self.first_month, self.first_day), (self.last_month, self.last_day)
        asked = (day.month, day.day)
        return first <= asked <= last if first <= last else asked >= first or asked <= last


class Closure(msgspec.Struct, frozen=True, array_like=True):
    """From the first day to the last. ``from_minute`` of the first, ``until_minute`` of the last; None: the whole day."""

    first_day: date
    from_minute: int | None
    last_day: date
    until_minute: int | None
    reason: str

    @property
    def whole_days(self) -> bool:
        return self.from_minute is None and self.until_minute is None

    def covers(self, day: date) -> bool:
        """Whether any part of the day is within."""
        return self.first_day <= day <= self.last_day

    def on(self, day: date) -> tuple[int, int]:
        """From which minute to which it closes this day, which it covers."""
        start = self.from_minute or 0 if day == self.first_day else 0
        end = self.until_minute if day == self.last_day and self.until_minute is not None else DAY_END
        return start, end


class ExtraOpening(msgspec.Struct, frozen=True, array_like=True):
    day: date
    opens: int
    closes: int
    reason: str


class EmergencyOpening(msgspec.Struct, frozen=True, array_like=True):
    """Two moments, UTC. ``until``: when it ends, or was ended."""

    pk: int
    starts_at: datetime
    until: datetime
    reason: str


class Timetable(msgspec.Struct, frozen=True, array_like=True):
    """All of one desk. What is more precise wins: the week, then the season, holidays and the patron's day, closures of whole days,
    extra openings, closures by the hour, emergency openings.

    ``patron_month`` 0: no patron's day. ``zone``: the organization's, by whose clock the hours are meant.
    """

    national_holidays: bool = True
    patron_month: int = 0
    patron_day: int = 0
    patron_name: str = ""
    week: tuple[Interval, ...] = ()
    seasons: tuple[Season, ...] = ()
    closures: tuple[Closure, ...] = ()
    openings: tuple[ExtraOpening, ...] = ()
    emergencies: tuple[EmergencyOpening, ...] = ()
    zone: str = "Europe/Rome"

    @property
    def configured(self) -> bool:
        """Whether somebody wrote hours. A desk without is closed."""
        return bool(self.week or self.openings or any(season.intervals for season in self.seasons))

    def season(self, day: date) -> Season | None:
        return next((season for season in self.seasons if season.covers(day)), None)

    def intervals(self, day: date) -> list[tuple[int, int]]:
        """The minutes of the week's plan that holds this day, whatever else is decided about it."""
        season = self.season(day)
        plan = season.intervals if season else self.week
        return [(each.opens, each.closes) for each in plan if each.weekday == day.weekday()]

    def is_patron(self, day: date) -> bool:
        return bool(self.patron_month) and (day.month, day.day) == (self.patron_month, self.patron_day)


def minutes_of(value: time, *, closing: bool = False) -> int:
    """Since midnight. 0:00 as the time of closing is the end of the day."""
    minutes = value.hour * 60 + value.minute
    return DAY_END if closing and minutes == 0 else minutes


def time_of(minutes: int) -> time:
    """The end of the day is 0:00."""
    return time(minutes // 60 % 24, minutes % 60)
