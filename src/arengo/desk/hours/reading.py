# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The schedules of desks: one query for as many as a page shows."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import timedelta

import msgspec
from django.db import connection
from django.utils import timezone

from arengo.core.scope import current_organization_id
from arengo.desk.hours.engine import Schedule, schedule
from arengo.desk.hours.sql import statement
from arengo.desk.hours.timetable import Timetable

KEPT = timedelta(days=3 * 366)  # what ended longer ago is not read: opening minutes are counted so far back


def schedules(desks: Collection[int]) -> Mapping[int, Schedule]:
    """By the desk's id: one query. Those that are not of the scope's organization are not there.

    Inside one organization's scope.
    """
    if not desks:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            statement("timetables"),
            {
                "organization": current_organization_id(),
                "desks": list(desks),
                "since": timezone.now() - KEPT,
            },
        )
        return {
            pk: schedule(msgspec.convert(json.loads(written), Timetable)) for pk, written in cursor.fetchall()
        }


def schedule_of(desk_id: int) -> Schedule:
    """The same for one. LookupError for a desk that is not of the scope's organization."""
    return schedules([desk_id])[desk_id]
