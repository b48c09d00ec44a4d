# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many come onto the list and leave it. The recipients of a message: ``recipients.py``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from arengo.audience.models import Consent


@dataclass(frozen=True)
class Day:
    """How many came onto the list and left it on one day."""

    day: date
    joined: int
    left: int


def movements(days: int = 30, *, now: datetime | None = None) -> list[Day]:
    """The last days, today included, oldest first. In the current time zone."""
    today = timezone.localtime(now).date()
    first = today - timedelta(days=days - 1)
    start = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    counted = (
        Consent.objects.filter(effective=True, at__gte=start)
        .annotate(day=TruncDate("at"))
        .values("day")
        .annotate(
            joined=Count("pk", filter=Q(action=Consent.Action.GIVEN)),
            left=Count("pk", filter=Q(action=Consent.Action.WITHDRAWN)),
        )
    )
    by_day = {row["day"]: Day(row["day"], row["joined"], row["left"]) for row in counted}
    return [
        by_day.get(day, Day(day, 0, 0)) for day in (first + timedelta(days=number) for number in range(days))
    ]
