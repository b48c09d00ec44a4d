# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long an organization keeps what a rule is about. Every job that forgets asks here, and so does every page that says it.

The organization's number stays within the rule's bounds, also when the installation's became shorter since: who runs the server
pays for the disk and answers for it, so that the installation's number is the default and the longest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.console import retention
from arengo.core.console.retention import RetentionRule
from arengo.core.models import Organization, Person
from arengo.core.retention.models import RetentionPeriod
from arengo.core.scope import every_organization

NOTICE = timedelta(days=3)  # before a shorter period begins to count


class NotPossible(Exception):
    """Why the period cannot be this, in the user's language."""


@dataclass(frozen=True)
class Period:
    """``next_days`` from ``next_from`` on; None: nothing changes."""

    days: int
    next_days: int | None = None
    next_from: datetime | None = None


def default(rule: RetentionRule) -> int:
    """Days. Of a rule that lasts."""
    if rule.lasts is None:
        raise ValueError(f"{rule.name} has no time.")
    return rule.lasts().days


def longest(rule: RetentionRule) -> int:
    most = rule.bounds.most if rule.bounds else None
    return default(rule) if most is None else most


def of(rule: RetentionRule) -> Period:
    """Inside one organization's scope."""
    row = RetentionPeriod.objects.filter(rule=rule.name).first() if rule.bounds else None
    return _as_it_counts(rule, row, timezone.now())


def days(name: str) -> int:
    """Of the rule of this name. Inside one organization's scope."""
    return of(retention.rule(name)).days


def cutoff(rule: RetentionRule, at: datetime | None = None) -> datetime:
    """What is older than this is over at ``at``, now if it is not said. Inside one organization's scope."""
    now = at or timezone.now()
    if rule.bounds is None and rule.lasts is not None:
        return now - rule.lasts()  # a fixed time may be of minutes
    period = of(rule)
    begun = period.next_from is not None and period.next_from <= now
    return now - timedelta(days=period.next_days if begun and period.next_days else period.days)


def of_all(name: str) -> Mapping[int, int]:
    """Organization's id → days, of every organization, for a job that serves all at once."""
    rule, now = retention.rule(name), timezone.now()
    with every_organization("retention: each organization has its own period"):
        rows = {row.organization_id: row for row in RetentionPeriod.objects.filter(rule=name)}
    ids = Organization.objects.order_by("pk").values_list("pk", flat=True)
    return {pk: _as_it_counts(rule, rows.get(pk), now).days for pk in ids}


def change(rule: RetentionRule, chosen: int, *, organization: Organization, by: Person) -> Period:
    """From now on if it is longer, in three days if it is shorter. The days of now, chosen again, take back what was to come.

    Locks the organization's row of this rule. NotPossible outside of the bounds.
    """
    if rule.bounds is None:
        raise NotPossible(_("Questo tempo non si sceglie."))
    least, most = rule.bounds.least, longest(rule)
    if not least <= chosen <= most:
        raise NotPossible(
            _("Scegli da %(least)d a %(most)d giorni.") % {"least": min(least, most), "most": most}
        )
    now = timezone.now()
    with transaction.atomic():
        RetentionPeriod.objects.get_or_create(rule=rule.name, defaults={"days": default(rule)})
        row = RetentionPeriod.objects.select_for_update(no_key=True).get(rule=rule.name)
        before = _as_it_counts(rule, row, now)
        if chosen == (before.next_days or before.days):
            return before
        row.days, row.next_days, row.next_from = before.days, None, None
        row.by, row.changed_at = by, now
        if chosen < before.days:
            row.next_days, row.next_from = chosen, now + NOTICE
            verb = "core.shortened_retention"
        else:
            row.days = chosen
            verb = "core.lengthened_retention" if chosen > before.days else "core.took_back_retention"
        row.save()
        audit.record(
            verb,
            organization=organization,
            by=by,
            on=row,
            detail={"days_before": before.days, "days_after": chosen},
        )
    return _as_it_counts(rule, row, now)


def take_back(rule: RetentionRule, *, organization: Organization, by: Person) -> None:
    """A shorter period that did not begin yet does not come. Nothing happens where none was to come."""
    with transaction.atomic():
        row = RetentionPeriod.objects.select_for_update(no_key=True).filter(rule=rule.name).first()
        if row is None or row.next_from is None or row.next_from <= timezone.now():
            return
        not_any_more = row.next_days
        row.next_days = row.next_from = None
        row.by, row.changed_at = by, timezone.now()
        row.save()
        audit.record(
            "core.took_back_retention",
            organization=organization,
            by=by,
            on=row,
            detail={"days_before": not_any_more, "days_after": row.days},
        )


def introduced() -> date | None:
    """When the first shorter period begins that a new version brought and nobody has decided on; None: none is to come.

    Inside one organization's scope.
    """
    rows = RetentionPeriod.objects.filter(by=None, next_from__gt=timezone.now()).order_by("next_from")
    first: datetime | None = rows.values_list("next_from", flat=True).first()
    return timezone.localdate(first) if first else None


def _as_it_counts(rule: RetentionRule, row: RetentionPeriod | None, now: datetime) -> Period:
    if row is None or rule.bounds is None:
        return Period(default(rule))
    least, most = min(rule.bounds.least, longest(rule)), longest(rule)
    begun = row.next_from is not None and row.next_from <= now
    counting = row.next_days if begun and row.next_days is not None else row.days
    current = max(least, min(counting, most))
    if begun or row.next_days is None:
        return Period(current)
    coming = max(least, min(row.next_days, most))
    return Period(current, coming, row.next_from) if coming < current else Period(current)
