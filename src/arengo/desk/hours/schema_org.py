# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening hours for search engines: schema.org's OpeningHoursSpecification, as microdata of a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arengo.desk.hours.timetable import DAY_END, Interval, Season, Timetable

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Specification:
    """``day``: schema.org's name of the weekday, "" for single days. Closed from first to last day: both hours are 00:00, as its
    documentation says."""

    day: str
    opens: str
    closes: str
    valid_from: date | None = None
    valid_through: date | None = None


def specifications(timetable: Timetable, today: date) -> list[Specification]:
    """The week, each season of this year, and closures and extra openings to come; special ones stand above the week."""
    found = [_of(each) for each in timetable.week]
    for season in timetable.seasons:
        first, last = _this_year(season, today)
        if not season.intervals:
            found.append(Specification("", "00:00", "00:00", first, last))
        found += [_of(each, first, last) for each in season.intervals]
    found += [
        Specification("", "00:00", "00:00", each.first_day, each.last_day)
        for each in timetable.closures
        if each.whole_days and each.last_day >= today
    ]
    found += [
        Specification("", _clock(each.opens), _clock(each.closes), each.day, each.day)
        for each in timetable.openings
        if each.day >= today
    ]
    return found


def _of(interval: Interval, first: date | None = None, last: date | None = None) -> Specification:
    return Specification(
        _DAYS[interval.weekday], _clock(interval.opens), _clock(interval.closes), first, last
    )


def _this_year(season: Season, today: date) -> tuple[date, date]:
    """Its days of this year; of one that passes the end of the year those that end next."""
    first = date(today.year, season.first_month, season.first_day)
    last = date(today.year, season.last_month, season.last_day)
    if last >= first:
        return first, last
    return (
        (first, last.replace(year=today.year + 1))
        if today > last
        else (first.replace(year=today.year - 1), last)
    )


def _clock(minutes: int) -> str:
    return "23:59" if minutes == DAY_END else f"{minutes // 60:02}:{minutes % 60:02}"
