# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator does: has everybody asked, stops it, goes back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from procrastinate.contrib.django import app

from arengo.audience import policies
from arengo.audience.models import Policy
from arengo.audience.renewals import counting, estimating
from arengo.audience.renewals.models import Renewal
from arengo.core import audit
from arengo.core.models import Organization, Person
from arengo.delivery.queue import outbox

ASK, CLOSE, RESTORE = "audience_renewals.ask", "audience_renewals.close", "audience_renewals.restore"
LEAST_DAYS, MOST_DAYS = 14, 90  # for an answer
RESTORABLE = timedelta(days=30)  # after people left
MOST_TRIES = 12  # of a job that died or was refused: then a person decides
_State = Renewal.State
_ONE_OPEN = gettext_lazy("C’è già una richiesta di conferma aperta: prima deve finire, o va fermata.")


class NotNow(ValueError):
    """Why it cannot be done as things are, in the user's language."""


def last_days(organization: Organization) -> tuple[date, date]:
    """The first and the last day that may be the last for an answer."""
    today = timezone.now().astimezone(organization.zone).date()
    return today + timedelta(days=LEAST_DAYS), today + timedelta(days=MOST_DAYS)


def out_of_time() -> str:
    words = _("Il termine va da %(least)d a %(most)d giorni da oggi.")
    return words % {"least": LEAST_DAYS, "most": MOST_DAYS}


def start(organization: Organization, policy: Policy, last_day: date, then: str, *, by: Person) -> Renewal:
    """Everybody who was on the list when ``policy`` was published is asked, in a job. NotNow, in words.

    One is open at a time: the database decides.
    """
    first, last = last_days(organization)
    if not first <= last_day <= last:
        raise NotNow(out_of_time())
    if policies.current(policy.kind) != policy:
        raise NotNow(_("Questa versione non è più in vigore: si chiede di accettare quella che vale adesso."))
    found = estimating.estimate(organization, policy, then)
    if found.obstacles:
        raise NotNow(" ".join(found.obstacles))
    if not found.people:
        raise NotNow(_("Nella lista non c’è nessuno a cui chiederlo."))
    try:
        with transaction.atomic():
            made: Renewal = Renewal.objects.create(
                organization=organization,
                policy=policy,
                then=then,
                until=datetime.combine(last_day, time(23, 59, 59), organization.zone),
                by=by,
            )
            audit.record(
                "audience.asked_again",
                organization=organization,
                by=by,
                on=made,
                detail={"count": found.people, "then": then, "until": last_day.isoformat()},
            )
            defer(ASK, made)
    except IntegrityError as error:
        raise NotNow(str(_ONE_OPEN)) from error
    return made


def stop(pk: int, *, by: Person) -> Renewal:
    """Nobody else is asked, and nobody leaves for not answering. What people answered stays. NotNow when it is over.

    Locks the renewal, then its mailings.
    """
    with transaction.atomic():
        renewal = held(pk, _State.ASKING, _State.ASKED)
        spared = sum(outbox.stop_fanout(one.fanout) for one in renewal.mailings.select_related("fanout"))
        renewal.problem = ""
        end(renewal, _State.STOPPED)
        audit.record(
            "audience.stopped_asking_again",
            organization=renewal.organization_id,
            by=by,
            on=renewal,
            detail={"count": spared},
        )
    return renewal


def go_on(pk: int, *, by: Person) -> Renewal:
    """A job that gave up is tried anew."""
    with transaction.atomic():
        renewal = held(pk, *Renewal.OPEN)
        if not renewal.problem:
            raise NotNow(_("Non c’è niente da riprendere: sta andando avanti."))
        renewal.tries, renewal.problem = 0, ""
        renewal.save(update_fields=["tries", "problem"])
        audit.record("audience.resumed_asking_again", organization=renewal.organization_id, by=by, on=renewal)
        if (job := job_of(renewal)) is not None:
            defer(job, renewal)
    return renewal


def restore(pk: int, *, by: Person) -> Renewal:
    """Everybody who left for not answering is put back, in a job, unless they said something since. NotNow after thirty days."""
    with transaction.atomic():
        renewal = held(pk, _State.CLOSED)
        if not may_restore(renewal):
            raise NotNow(_("Non c’è più niente da annullare, o i 30 giorni per farlo sono passati."))
        try:
            with transaction.atomic():
                renewal.state, renewal.restored_by = _State.RESTORING, by
                renewal.tries, renewal.problem = 0, ""
                renewal.save(update_fields=["state", "restored_by", "tries", "problem"])
        except IntegrityError as error:
            raise NotNow(str(_ONE_OPEN)) from error
        audit.record("audience.restored_unanswered", organization=renewal.organization_id, by=by, on=renewal)
        defer(RESTORE, renewal)
    return renewal


def may_restore(renewal: Renewal) -> bool:
    over = renewal.ended_at
    left = (renewal.counted or {}).get("unanswered", 0)
    return (
        renewal.state == _State.CLOSED
        and bool(left)
        and over is not None
        and over + RESTORABLE > timezone.now()
    )


def held(pk: int, *states: str) -> Renewal:
    """Locked. NotNow when it is in none of these states any more."""
    found: Renewal | None = (
        Renewal.objects.select_for_update(no_key=True, of=("self",))
        .select_related("organization", "policy", "by")
        .filter(pk=pk)
        .first()
    )
    if found is None or found.state not in states:
        raise NotNow(_("Intanto la richiesta è andata avanti: ecco a che punto è."))
    return found


def end(renewal: Renewal, state: str) -> None:
    """It is over: what became of everybody is counted once."""
    renewal.state, renewal.ended_at = state, timezone.now()
    renewal.counted = counting.by_state(renewal)
    renewal.save(update_fields=["state", "ended_at", "counted", "problem"])


def job_of(renewal: Renewal) -> str | None:
    """The job that carries it on; None where it waits for people."""
    return {_State.ASKING: ASK, _State.CLOSING: CLOSE, _State.RESTORING: RESTORE}.get(_State(renewal.state))


def defer(job: str, renewal: Renewal) -> None:
    app.configure_task(job, lock=f"audience_renewals.{renewal.pk}").defer(
        organization_id=renewal.organization_id, renewal_id=renewal.pk
    )
