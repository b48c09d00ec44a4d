# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Timetables of desks: as values, and as rows."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from arengo.desk.hours import models
from arengo.desk.hours.engine import Schedule
from arengo.desk.hours.timetable import Interval, Timetable
from arengo.desk.models import Desk

ROME = ZoneInfo("Europe/Rome")
MORNING, AFTERNOON = (9 * 60, 13 * 60), (15 * 60, 17 * 60)
NINE = MORNING[0]


def rome(written: str, *, fold: int = 0) -> datetime:
    """``rome("2026-12-01 10:12")``: that moment of the town's clock."""
    return datetime.fromisoformat(written).replace(tzinfo=ROME, fold=fold)


def on(day: str) -> date:
    return date.fromisoformat(day)


def office(*, days: int = 5) -> tuple[Interval, ...]:
    """Ancona's hours: 9–13, on Tuesday and Thursday 15–17 too."""
    return tuple(
        Interval(day, *hours)
        for day in range(days)
        for hours in ((MORNING, AFTERNOON) if day in (1, 3) else (MORNING,))
    )


def urp(**fields: object) -> Schedule:
    """The URP's schedule, with what else is decided."""
    return Schedule(Timetable(**{"week": office(), **fields}))  # type: ignore[arg-type]


def write_office(desk: Desk) -> None:
    """The same hours as rows of this desk."""
    rows = [
        models.Interval(
            desk=desk,
            organization_id=desk.organization_id,
            weekday=each.weekday,
            opens=each.opens,
            closes=each.closes,
        )
        for each in office()
    ]
    models.Interval.objects.bulk_create(rows)
