# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days are counted at night, and whenever some are missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from arengo.core import outside
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.insights import keeping

_LOCK = "insights"  # one counts at a time


@app.periodic(cron="7 * * * *")
@app.task(name="insights.count_days", lock=_LOCK, queueing_lock="insights.count_days")
def count_days(timestamp: int) -> None:
    """Every hour: after midnight the two weeks that may still change, at any hour what was never counted."""
    try:
        for organization in Organization.objects.order_by("pk"):
            with organization_scope(organization):
                for day in keeping.due(organization):
                    keeping.keep_day(organization, day)
                keeping.forget_old(organization)
    finally:
        if not connection.in_atomic_block:
            close_old_connections()


@app.task(name="insights.count_again", lock=_LOCK)
def count_again(organization_id: int, first: str, last: str) -> None:
    """The days of a span as the rows are now, whether they were counted or not."""
    _each_day(organization_id, first, last, keeping.keep_day)


@app.task(name="insights.count_operators", lock=_LOCK)
def count_operators(organization_id: int, first: str, last: str) -> None:
    """Who did what on the days of a span; nothing else of them changes."""
    _each_day(organization_id, first, last, keeping.keep_operators)


def _each_day(
    organization_id: int, first: str, last: str, keep: Callable[[Organization, date], None]
) -> None:
    start, end = outside.day(first), outside.day(last)
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None or start is None or end is None:
        return
    try:
        with organization_scope(organization):
            for day in keeping.between(organization, start, end):
                keep(organization, day)
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
