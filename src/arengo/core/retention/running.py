# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The night: what is over goes, one organization and one rule after the other, in short transactions with a rest between.

Whatever ends it in the middle, the next night goes on there. A rule that fails does not keep the others from their work.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from arengo.core.console import holds, retention
from arengo.core.console.retention import Forgets, RetentionRule
from arengo.core.models import Organization
from arengo.core.retention import periods
from arengo.core.retention.models import RetentionRun
from arengo.core.scope import organization_scope

HOUR, MINUTE = 1, 0  # UTC: at night in Italy, before the files of erasures are rewritten (core/rewriting.py)
CRON = f"{MINUTE} {HOUR} * * *"
MOST_COUNTED = 1000  # of what holds keep back, in one line of the log

_LONGEST = 20 * 60.0  # seconds of one rule and organization: the next night goes on
_LONGEST_REST = 5.0  # seconds

log = logging.getLogger(__name__)


def next_run(now: datetime) -> datetime:
    run = now.astimezone(UTC).replace(hour=HOUR, minute=MINUTE, second=0, microsecond=0)
    return run if run > now else run + timedelta(days=1)


def _never() -> bool:
    return False


def run_all(stop: Callable[[], bool] = _never) -> None:
    """``stop``: whether the worker wants to end; asked between two batches."""
    for organization in Organization.objects.order_by("pk"):
        for rule in retention.kept():
            if stop():
                return
            if rule.forgets is not None:
                run(rule, rule.forgets, organization, stop=stop)


def run(
    rule: RetentionRule,
    forgets: Forgets,
    organization: Organization,
    *,
    clock: Callable[[], float] = time.monotonic,
    stop: Callable[[], bool] = _never,
) -> int:
    """Returns how many rows went. What was done is written down, also where it failed."""
    began, end, gone, complete, kept = timezone.now(), clock() + _LONGEST, 0, False, 0
    with organization_scope(organization):
        try:
            held, before = holds.held(), periods.cutoff(rule)
            while clock() < end and not stop():
                since = time.monotonic()
                batch = forgets.forget(before, held)
                if not batch:
                    complete = True
                    break
                gone += batch
                time.sleep(min(time.monotonic() - since, _LONGEST_REST))
            kept = forgets.held_back(before, held, most=MOST_COUNTED)
        except Exception:
            complete = False
            log.exception("Retention rule %s of organization %s did not end.", rule.name, organization.pk)
        write(rule.name, organization.pk, began=began, gone=gone, held_back=kept, complete=complete)
    return gone


def write(
    rule: str,
    organization_id: int,
    *,
    began: datetime,
    gone: int,
    held_back: int = 0,
    complete: bool = True,
) -> None:
    """The line of one run, also of jobs that serve all organizations at once. Inside a scope."""
    RetentionRun.objects.create(
        organization_id=organization_id,
        rule=rule,
        began_at=began,
        gone=gone,
        held_back=held_back,
        complete=complete,
    )
