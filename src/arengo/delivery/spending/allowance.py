# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages that the platform does not charge for: so many a month and number. What is used of them, and how it will end."""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from arengo.delivery.models import Charge, Price, Sender
from arengo.delivery.prices import pricing
from arengo.delivery.spending.figures import Prices, next_month, this_month
from arengo.platforms.contract import PublishesPrices
from arengo.platforms.registry import platform

NEARLY = 80  # of a hundred: from here on somebody should know that the rest will be paid for


@dataclass(frozen=True)
class Allowance:
    """Of one number and category. ``used`` of ``most`` this month; ``day`` of ``days`` of it."""

    sender: Sender
    category: str
    used: int
    most: int
    day: int
    days: int

    @property
    def share(self) -> int:
        return self.used * 100 // self.most

    @property
    def is_nearly_used(self) -> bool:
        return self.share >= NEARLY

    @property
    def is_used_up(self) -> bool:
        return self.used >= self.most

    @property
    def expected(self) -> int:
        """At the end of the month, at the pace so far."""
        return round(self.used * self.days / self.day)


def allowances(senders: Sequence[Sender]) -> list[Allowance]:
    """Of these senders of the scope, each with its organization: two questions, however many there are."""
    if not senders:
        return []
    rows: dict[int, list[Price]] = defaultdict(list)
    for price in Price.objects.all():
        rows[price.organization_id].append(price)
    used = _used(senders)
    found = []
    for sender in senders:
        today = pricing.today(sender.organization)
        days = calendar.monthrange(today.year, today.month)[1]
        for category, most in _free(sender, Prices(rows[sender.organization_id]), today).items():
            found.append(Allowance(sender, category, used[sender.pk, category], most, today.day, days))
    return found


def _used(senders: Sequence[Sender]) -> Counter[tuple[int, str]]:
    """This month, which begins where the sender is: by sender and category."""
    begins = {sender.pk: this_month(sender.organization) for sender in senders}
    counted = (
        Charge.objects.filter(sender__in=list(begins), day__gte=min(begins.values()))
        .values_list("sender_id", "category", "day")
        .annotate(many=Sum("count"))
    )
    used: Counter[tuple[int, str]] = Counter()
    for sender_id, category, day, many in counted:
        if begins[sender_id] <= day < next_month(begins[sender_id]):
            used[sender_id, category.lower()] += int(many)
    return used


def _free(sender: Sender, prices: Prices, day: date) -> dict[str, int]:
    """By category: as the organization's price list says, else as the platform publishes it."""
    speaks = platform(sender.platform)
    free: dict[str, int] = {}
    if isinstance(speaks, PublishesPrices):
        lists = [one for one in speaks.price_lists() if one.valid_from <= day]
        if lists:
            free |= max(lists, key=lambda one: one.valid_from).free_per_month
    for category in ("service", *free):
        price = prices.on(category, day)
        if price is not None:
            free[category] = price.free_per_month
    return {category: most for category, most in free.items() if most}
