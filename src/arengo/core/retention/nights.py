# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the last night took away, and whether a night did not do its work."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, Sum
from django.utils import timezone

from arengo.core.console import retention
from arengo.core.models import Organization
from arengo.core.retention.models import RetentionRun
from arengo.core.scope import current_organization_id

NIGHT = timedelta(hours=24)
LATE = timedelta(hours=36)
_LOOKED_AT = timedelta(days=8)


@dataclass(frozen=True)
class Last:
    """``at``: when the last run of the rule ended. ``gone``: in the 24 hours up to it."""

    at: datetime
    gone: int
    held_back: int
    complete: bool


def last() -> Mapping[str, Last]:
    """Rule's name → its last night, of those that ran in the last week. Inside one organization's scope."""
    runs = RetentionRun.objects.filter(ended_at__gte=timezone.now() - _LOOKED_AT).order_by("-ended_at")
    found: dict[str, Last] = {}
    for run in runs:
        newest = found.get(run.rule)
        if newest is None:
            found[run.rule] = Last(run.ended_at, run.gone, run.held_back, run.complete)
        elif newest.at - run.ended_at < NIGHT - timedelta(hours=1):
            found[run.rule] = Last(newest.at, newest.gone + run.gone, newest.held_back, newest.complete)
    return found


def gone_since(since: datetime) -> Mapping[str, int]:
    """Rule's name → how much went. Inside one organization's scope."""
    sums = RetentionRun.objects.filter(ended_at__gte=since).values("rule").annotate(sum=Sum("gone"))
    return dict(sums.values_list("rule", "sum"))


def late() -> Collection[tuple[int, str]]:
    """Of the scope: organization's id and rule of which no run came to its end for :data:`LATE`; "" of one where nothing ran at all.

    A rule counts once it ran: one of a newer version has its first night before it. An organization of today likewise.
    """
    now = timezone.now()
    ids = Organization.objects.filter(created_at__lt=now - LATE)
    one = current_organization_id()
    known = set((ids if one is None else ids.filter(pk=one)).values_list("pk", flat=True))
    names = {rule.name for rule in retention.kept()}
    latest = (
        RetentionRun.objects.filter(ended_at__gte=now - _LOOKED_AT)
        .values("organization_id", "rule")
        .annotate(ran=Max("ended_at"), ended=Max("ended_at", filter=Q(complete=True)))
        .values_list("organization_id", "rule", "ran", "ended")
    )
    rows = [row for row in latest if row[0] in known and row[1] in names]
    ran = {organization for organization, _rule, at, _ended in rows if at >= now - LATE}
    found = {(organization, "") for organization in known - ran}
    found |= {
        (organization, rule)
        for organization, rule, _at, ended in rows
        if organization in ran and (ended is None or ended < now - LATE)
    }
    return sorted(found)
