# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures by operator are switched on, with the agreement that the law wants, and off."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from arengo.core import audit, outside
from arengo.core.models import Organization, Person
from arengo.insights import jobs, keeping
from arengo.insights.models import OperatorAgreement, OperatorDay


class AgreementRefused(ValueError):
    """Why it cannot be done, in the user's language."""


def switch_on(organization: Organization, *, agreed_on: date, reference: str, by: Person) -> None:
    """From the date of the agreement on it is counted who did what; a job counts the days since then. Recorded.

    AgreementRefused for a date that has not come. Locks the organization. Once more changes date and reference: what was counted
    of days before a later date goes.
    """
    reference = " ".join(outside.text(reference).split())
    if agreed_on > keeping.today(organization):
        raise AgreementRefused(_("La data dell’accordo non può essere nel futuro."))
    if not reference:
        raise AgreementRefused(_("Scrivi quale accordo è: con chi, e il suo numero di protocollo."))
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        OperatorAgreement.objects.update_or_create(
            organization=organization, defaults={"agreed_on": agreed_on, "reference": reference, "by": by}
        )
        OperatorDay.objects.filter(day__lt=agreed_on).delete()
        audit.record(
            "insights.switched_on",
            organization=organization,
            by=by,
            detail={"agreed_on": agreed_on.isoformat(), "agreement": reference},
        )
        jobs.count_operators.defer(
            organization_id=organization.pk,
            first=agreed_on.isoformat(),
            last=keeping.today(organization).isoformat(),
        )


def switch_off(organization: Organization, *, by: Person) -> None:
    """Nothing is counted by operator any more, and what was counted goes. Off already, nothing happens. Recorded.

    Locks the agreement, which a day that is being counted holds.
    """
    with transaction.atomic():
        agreement = OperatorAgreement.objects.select_for_update(no_key=True).first()
        if agreement is None:
            return
        agreement.delete()
        OperatorDay.objects.all().delete()
        audit.record("insights.removed_operators", organization=organization, by=by)
