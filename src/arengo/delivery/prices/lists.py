# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The platforms' own price lists, offered to an organization: it takes them, or writes what its contract says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from arengo.core.models import Organization
from arengo.delivery.models import Price
from arengo.platforms.contract import PriceList, PublishesPrices
from arengo.platforms.registry import platforms


def current(day: date) -> Sequence[PriceList]:
    """The newest list of each platform that is valid on a day."""
    found = []
    for speaks in platforms().values():
        if isinstance(speaks, PublishesPrices):
            begun = [one for one in speaks.price_lists() if one.valid_from <= day]
            found += [max(begun, key=lambda one: one.valid_from)] if begun else []
    return found


def unused(day: date) -> Sequence[PriceList]:
    """Of those, the ones with a category for which the scope's organization has no price from that day on."""
    return [found for found in current(day) if _missing(found)]


def _missing(found: PriceList) -> list[str]:
    there = set(Price.objects.filter(valid_from__gte=found.valid_from).values_list("category", flat=True))
    return [category for category in found.rates if category not in there]


@transaction.atomic
def use(organization: Organization, day: date) -> list[Price]:
    """Adds what is missing of the current lists. What the organization wrote stays."""
    added = []
    for found in current(day):
        for category in _missing(found):
            price, new = Price.objects.get_or_create(
                organization=organization,
                category=category,
                valid_from=found.valid_from,
                defaults={
                    "amount": found.rates[category],
                    "currency": found.currency,
                    "free_per_month": found.free_per_month.get(category, 0),
                    "source": found.source,
                },
            )
            added += [price] if new else []
    return added
