# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A year of one desk, day by day: what the calendar draws, and the days that are different from the usual ones."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.desk.hours.engine import Schedule
from arengo.desk.hours.timetable import DAY_END
from arengo.desk.hours.words import holiday, named, span_words

FIRST_YEAR, LAST_YEAR = 2024, 2100  # for which the calendar of holidays is known


class Look(StrEnum):
    """How the calendar draws a day: a pattern and the number tell them apart, colour alone does not."""

    ONE = "one"  # open once
    MORE = "more"  # open several times
    SEASON = "season"  # a season's hours
    OFF = "off"  # closed, as in every week
    HOLIDAY = "holiday"
    CLOSED = "closed"
    EXTRA = "extra"


@dataclass(frozen=True)
class Day:
    """``words``: how it is open; ``reason``: why it is different, typed by staff or the name of a holiday; ``usual``: the hours that it
    would have otherwise, where it is different."""

    day: date
    look: Look
    words: str
    reason: str
    usual: str
    today: bool
    chosen: bool

    @property
    def iso(self) -> str:
        return self.day.isoformat()


@dataclass(frozen=True)
class Month:
    """``weeks``: of seven days each, None outside of the month."""

    name: str
    weeks: Sequence[Sequence[Day | None]]


def day_of(schedule: Schedule, day: date, *, chosen: date | None = None) -> Day:
    timetable = schedule.timetable
    spans = minutes_on(schedule, day)
    usual = timetable.intervals(day)
    closures = [each for each in timetable.closures if each.covers(day)]
    extras = [each for each in timetable.openings if each.day == day]
    feast = holiday(timetable, day)
    reasons = [each.reason for each in extras] + [each.reason for each in closures]
    reason = next(filter(None, reasons), feast)
    different = bool(closures or extras or feast)
    if extras and spans:
        look = Look.EXTRA
    elif closures:
        look = Look.CLOSED
    elif feast:
        look = Look.HOLIDAY
    elif not spans:
        look = Look.OFF
    elif timetable.season(day):
        look = Look.SEASON
    else:
        look = Look.ONE if len(spans) == 1 else Look.MORE
    return Day(
        day,
        look,
        span_words(spans),
        reason,
        span_words(usual) if different and usual else "",
        today=day == timezone.localdate(),
        chosen=day == chosen,
    )


def minutes_on(schedule: Schedule, day: date) -> list[tuple[int, int]]:
    """The planned spans of a day as the clock shows them, in minutes from midnight."""
    return [(_minute(start, day), _minute(end, day)) for start, end in schedule.planned_on(day)]


def months(schedule: Schedule, year: int, *, chosen: date | None) -> list[Month]:
    """The twelve months; every day of them is looked at once."""
    found = []
    for month in range(1, 13):
        weeks = [
            [day_of(schedule, day, chosen=chosen) if day.month == month else None for day in week]
            for week in calendar.Calendar().monthdatescalendar(year, month)
        ]
        found.append(Month(named(date(year, month, 1), "F"), weeks))
    return found


def within(year: int) -> int:
    """The nearest year that the calendar shows."""
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def next_closure(schedule: Schedule, today: date) -> str:
    """«lunedì 7 dicembre, ponte dell'Immacolata»: the next day of the coming month that is closed for a reason; ""."""
    for ahead in range(1, 32):
        day = today + timedelta(days=ahead)
        found = day_of(schedule, day)
        if found.look in (Look.CLOSED, Look.HOLIDAY) and found.usual:
            when = named(day, "l j F")
            return _("%(day)s, %(reason)s") % {"day": when, "reason": found.reason} if found.reason else when
    return ""


def _minute(moment: datetime, day: date) -> int:
    local = timezone.localtime(moment)
    if local.date() > day and local.time() == time(0):
        return DAY_END
    return local.hour * 60 + local.minute
