# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was spent: messages that receipts price (``Charge``), times the organization's price of that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from arengo.core.models import Organization
from arengo.delivery.models import Charge, Price
from arengo.delivery.prices import pricing

_NOTHING = Decimal(0)


@dataclass
class Spent:
    """``amounts`` by currency, exact. ``messages`` arrived; of those ``free`` cost nothing, and of ``unpriced`` no price is set."""

    amounts: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    messages: int = 0
    free: int = 0
    unpriced: int = 0

    def add(self, other: Spent) -> None:
        for currency, amount in other.amounts.items():
            self.amounts[currency] += amount
        self.messages += other.messages
        self.free += other.free
        self.unpriced += other.unpriced

    def amount(self, currency: str) -> Decimal:
        return self.amounts.get(currency, _NOTHING)

    @property
    def known(self) -> bool:
        """Everything that is paid for has a price."""
        return not self.unpriced

    @property
    def words(self) -> str:
        """«€ 132,50», of several currencies each; «€ 0,00» where all was free; "" where no price is known."""
        if not self.amounts and self.unpriced:
            return ""
        amounts = self.amounts or {"EUR": _NOTHING}
        return " + ".join(pricing.money(amount, currency) for currency, amount in sorted(amounts.items()))


class Prices:
    """The price list of one organization, read once: the scope's, unless its rows are given."""

    def __init__(self, rows: Iterable[Price] | None = None) -> None:
        self._by_category: dict[str, list[Price]] = defaultdict(list)
        known = Price.objects.all() if rows is None else rows
        for price in sorted(known, key=lambda one: one.valid_from, reverse=True):
            self._by_category[price.category].append(price)

    def on(self, category: str, day: date) -> Price | None:
        known = self._by_category.get(category.lower(), [])
        return next((price for price in known if price.valid_from <= day), None)

    def spent(self, charge: Charge) -> Spent:
        if not charge.billable:
            return Spent(messages=charge.count, free=charge.count)
        price = self.on(charge.category, charge.day)
        if price is None:
            return Spent(messages=charge.count, unpriced=charge.count)
        return Spent({price.currency: price.amount * charge.count}, messages=charge.count)


@dataclass(frozen=True)
class Month:
    """``mailings`` by the mailing's id; ``singles`` by category; both together are ``whole``."""

    first: date
    whole: Spent
    mailings: Mapping[int, Spent]
    singles: Mapping[str, Spent]


def month(first: date, prices: Prices | None = None) -> Month:
    """Of the calendar month that begins with ``first``, of the scope's organization."""
    known = prices or Prices()
    whole, mailings, singles = Spent(), defaultdict(Spent), defaultdict(Spent)  # type: ignore[var-annotated]  # of Spent
    for charge in Charge.objects.filter(day__gte=first, day__lt=next_month(first)):
        spent = known.spent(charge)
        whole.add(spent)
        if charge.fanout_id is None:
            singles[charge.category.lower()].add(spent)
        else:
            mailings[charge.fanout_id].add(spent)
    return Month(first, whole, dict(mailings), dict(singles))


def months(last: date, many: int) -> list[Month]:
    """The latest first: ``last`` is the first day of a month."""
    prices, found, first = Prices(), [], last
    for _ in range(many):
        found.append(month(first, prices))
        first = month_before(first)
    return found


def of_mailings(mailings: Collection[int]) -> dict[int, Spent]:
    """Whenever its messages arrived. A mailing of which no receipt told a price is not among them."""
    return _by_mailing(Charge.objects.filter(fanout__in=mailings), Prices()) if mailings else {}


def _by_mailing(charges: Iterable[Charge], prices: Prices) -> dict[int, Spent]:
    found: dict[int, Spent] = defaultdict(Spent)
    for charge in charges:
        found[charge.fanout_id or 0].add(prices.spent(charge))
    return dict(found)


def this_month(organization: Organization) -> date:
    """Its first day."""
    return pricing.today(organization).replace(day=1)


def next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
