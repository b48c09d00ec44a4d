# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A draft is planned, taken off the plan, and leaves at its moment: once, as it was, or not at all."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from arengo.core import audit
from arengo.core.live import announce
from arengo.core.models import Organization, Person
from arengo.core.scope import every_organization, organization_scope
from arengo.core.sentences import gettext as _
from arengo.newsroom import gates, publishing
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.estimating import readiness
from arengo.newsroom.schedule.models import Appointment
from arengo.newsroom.writing import LIST_TOPIC, EditedMeanwhile, NoLongerDraft, locked

log = logging.getLogger(__name__)

LATEST = timedelta(
    hours=1
)  # after which it does not leave by itself any more: nobody expects it at that time
FURTHEST = timedelta(days=366)
TELL = "newsroom.tell_lapsed"  # the job that writes to who planned it


class NotPlanned(Exception):
    """Why it cannot be planned, in the user's language."""


def plan(
    organization: Organization, update_id: int, at: datetime, *, version: int, by: Person
) -> Appointment:
    """It leaves at ``at``. A new appointment takes the place of the old one.

    NotPlanned: the moment is past or too far. EditedMeanwhile, NoLongerDraft, NotReady as of ``publishing.publish``. Locks the
    update, writes the log, announces the update and the list.
    """
    now = timezone.now()
    if at <= now:
        raise NotPlanned(_("Quel momento è già passato."))
    if at > now + FURTHEST:
        raise NotPlanned(_("Si programma fino a un anno prima."))
    with transaction.atomic():
        update = locked(update_id)
        if not update.is_draft:
            raise NoLongerDraft(update)
        if update.version != version:
            raise EditedMeanwhile(update)
        found = readiness(draft_of(update), organization)
        if not found.may_go:
            raise publishing.NotReady(found)
        if shut := gates.shut(update, by=by):
            raise publishing.NotReady(found, shut)
        made: Appointment
        made, _created = Appointment.objects.update_or_create(
            update=update,
            defaults={
                "organization_id": organization.pk,
                "at": at,
                "version": version,
                "by": by,
                "planned_at": now,
                "state": Appointment.State.PLANNED,
                "problem": "",
            },
        )
        audit.record(
            "newsroom.planned",
            organization=organization,
            by=by,
            on=update,
            detail={"leaves": f"{at.astimezone(organization.zone):%Y-%m-%d %H:%M}"},
        )
        announce(organization.pk, update.topic, LIST_TOPIC)
    return made


def cancel(update_id: int, *, by: Person) -> None:
    """Off the plan; the draft stays. Nothing happens to one that is not planned. Locks the update."""
    with transaction.atomic():
        update = locked(update_id)
        stood = Appointment.objects.filter(
            update=update, state__in=(Appointment.State.PLANNED, Appointment.State.LAPSED)
        )
        if stood.update(state=Appointment.State.OFF, problem="") and update.is_draft:
            audit.record("newsroom.unplanned", organization=update.organization_id, by=by, on=update)
            announce(update.organization_id, update.topic, LIST_TOPIC)


def leave_due() -> int:
    """What is due leaves; returns how many were looked at. Each in a transaction of its own: one that breaks keeps none from leaving."""
    with every_organization("a worker serves all organizations"):
        due = list(
            Appointment.objects.filter(state=Appointment.State.PLANNED, at__lte=timezone.now())
            .order_by("at")
            .values_list("organization_id", "pk")[:500]
        )
    for organization_id, pk in due:
        try:
            with organization_scope(organization_id):
                _leave(pk)
        except Exception:  # the next one is not to wait for it
            log.exception("Appointment %d could not be kept.", pk)
    return len(due)


def _leave(pk: int) -> None:
    """Exactly once: the update is locked, then its appointment, and it leaves in the same transaction, under the appointment's key."""
    update_id = Appointment.objects.values_list("update_id", flat=True).get(pk=pk)
    with transaction.atomic():
        locked(update_id)
        kept = (
            Appointment.objects.select_for_update(no_key=True, of=("self",))
            .select_related("by", "organization", "update")
            .filter(pk=pk, state=Appointment.State.PLANNED, at__lte=timezone.now())
            .first()
        )
        if kept is None:  # another worker was faster, or somebody planned it anew
            return
        problem = _publish(kept) if kept.update.is_draft else ""
        kept.state = Appointment.State.LAPSED if problem else Appointment.State.GONE
        kept.problem = problem
        kept.save(update_fields=["state", "problem"])
        if problem:
            audit.record("newsroom.lapsed", organization=kept.organization_id, by=None, on=kept.update)
            announce(kept.organization_id, kept.update.topic, LIST_TOPIC)
            app.configure_task(TELL).defer(organization_id=kept.organization_id, appointment_id=kept.pk)


def _publish(kept: Appointment) -> str:
    """Why it did not leave; "" where it did."""
    if timezone.now() - kept.at > LATEST:
        return _("A quell’ora Arengo era fermo: non è partito in ritardo da solo.")
    try:
        with transaction.atomic():
            publishing.publish(
                kept.organization, kept.update_id, by=kept.by, key=kept.key, version=kept.version
            )
    except EditedMeanwhile:
        return _("Il testo è cambiato dopo che era stato programmato.")
    except publishing.NotReady as missing:
        return _("Prima di partire: %(problem)s") % {"problem": " ".join(missing.words)}
    return ""
