# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days are counted once, kept, and counted again for two weeks, since labels and failures come late; then they stay as they are.

What was told of a month does not change when hours or labels change a year later. Counting a day twice has no second effect.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from arengo.audience.models import Subscription
from arengo.core.models import Organization
from arengo.desk.models import Message
from arengo.insights import sources
from arengo.insights.counting import Counts
from arengo.insights.models import CountedDay, OperatorAgreement, OperatorDay
from arengo.insights.values import written

AGAIN = 14  # days: what comes late comes within them
KEPT = timedelta(days=3 * 366)  # as far back as the calendar of closures is read (desk/hours/reading.py)
MOST_DAYS = 400  # of one organization in one run of the job; the next run goes on


def today(organization: Organization) -> date:
    return timezone.now().astimezone(organization.zone).date()


def first_day(organization: Organization) -> date | None:
    """The first day of which anything can be told: that of the first message, or as far back as is kept."""
    began: datetime | None = Message.objects.order_by("sent_at").values_list("sent_at", flat=True).first()
    if began is None:
        return None
    return max(began.astimezone(organization.zone).date(), today(organization) - KEPT)


def due(organization: Organization) -> list[date]:
    """The days to be counted now, newest first, ``MOST_DAYS`` at most: those never counted, and those of the last two weeks that
    were not counted since midnight. Today is never among them. Inside the organization's scope."""
    now = today(organization)
    first = first_day(organization)
    if first is None:
        return []
    rows = CountedDay.objects.filter(day__gte=first).values("day").annotate(at=Min("counted_at"))
    counted: dict[date, datetime] = dict(rows.values_list("day", "at"))
    midnight = datetime.combine(now, time(), organization.zone)
    days = (now - timedelta(days=number) for number in range(1, (now - first).days + 1))
    found = [
        day
        for day in days
        if day not in counted or (day >= now - timedelta(days=AGAIN) and counted[day] < midnight)
    ]
    return found[:MOST_DAYS]


def keep_day(organization: Organization, day: date) -> None:
    """Counts the day and writes it in the place of what was there. Inside the organization's scope. Locks what was there, by id and
    before it counts, so that two citizens who become one meanwhile (``people.py``) are one afterwards.

    A day that is not over is refused: ValueError.
    """
    now = today(organization)
    if day >= now:
        raise ValueError("A day is kept once it is over.")
    with transaction.atomic():
        held = CountedDay.objects.select_for_update(no_key=True).filter(day=day).order_by("pk")
        known = list(held.values_list("pk", flat=True))
        counts = sources.read_counts(organization, day)
        subscribers = None
        if not known and day == now - timedelta(days=1):
            subscribers = Subscription.objects.filter(active=True).count()
        CountedDay.objects.bulk_create(
            [
                CountedDay(
                    organization=organization,
                    desk_id=desk,
                    day=day,
                    content=written(figures),
                    subscribers=subscribers,
                    counted_at=timezone.now(),
                )
                for desk, figures in sorted(counts.desks.items())
            ],
            update_conflicts=True,
            unique_fields=["desk", "day"],
            update_fields=["content", "counted_at"],
        )
        _write_operators(organization, day, counts)


def keep_operators(organization: Organization, day: date) -> None:
    """Counts and writes only who did what on this day. Inside the organization's scope."""
    with transaction.atomic():
        _write_operators(organization, day, sources.read_counts(organization, day))


def between(organization: Organization, start: date, end: date) -> list[date]:
    """The days of this span that can be counted. Inside the organization's scope."""
    first = first_day(organization)
    if first is None:
        return []
    start, end = max(start, first), min(end, today(organization) - timedelta(days=1))
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


def _write_operators(organization: Organization, day: date, counts: Counts) -> None:
    """Where it may be counted: from the day of the agreement on. Locks the agreement, so that it cannot go meanwhile."""
    agreement = OperatorAgreement.objects.select_for_update(no_key=True).first()
    OperatorDay.objects.filter(day=day).delete()
    if agreement is None or day < agreement.agreed_on:
        return
    OperatorDay.objects.bulk_create(
        OperatorDay(organization=organization, desk_id=desk, person_id=person, day=day, content=written(work))
        for (desk, person), work in sorted(counts.operators.items())
    )


def forget_old(organization: Organization) -> None:
    """Days that are older than anybody can look at. Inside the organization's scope."""
    before = today(organization) - KEPT - timedelta(days=31)
    CountedDay.objects.filter(day__lt=before).delete()
    OperatorDay.objects.filter(day__lt=before).delete()
