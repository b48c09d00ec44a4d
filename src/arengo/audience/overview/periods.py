# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The spans that the overview shows, and their columns: thirty days, twelve months, or all months there are."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from arengo.core.time_words import named_day

_MOST_MONTHS = 60  # columns; beyond, a column is a year


class Span(enum.StrEnum):
    DAYS = "30"
    MONTHS = "12"
    ALL = "all"


ADDRESSES = {"giorni": Span.DAYS, "mesi": Span.MONTHS, "sempre": Span.ALL}


@dataclass(frozen=True)
class Column:
    """Both days included. ``label``: below the axis; ``name``: in the table."""

    first: date
    last: date
    label: str
    name: str


def columns(span: Span, today: date, began: date) -> Sequence[Column]:
    """From left to right; the last one ends today."""
    if span is Span.DAYS:
        days = [today - timedelta(days=back) for back in range(29, -1, -1)]
        return [Column(day, day, named_day(day, "j M"), named_day(day, "l j F")) for day in days]
    first = _month(today, 11) if span is Span.MONTHS else began.replace(day=1)
    starts = [first]
    while (following := _next(starts[-1])) <= today:
        starts.append(following)
    if len(starts) > _MOST_MONTHS:
        return [
            Column(max(date(year, 1, 1), began), min(date(year, 12, 31), today), str(year), str(year))
            for year in range(began.year, today.year + 1)
        ]
    return [
        Column(
            start,
            min(_next(start) - timedelta(days=1), today),
            named_day(start, "M y" if start.month == 1 or number == 0 else "M"),
            named_day(start, "F Y"),
        )
        for number, start in enumerate(starts)
    ]


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _month(day: date, back: int) -> date:
    """The first day of the month so many months before."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)
