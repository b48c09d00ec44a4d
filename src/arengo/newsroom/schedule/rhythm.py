# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The organization's rhythm, read and set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from arengo.core import audit
from arengo.core.models import Organization, Person
from arengo.newsroom.schedule.clock import Times
from arengo.newsroom.schedule.models import Appointment, Rhythm


def times() -> Times:
    """Of the scope's organization; the usual quiet hours and no plan where nobody set them."""
    kept = Rhythm.objects.first()
    if kept is None:
        return Times()
    return Times(kept.quiet_from, kept.quiet_until, tuple(kept.weekdays), kept.at)


def change(organization: Organization, now: Times, *, by: Person) -> None:
    """What is planned already stays where it is."""
    values = {
        "quiet_from": now.quiet_from,
        "quiet_until": now.quiet_until,
        "weekdays": sorted(set(now.weekdays)),
        "at": now.at,
    }
    with transaction.atomic():
        Rhythm.objects.update_or_create(organization=organization, defaults=values)
        audit.record("newsroom.changed_rhythm", organization=organization, by=by)


def taken() -> Sequence[datetime]:
    """Moments at which something is planned."""
    return list(
        Appointment.objects.filter(state=Appointment.State.PLANNED).values_list("at", flat=True)[:1_000]
    )
