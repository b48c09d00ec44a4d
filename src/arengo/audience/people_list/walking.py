# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page of the list, by key: page 300 costs what page 1 does.

People that do not fit a filter are passed on the way. One walk looks at so many and no more; where that did not fill the page it says how
far it came, and the next walk goes on from there. So a filter that fits few needs no index of its own, and no page is slow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from arengo.audience.people_list.asking import Asked, Place, midnight
from arengo.audience.people_list.sql import statement
from arengo.core.scope import current_organization_id

PAGE = 50
WALKED = 5_000  # subscriptions that one walk looks at
_FOREVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Walk:
    """``found``: ids of subscriptions. ``next``: where it goes on; None at the end. ``full``: the page is, not the walk's patience."""

    found: list[int]
    next: Place | None
    full: bool


def walk(asked: Asked, after: Place, *, most: int = PAGE, walked: int = WALKED) -> Walk:
    """One query; a second where filters left the page unfilled."""
    reached = statement(
        "reached",
        time="ended_at" if asked.left else "since",
        state="NOT s.active" if asked.left else "s.active",
    )
    fitting = ["true"]
    if asked.topic is not None:
        fitting.append(statement("fits_topic"))
    if asked.stopped:
        fitting.append(statement("fits_stopped"))
    if asked.way:
        fitting.append(statement("fits_way"))
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "at": after.at,
        "id": after.pk,
        "first": midnight(asked.since) if asked.since else _FOREVER,
        "walked": walked if asked.narrowed else most + 1,
        "most": most + 1,
        "topic": asked.topic,
        "way": asked.way,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement("walk", reached=reached, fitting=" AND ".join(fitting)), values)
        rows = cursor.fetchall()
        if len(rows) > most:
            pk, at = rows[most - 1]
            return Walk([row[0] for row in rows[:most]], Place(at, pk), full=True)
        last = None
        if asked.narrowed:
            cursor.execute(statement("last", reached=reached), values)
            last = cursor.fetchone()
    return Walk([row[0] for row in rows], Place(last[1], last[0]) if last else None, full=len(rows) == most)


def everybody(asked: Asked, *, many: int) -> Iterator[list[int]]:
    """All whom it asks for, ``many`` at a time."""
    after: Place | None = asked.start()
    while after is not None:
        step = walk(asked, after, most=many, walked=4 * many)
        after = step.next
        if step.found:
            yield step.found
