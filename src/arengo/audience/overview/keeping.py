# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days of the list are counted once and kept, and counted again for two weeks, since words arrive late; then they stay.

As ``insights`` does (decision 49). Today is counted while somebody looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from arengo.audience.models import Consent, Subscription
from arengo.audience.overview.models import ListDay
from arengo.audience.overview.sql import statement
from arengo.core.models import Organization

AGAIN = 14  # days
MOST_DAYS = 400  # of one organization in one run; the next run goes on


@dataclass
class Counts:
    """By way of joining and by reason."""

    joined: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    left: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True)
class Now:
    """The list at this moment. ``topics``: how many receive each, by id."""

    listed: int
    topics: Mapping[str, int]
    only_ask: int


def today(organization: Organization) -> date:
    return timezone.now().astimezone(organization.zone).date()


def first_day(organization: Organization) -> date | None:
    """The first day on which somebody joined or left."""
    began: datetime | None = (
        Consent.objects.filter(effective=True).order_by("at").values_list("at", flat=True).first()
    )
    return None if began is None else began.astimezone(organization.zone).date()


def count(organization: Organization, first: date, last: date) -> dict[date, Counts]:
    """Of each day on which somebody joined or left; both days included."""
    zone = organization.zone
    values: dict[str, Any] = {
        "zone": str(zone),
        "organization": organization.pk,
        "start": datetime.combine(first, time(), zone),
        "end": datetime.combine(last + timedelta(days=1), time(), zone),
    }
    found: dict[date, Counts] = defaultdict(Counts)
    with connection.cursor() as cursor:
        cursor.execute(statement("days"), values)
        for day, action, which, many in cursor.fetchall():
            counts = found[day]
            (counts.joined if action == Consent.Action.GIVEN else counts.left)[which] += many
    return dict(found)


def now(organization: Organization) -> Now:
    """Reads the whole list: once a night, and while no night was counted yet."""
    listed = Subscription.objects.filter(active=True).count()
    with connection.cursor() as cursor:
        cursor.execute(statement("topics"), {"organization": organization.pk})
        chose = dict(cursor.fetchall())
        cursor.execute(statement("only_ask"), {"organization": organization.pk})
        only_ask = int(cursor.fetchone()[0])
    all_topics = listed - chose.pop(0, 0)
    topics = {str(topic): all_topics + many for topic, many in chose.items()}
    return Now(listed, {"0": all_topics, **topics}, only_ask)


def due(organization: Organization) -> list[date]:
    """Days to be counted now, oldest first: those never counted, and those of the last two weeks not counted since midnight."""
    end, first = today(organization), first_day(organization)
    if first is None:
        return []
    counted: dict[date, datetime] = dict(ListDay.objects.values_list("day", "counted_at"))
    midnight = datetime.combine(end, time(), organization.zone)
    again = end - timedelta(days=AGAIN)
    days = (first + timedelta(days=number) for number in range((end - first).days))
    found = [day for day in days if day not in counted or (day >= again and counted[day] < midnight)]
    return found[:MOST_DAYS]


def keep(organization: Organization, days: list[date]) -> None:
    """Counts these days, which are over, and writes them in the place of what was there. Inside the organization's scope."""
    if not days:
        return
    counted = count(organization, days[0], days[-1])
    yesterday = today(organization) - timedelta(days=1)
    at = timezone.now()
    rows = []
    for day in days:
        counts = counted.get(day, Counts())
        rows.append(
            ListDay(
                organization=organization,
                day=day,
                joined=dict(counts.joined),
                left=dict(counts.left),
                counted_at=at,
            )
        )
    with transaction.atomic():
        ListDay.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["organization", "day"],
            update_fields=["joined", "left", "counted_at"],
        )
        last = ListDay.objects.select_for_update(no_key=True).filter(day=yesterday, listed=None).first()
        if last is not None:
            there = now(organization)
            last.listed, last.topics, last.only_ask = there.listed, dict(there.topics), there.only_ask
            last.save(update_fields=["listed", "topics", "only_ask"])
