# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Giving the reason, and keeping the periods."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.models import Organization, Person
from arengo.newsroom import writing
from arengo.newsroom.electoral.models import LONGEST_REASON, ElectoralPeriod, ElectoralReason

MOST = 20  # periods of an organization
SHORTEST_REASON = 10  # characters


class Refused(Exception):
    """Why, in words for who asked."""

    def __init__(self, words: str) -> None:
        super().__init__("it was not taken")
        self.words = words


def current(on: date | None = None) -> ElectoralPeriod | None:
    """Of the scope's organization; of several the one that lasts longest."""
    day = on or timezone.localdate()
    found: ElectoralPeriod | None = (
        ElectoralPeriod.objects.filter(begins__lte=day, ends__gte=day).order_by("-ends").first()
    )
    return found


def give_reason(update_id: int, reason: str, *, by: Person) -> ElectoralReason:
    """Another reason takes the place of the former; the log has both. Raises Refused. Locks the update."""
    with transaction.atomic():
        update = writing.locked(update_id)
        if len(reason.strip()) < SHORTEST_REASON:
            raise Refused(_("Scrivi il motivo con qualche parola in più: resta agli atti."))
        kept: ElectoralReason
        kept, _made = ElectoralReason.objects.update_or_create(
            update=update,
            defaults={
                "organization_id": update.organization_id,
                "reason": reason.strip()[:LONGEST_REASON],
                "by": by,
                "at": timezone.now(),
            },
        )
        audit.record(
            "newsroom.gave_reason",
            organization=update.organization_id,
            by=by,
            on=update,
            detail={"reason": kept.reason},
        )
    return kept


def add(organization: Organization, *, name: str, begins: date, ends: date, by: Person) -> ElectoralPeriod:
    """Raises Refused where there are as many as there may be."""
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        if ElectoralPeriod.objects.count() >= MOST:
            raise Refused(_("Ci sono già %(n)d periodi: togline uno passato.") % {"n": MOST})
        period: ElectoralPeriod = ElectoralPeriod.objects.create(
            organization=organization, name=name, begins=begins, ends=ends
        )
        audit.record(
            "newsroom.set_electoral_period",
            organization=organization,
            by=by,
            detail={"name": name, "from": begins.isoformat(), "to_day": ends.isoformat()},
        )
    return period


def remove(period_id: int, *, by: Person) -> None:
    with transaction.atomic():
        period = ElectoralPeriod.objects.select_for_update(no_key=True).get(pk=period_id)
        audit.record(
            "newsroom.removed_electoral_period",
            organization=period.organization_id,
            by=by,
            detail={
                "name": period.name,
                "from": period.begins.isoformat(),
                "to_day": period.ends.isoformat(),
            },
        )
        period.delete()
