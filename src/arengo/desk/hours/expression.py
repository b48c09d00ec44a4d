# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A timetable as an OSM string (https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification).

``;`` replaces what earlier rules say of a day, and ``,`` adds to it; a rule that is ``off`` by the hour takes only those hours
away. So the order of the rules is the order in which the more precise wins (``timetable.Timetable``). Emergency openings are not
in it: they are moments, not days, and last for hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from arengo.desk.hours.timetable import DAY_END, Closure, Interval, Timetable

CLOSED = "off"
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def expression(timetable: Timetable) -> str:
    """The whole year, every year. ``off`` where nobody wrote hours."""
    rules = [*_plan(timetable.week)]
    for season in timetable.seasons:
        when = (
            f"{_yearly(season.first_month, season.first_day)}-{_yearly(season.last_month, season.last_day)}"
        )
        rules += [f"{when} {CLOSED}", *_plan(season.intervals, f"{when} ")]
    if timetable.national_holidays:
        rules.append(f"PH {CLOSED}")
    if timetable.patron_month:
        rules.append(f"{_yearly(timetable.patron_month, timetable.patron_day)} {CLOSED}")
    rules += [_closed_days(each) for each in timetable.closures if each.whole_days]
    written = "; ".join(rules) or CLOSED
    for opening in timetable.openings:
        written += f", {_dated(opening.day)} {_span(opening.opens, opening.closes)} open"
    by_the_hour = [
        f"; {rule}" for each in timetable.closures if not each.whole_days for rule in _closed_hours(each)
    ]
    return written + "".join(by_the_hour)


def _plan(intervals: Iterable[Interval], when: str = "") -> Iterator[str]:
    """Days with the same hours in one rule: ``Mo,We,Fr 09:00-13:00``."""
    days = {
        day: ",".join(_span(each.opens, each.closes) for each in of_day)
        for day, of_day in groupby(intervals, key=lambda each: each.weekday)
    }
    for hours in dict.fromkeys(days.values()):
        yield f"{when}{','.join(_WEEKDAYS[day] for day, own in days.items() if own == hours)} {hours}"


def _closed_days(closure: Closure) -> str:
    """Which reason citizens read stands beside the string, not in it: a text has no safe writing there."""
    if closure.first_day == closure.last_day:
        return f"{_dated(closure.first_day)} {CLOSED}"
    return f"{_dated(closure.first_day)}-{_dated(closure.last_day)} {CLOSED}"


def _closed_hours(closure: Closure) -> Iterator[str]:
    first, last = closure.first_day, closure.last_day
    for day in dict.fromkeys((first, last)):
        start, end = closure.on(day)
        if start < end:
            yield f"{_dated(day)} {_span(start, end)} {CLOSED}"
    if (last - first).days > 1:
        between = Closure(first + timedelta(days=1), None, last - timedelta(days=1), None, "")
        yield _closed_days(between)


def _span(opens: int, closes: int) -> str:
    return f"{_clock(opens)}-{_clock(closes)}"


def _clock(minutes: int) -> str:
    return "24:00" if minutes == DAY_END else f"{minutes // 60:02}:{minutes % 60:02}"


def _yearly(month: int, day: int) -> str:
    return f"{_MONTHS[month - 1]} {day:02}"


def _dated(day: date) -> str:
    return f"{day.year} {_yearly(day.month, day.day)}"
