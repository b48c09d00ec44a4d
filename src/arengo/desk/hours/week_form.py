# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The week as it is typed: up to four intervals a day, each with what is wrong with it beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.desk.hours.timetable import DAY_END, Interval
from arengo.desk.hours.words import clock_words, weekday

MOST = 4  # intervals a day
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{1,2}))?")


@dataclass(frozen=True)
class Row:
    """One interval as typed. ``changed``: it is not what is kept. ``swap``: both hours are right the other way round."""

    name: str  # of the fields: «0-1» is Monday's second
    opens: str
    closes: str
    label: str
    problem: str = ""
    changed: bool = False
    swap: bool = False

    @property
    def empty(self) -> bool:
        return not self.opens and not self.closes


@dataclass(frozen=True)
class DayRows:
    """``rows``: those that are filled, and one more to fill. ``changed`` as of any of its rows."""

    weekday: int
    weekday_name: str
    rows: tuple[Row, ...]

    @property
    def changed(self) -> bool:
        return any(row.changed for row in self.rows)

    @property
    def closed(self) -> bool:
        return all(row.empty for row in self.rows)


@dataclass(frozen=True)
class WeekForm:
    """``plan``: what is right of it, in order. ``changes``: the days that differ from what is kept, in words."""

    days: tuple[DayRows, ...]
    plan: tuple[Interval, ...]
    changes: tuple[str, ...]

    @property
    def changed_words(self) -> str:
        return ", ".join(self.changes)

    @property
    def valid(self) -> bool:
        return not self.problems

    @property
    def problems(self) -> list[Row]:
        return [row for day in self.days for row in day.rows if row.problem]


def stored(kept: Iterable[Interval]) -> WeekForm:
    """The form as it opens: what is kept, and an empty row more a day."""
    plan, days = tuple(kept), []
    for day in range(7):
        spans = [(each.opens, each.closes) for each in plan if each.weekday == day]
        rows = [
            _row(day, place, f"{opens // 60:02}:{opens % 60:02}", f"{closes // 60 % 24:02}:{closes % 60:02}")
            for place, (opens, closes) in enumerate(spans)
        ]
        if len(rows) < MOST:
            rows.append(_row(day, len(rows), "", ""))
        days.append(DayRows(day, weekday(day), tuple(rows)))
    return WeekForm(tuple(days), plan, ())


def typed(data: Mapping[str, str], kept: Sequence[Interval]) -> WeekForm:
    """The form as it was sent: fields «0-1-opens», «0-1-closes»."""
    days: list[DayRows] = []
    plan: list[Interval] = []
    changes: list[str] = []
    for day in range(7):
        rows, found = _day(data, day)
        before = [(each.opens, each.closes) for each in kept if each.weekday == day]
        for place, row in enumerate(rows):
            spans = found[place]
            rows[place] = replace(
                row, changed=bool(row.problem) or (spans is not None and spans not in before)
            )
        good = sorted(span for span in found if span is not None)
        if good != before or any(row.problem for row in rows):
            changes.append(weekday(day))
            if not any(row.changed for row in rows):
                rows[0] = replace(rows[0], changed=True)
        plan += [Interval(day, *span) for span in good]
        days.append(DayRows(day, weekday(day), tuple(rows)))
    return WeekForm(tuple(days), tuple(plan), tuple(changes))


def _day(data: Mapping[str, str], day: int) -> tuple[list[Row], list[tuple[int, int] | None]]:
    """The rows of a day at the places where they were typed, up to the first empty one after the last; with the minutes of each,
    None where there are none that hold."""
    rows: list[Row] = []
    found: list[tuple[int, int] | None] = []
    for place in range(MOST):
        opens = outside.text(data.get(f"{day}-{place}-opens")).strip()
        closes = outside.text(data.get(f"{day}-{place}-closes")).strip()
        row, span = _checked(_row(day, place, opens, closes))
        overlapped = (each for each in found if span and each and span[0] < each[1] and each[0] < span[1])
        if other := next(overlapped, None):
            hours = f"{clock_words(other[0])}–{clock_words(other[1])}"
            row, span = replace(row, problem=_("Si sovrappone a %(hours)s.") % {"hours": hours}), None
        rows.append(row)
        found.append(span)
    filled = max((place for place, row in enumerate(rows) if not row.empty), default=-1)
    shown = min(filled + 2, MOST)
    return rows[:shown], found[:shown]


def _checked(row: Row) -> tuple[Row, tuple[int, int] | None]:
    if row.empty:
        return row, None
    opens, closes = minutes(row.opens), minutes(row.closes, closing=True)
    if opens is None or closes is None:
        missing = _("Scrivi un’ora, per esempio 9:00.") if (row.opens and row.closes) else _("Manca un’ora.")
        return replace(row, problem=missing), None
    if opens == closes:
        return replace(row, problem=_("Comincia e finisce alla stessa ora.")), None
    if opens > closes:
        return replace(row, problem=_("Finisce prima di cominciare: scambiare le ore?"), swap=True), None
    return row, (opens, closes)


def _row(day: int, place: int, opens: str, closes: str) -> Row:
    label = _("%(day)s, intervallo %(number)d") % {"day": weekday(day), "number": place + 1}
    return Row(f"{day}-{place}", opens, closes, label)


def minutes(text: str, *, closing: bool = False) -> int | None:
    """«9», «9:00», «09.30»; 24:00, or 0:00 as the time of closing, is the end of the day."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    since_midnight = int(found[1]) * 60 + int(found[2] or 0)
    if int(found[2] or 0) > 59 or since_midnight > (DAY_END if closing else DAY_END - 1):
        return None
    return DAY_END if closing and since_midnight == 0 else since_midnight
