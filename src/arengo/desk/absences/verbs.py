# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody is absent, comes back, and what they had in hand becomes free."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.database import again_if_undone
from arengo.core.live import announce
from arengo.core.models import Membership, Organization, Person
from arengo.core.scope import every_organization, organization_scope
from arengo.desk.absences import state
from arengo.desk.absences.models import Absence, Freed
from arengo.desk.handling import HandlingRefused, locked
from arengo.desk.models import Assignment, Conversation

LONGEST = timedelta(days=366)
_AT_ONCE = 500  # conversations that one run frees; the next one goes on


class AbsenceRefused(HandlingRefused):
    """Why it cannot be noted, in the user's language."""


def note(organization: Organization, person: Person, *, first: date, last: date, by: Person) -> Absence:
    """The person is absent on these days. One that holds today begins at once.

    Holds the person's membership. AbsenceRefused for days in the wrong order, past, too far or noted already.
    """
    today = timezone.localdate()
    if last < first:
        raise AbsenceRefused(_("Finisce prima di cominciare: scambia i due giorni."))
    if last < today:
        raise AbsenceRefused(_("Questi giorni sono già passati."))
    if last > today + LONGEST:
        raise AbsenceRefused(_("Al massimo un anno."))
    with transaction.atomic():
        Membership.objects.select_for_update(no_key=True).get(person=person)
        if Absence.objects.filter(person=person, ended_at=None, first__lte=last, last__gte=first).exists():
            raise AbsenceRefused(_("In questi giorni c’è già un’assenza."))
        absence: Absence = Absence.objects.create(
            organization=organization, person=person, first=first, last=last, by=by
        )
        audit.record("desk.noted_absence", organization=organization, by=by, detail={"to": person.pk})
    if first <= today:
        begin(absence)
    return absence


def end(absence: Absence, *, by: Person) -> None:
    """The person is back, or the absence was noted by mistake. What came free stays free."""
    with transaction.atomic():
        if Absence.objects.filter(pk=absence.pk, ended_at=None).update(ended_at=timezone.now()):
            audit.record(
                "desk.changed_absence",
                organization=absence.organization_id,
                by=by,
                detail={"to": absence.person_id},
            )


def begin(absence: Absence) -> int:
    """Frees what the absent person has in hand, each conversation in its own transaction. Returns how many, at most a run's worth."""
    held = Conversation.objects.filter(assignee_id=absence.person_id, state=Conversation.State.OPEN)
    found = list(held.order_by("id")[:_AT_ONCE])
    for conversation in found:
        free(conversation)
    if len(found) < _AT_ONCE:
        Absence.objects.filter(pk=absence.pk).update(begun_at=timezone.now())
    return len(found)


@again_if_undone
def free(conversation: Conversation) -> bool:
    """Back to all, if it is open and in the hands of somebody who is absent today. Locks the conversation."""
    with transaction.atomic():
        held = locked(conversation)
        if held.assignee_id is None or not held.is_open or state.of(held.assignee_id) is None:
            return False
        person_id = held.assignee_id
        held.assignee = None
        held.save(update_fields=["assignee"])
        Freed.objects.update_or_create(
            conversation=held,
            organization_id=held.organization_id,
            defaults={"person_id": person_id, "at": timezone.now()},
        )
        Assignment.objects.create(
            organization_id=held.organization_id,
            conversation=held,
            action=Assignment.Action.RELEASED,
            to_id=person_id,
        )
        audit.record(
            "desk.released", organization=held.organization_id, by=None, on=held, detail={"to": person_id}
        )
        announce(held.organization_id, "inbox", held.topic)
    return True


def begin_all() -> int:
    """The absences that begin today, of all organizations. Returns how many conversations came free."""
    today = timezone.localdate()
    with every_organization("each organization's absences"):
        due = list(Absence.objects.filter(begun_at=None, ended_at=None, first__lte=today, last__gte=today))
    freed = 0
    for absence in due:
        with organization_scope(absence.organization_id):
            freed += begin(absence)
    return freed


def conversations_merged(kept_id: int, gone_id: int) -> None:
    """What the kept one says counts; the other's goes with its row."""
    if not Freed.objects.filter(conversation_id=kept_id).exists():
        Freed.objects.filter(conversation_id=gone_id).update(conversation_id=kept_id)
