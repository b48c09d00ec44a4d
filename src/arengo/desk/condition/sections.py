# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of conversations that wait for the antivirus: a section of the snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Min, Q, QuerySet

from arengo.core.console.conditions import Sections
from arengo.core.machine import Machine
from arengo.desk.models import Attachment

MOST = 1_000  # that are counted
_BY_CHANCE = 2  # tries within the first minute: a daemon that starts anew is no trouble


@dataclass(frozen=True)
class Unscanned:
    """Of the scope, each number at most ``MOST``. ``away``: the antivirus does not answer; ``not_taken``: it answers, and does
    not look at them. ``since``: when the first of them was written.
    """

    away: int = 0
    not_taken: int = 0
    since: datetime | None = None


def waiting() -> QuerySet[Attachment]:
    """Those that wait for longer than chance explains."""
    return Attachment.objects.filter(
        state=Attachment.State.PENDING, cause=Attachment.Cause.SCAN, tries__gt=_BY_CHANCE
    )


def read_unscanned(sections: Sections) -> Unscanned:
    """While migrations are pending the columns may not be there yet."""
    return Unscanned() if sections.of(Machine).migrations_pending else unscanned()


def unscanned() -> Unscanned:
    first = waiting().order_by("organization", "id").annotate(written=F("message__received_at"))[:MOST]
    found = first.aggregate(
        away=Count("pk", filter=Q(in_a_row=0)),
        not_taken=Count("pk", filter=Q(in_a_row__gt=0)),
        since=Min("written"),
    )
    return Unscanned(**found)
