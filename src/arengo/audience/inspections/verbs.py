# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator does with the archive of all proofs."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from arengo.audience.inspections.models import Inspection, Piece
from arengo.audience.models import Consent
from arengo.core import audit
from arengo.core.models import Organization, Person

MAKE = "audience_inspections.make"  # jobs.py
KEPT = timedelta(days=7)
AGAIN = timedelta(minutes=15)  # a download that broke off may be begun again by the same person


class NotNow(ValueError):
    """Why it cannot be done as things are, in the user's language."""


def ask(organization: Organization, *, by: Person) -> Inspection:
    """The archive is made in a job. NotNow while another one is being made, or where there is nothing to prove."""
    total = Consent.objects.count()
    if not total:
        raise NotNow(_("Non c’è ancora nessuna iscrizione da provare."))
    try:
        with transaction.atomic():
            made: Inspection = Inspection.objects.create(organization=organization, by=by, total=total)
            audit.record(
                "audience.asked_for_proofs",
                organization=organization,
                by=by,
                on=made,
                detail={"count": total},
            )
            app.configure_task(MAKE, lock=f"audience_inspections.{made.pk}").defer(
                organization_id=organization.pk, inspection_id=made.pk
            )
    except IntegrityError as error:
        raise NotNow(_("Un archivio è già in preparazione: aspetta che sia pronto.")) from error
    return made


def take(pk: int, *, by: Person) -> Inspection:
    """Somebody takes it away: once. NotNow for what was taken, is not ready or has gone."""
    with transaction.atomic():
        found: Inspection | None = (
            Inspection.objects.select_for_update(no_key=True)
            .filter(pk=pk, state=Inspection.State.READY)
            .first()
        )
        if found is None or not may_take(found, by):
            raise NotNow(_("Questo archivio non si può più scaricare: preparane uno nuovo."))
        if found.taken_at is None:
            found.taken_at, found.taken_by = timezone.now(), by
            found.save(update_fields=["taken_at", "taken_by"])
        audit.record("audience.took_proofs", organization=found.organization_id, by=by, on=found)
    return found


def may_take(inspection: Inspection, by: Person) -> bool:
    """Once; who took it may begin again within a quarter of an hour."""
    if inspection.state != Inspection.State.READY:
        return False
    taken = inspection.taken_at
    return taken is None or (inspection.taken_by_id == by.pk and taken + AGAIN > timezone.now())


def drop_pieces() -> None:
    """Every archive of the scope's organization goes, also one that is being made."""
    Piece.objects.all().delete()
    Inspection.objects.exclude(state=Inspection.State.GONE).update(state=Inspection.State.GONE)
