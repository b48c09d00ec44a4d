# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The schedules of desks: one query for as many as a page shows."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from django.db import connection
from django.utils import timezone

from arengo.core.models import Membership
from arengo.core.prepared import prepared
from arengo.core.scope import current_organization_id
from arengo.desk.hours.engine import Schedule, schedule
from arengo.desk.hours.sql import statement
from arengo.desk.hours.timetable import Timetable

KEPT = timedelta(days=3 * 366)  # what ended longer ago is not read: opening minutes are counted so far back

_KNOWN = "desk_hours_known"  # of a request's membership


@dataclass(frozen=True)
class DeskHours:
    """One desk with its schedule."""

    pk: int
    name: str
    slug: str
    schedule: Schedule


def desk_hours() -> list[DeskHours]:
    """Of all desks that are in service, in their order: one query. Inside one organization's scope."""
    return _read(None)


def desk_hours_of(membership: Membership | None) -> list[DeskHours]:
    """The same for a request: asked once for all that a page shows. ``membership``: the request's, which remembers them."""
    known: list[DeskHours] | None = getattr(membership, _KNOWN, None)
    if known is None:
        known = desk_hours()
        if membership is not None:
            setattr(membership, _KNOWN, known)
    return known


def schedules(desks: Collection[int]) -> Mapping[int, Schedule]:
    """By the desk's id, in service or not: one query. Those that are not of the scope's organization are not there.

    Inside one organization's scope.
    """
    return {each.pk: each.schedule for each in _read(list(desks))} if desks else {}


def schedule_of(desk_id: int) -> Schedule:
    """The same for one. LookupError for a desk that is not of the scope's organization."""
    return schedules([desk_id])[desk_id]


def _read(desks: list[int] | None) -> list[DeskHours]:
    organization, since = current_organization_id(), timezone.now() - KEPT
    with prepared(), connection.cursor() as cursor:
        cursor.execute(
            statement("timetables"), {"organization": organization, "desks": desks, "since": since}
        )
        return [
            DeskHours(pk, name, slug, schedule(msgspec.convert(json.loads(written), Timetable)))
            for pk, name, slug, written in cursor.fetchall()
        ]
