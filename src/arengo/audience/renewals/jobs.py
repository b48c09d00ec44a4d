# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The work of renewals. Each job asks first what is left to do, so that it may run again after its worker was killed."""

from __future__ import annotations

from collections.abc import Callable

from django.db import close_old_connections, connection
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app

from arengo.audience.renewals import asking, closing, keeping, verbs
from arengo.audience.renewals.models import Renewal
from arengo.core.models import Organization
from arengo.core.scope import every_organization, organization_scope
from arengo.core.sentences import gettext as _


@app.task(name=verbs.ASK)
def ask(organization_id: int, renewal_id: int) -> None:
    _do(asking.run, organization_id, renewal_id)


@app.task(name=verbs.CLOSE)
def close(organization_id: int, renewal_id: int) -> None:
    _do(closing.run, organization_id, renewal_id)


@app.task(name=verbs.RESTORE)
def restore(organization_id: int, renewal_id: int) -> None:
    _do(closing.run_restoring, organization_id, renewal_id)


@app.periodic(cron="7 * * * *")
@app.task(name="audience.close_renewals", queueing_lock="audience.close_renewals")
def close_renewals(timestamp: int) -> None:
    """Each hour: those whose last day is over; and those that nobody carries on since a job died are deferred again."""
    try:
        for organization in Organization.objects.order_by("pk"):
            with organization_scope(organization):
                closing.begin_due(timezone.now())
                for renewal in Renewal.objects.filter(state__in=Renewal.OPEN, problem=""):
                    if (job := verbs.job_of(renewal)) is not None:
                        verbs.defer(job, renewal)
    finally:
        _let_go()


@app.periodic(cron="43 1 * * *")
@app.task(name="audience.forget_renewals", queueing_lock="audience.forget_renewals")
def forget_renewals(timestamp: int) -> None:
    """Rows of people who were asked go months after it is over: the totals stay, and the answers in the log of consents."""
    with every_organization("retention"):
        keeping.forget(timezone.now())


def _do(work: Callable[[int, int], None], organization_id: int, renewal_id: int) -> None:
    """Each try is counted before it: at the ceiling it says so and waits for a person."""
    try:
        with organization_scope(organization_id):
            counted = Renewal.objects.filter(
                pk=renewal_id, state__in=Renewal.OPEN, tries__lt=verbs.MOST_TRIES
            )
            if not counted.update(tries=F("tries") + 1):
                Renewal.objects.filter(pk=renewal_id, state__in=Renewal.OPEN, problem="").update(
                    problem=_(
                        "Arengo ha provato più volte e non è arrivato in fondo: la causa è nel registro del server."
                    )
                )
                return
        work(organization_id, renewal_id)
    finally:
        _let_go()


def _let_go() -> None:
    if not connection.in_atomic_block:
        close_old_connections()
