# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Setting the month's budget, and taking it away."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from arengo.core import audit
from arengo.core.models import Organization, Person
from arengo.delivery.models import Budget


@transaction.atomic
def set_budget(
    organization: Organization, *, amount: Decimal, currency: str, beyond: Budget.Beyond, by: Person
) -> Budget:
    """Replaces the one there was. Locks it: a mailing is weighed against the one or the other."""
    budget: Budget
    budget, _new = Budget.objects.select_for_update(no_key=True).get_or_create(
        organization=organization, defaults={"amount": amount, "currency": currency, "beyond": beyond}
    )
    budget.amount, budget.currency, budget.beyond = amount, currency, beyond
    budget.save()
    audit.record(
        "newsroom.set_budget",
        organization=organization.pk,
        by=by,
        detail={"amount": f"{amount} {currency}", "beyond": str(beyond.value)},
    )
    return budget


@transaction.atomic
def remove_budget(organization: Organization, *, by: Person) -> bool:
    """False where there was none."""
    deleted, _by_model = Budget.objects.filter(organization=organization).delete()
    if deleted:
        audit.record("newsroom.removed_budget", organization=organization.pk, by=by)
    return bool(deleted)
