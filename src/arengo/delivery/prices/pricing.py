# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What messages cost, said before they are sent.

Prices are the organization's own setting: they differ by provider and change on the first day of a quarter. Where none
is set, the answer is "not known", never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Sum
from django.utils import timezone

from arengo.core.models import Organization
from arengo.delivery.models import Delivery, Fanout, Price, Sender
from arengo.delivery.models.senders import written

_CENT = Decimal("0.01")
_LONGEST_WAIT = timedelta(days=7)  # of a single message in the outbox


@dataclass(frozen=True)
class Cost:
    """``free`` of ``messages`` cost nothing; ``amount`` is for the others, exact; ``price`` is what each costs."""

    messages: int
    free: int
    price: Price

    @property
    def paid(self) -> int:
        return self.messages - self.free

    @property
    def amount(self) -> Decimal:
        return self.price.amount * self.paid

    @property
    def currency(self) -> str:
        return self.price.currency

    @property
    def rounded(self) -> Decimal:
        """To the cent, for people; what costs something is never shown as nothing."""
        cents = self.amount.quantize(_CENT, rounding=ROUND_HALF_UP)
        return _CENT if self.amount and not cents else cents


def money(amount: Decimal, currency: str) -> str:
    """``€ 354,12``, to the cent; a currency without a sign of its own by its code. What costs something is never shown as nothing."""
    cents = amount.quantize(_CENT, rounding=ROUND_HALF_UP)
    return written(_CENT if amount and not cents else cents, currency)


def today(organization: Organization) -> date:
    """The day there."""
    return timezone.now().astimezone(organization.zone).date()


def price_on(category: str, day: date) -> Price | None:
    """The price of a category that is valid on a day: the latest that began by then."""
    found: Price | None = (
        Price.objects.filter(category=category.lower(), valid_from__lte=day).order_by("-valid_from").first()
    )
    return found


def estimate(
    organization: Organization, sender: Sender, category: str, messages: int, *, at: datetime | None = None
) -> Cost | None:
    """What so many messages of a category would cost now; None when no price is set for the day.

    The platform counts free messages per number and calendar month.
    """
    local = (at or timezone.now()).astimezone(organization.zone)
    price = price_on(category, local.date())
    if price is None:
        return None
    free = 0
    if price.free_per_month:
        used = accepted_this_month(organization, sender, category, local)
        free = min(messages, max(0, price.free_per_month - used))
    return Cost(messages=messages, free=free, price=price)


def accepted_this_month(organization: Organization, sender: Sender, category: str, local: datetime) -> int:
    """How many messages of a category this number has sent since the first of the month."""
    first = datetime.combine(local.date().replace(day=1), time(), tzinfo=organization.zone)
    # Single messages from their own small index, mailings from their counters: neither grows with the years.
    singles = Delivery.objects.filter(
        sender=sender,
        fanout__isnull=True,
        created_at__gte=first - _LONGEST_WAIT,  # what the index knows; what was accepted is what counts
        accepted_at__gte=first,
        price_category=category.lower(),
    ).count()
    mailings = Fanout.objects.filter(
        sender=sender, price_category=category.lower(), first_accepted_at__gte=first
    ).aggregate(accepted=Sum("n_accepted"))
    return singles + (mailings["accepted"] or 0)
