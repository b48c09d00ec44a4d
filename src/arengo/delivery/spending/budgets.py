# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A month's budget: what it says to a mailing that is about to start.

It speaks of mailings alone. An alert is never held back, and neither is an answer of a person's: their verbs do not ask. The
verb that starts a mailing asks ``weigh`` in the transaction that starts it, after ``hold``, so that two at the same moment
are weighed one after the other. What is decided and not priced by receipts yet counts as well: mailings on their way, and what
other rooms have planned (``register_planned``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core.models import Organization
from arengo.delivery.models import Budget, Fanout, Urgency
from arengo.delivery.prices import pricing
from arengo.delivery.prices.pricing import Cost
from arengo.delivery.spending.figures import Month, Prices, month, next_month, this_month

_RECEIPTS_COME = timedelta(
    days=2
)  # after the last message left: what has no receipt by then is seldom charged


@dataclass(frozen=True)
class Planned:
    """What somebody decided to send and no mailing holds yet. ``at``: when it leaves; ``amount`` None: no price was known."""

    at: date
    amount: Decimal | None
    currency: str


Source = Callable[[], Iterable[Planned]]
_sources: list[Source] = []


def register_planned(source: Source) -> None:
    """Of the scope's organization."""
    _sources.append(source)


@dataclass(frozen=True)
class Standing:
    """A month against its budget, in the budget's currency. ``committed``: decided, not priced by receipts yet."""

    budget: Budget
    month: Month
    spent: Decimal
    committed: Decimal

    @property
    def left(self) -> Decimal:
        return self.budget.amount - self.spent - self.committed

    @property
    def is_over(self) -> bool:
        return self.left < 0


@dataclass(frozen=True)
class Verdict:
    """What the budget has against a mailing. ``stops``: it must not start."""

    words: str
    stops: bool


def budget() -> Budget | None:
    """Of the scope's organization."""
    found: Budget | None = Budget.objects.first()
    return found


def hold() -> None:
    """In the caller's transaction: another mailing is not weighed until this one is decided."""
    Budget.objects.select_for_update(no_key=True).first()


def standing(organization: Organization, first: date | None = None) -> Standing | None:
    """Of a month, this one unless another is asked for; None without a budget."""
    mine = budget()
    if mine is None:
        return None
    begins = first or this_month(organization)
    spent = month(begins)
    return Standing(
        mine, spent, spent.whole.amount(mine.currency), committed(organization, mine.currency, begins)
    )


def committed(organization: Organization, currency: str, first: date) -> Decimal:
    """What is on its way or planned within a month; only the present and later ones have any."""
    total = sum((one.amount or Decimal(0) for one in _planned(currency, first)), Decimal(0))
    if first == this_month(organization):
        total += _on_their_way(organization, currency)
    return total


def _planned(currency: str, first: date) -> list[Planned]:
    found = [one for source in _sources for one in source()]
    return [one for one in found if one.currency == currency and first <= one.at < next_month(first)]


def _on_their_way(organization: Organization, currency: str) -> Decimal:
    """Messages of mailings that have not been decided, or were taken lately and have no receipt yet."""
    lately = timezone.now() - _RECEIPTS_COME
    open_ones = Fanout.objects.filter(stopped_at=None, n_waiting__gt=0) | Fanout.objects.filter(
        last_accepted_at__gte=lately, n_accepted__gt=F("n_delivered")
    )
    prices, day, total = Prices(), pricing.today(organization), Decimal(0)
    for fanout in open_ones.exclude(urgency=Urgency.ALERT):
        decided = fanout.n_delivered + fanout.n_failed + fanout.n_unknown + fanout.n_cancelled
        price = prices.on(fanout.price_category, day)
        if price is not None and price.currency == currency:
            total += price.amount * max(0, fanout.total - decided)
    return total


def weigh(
    organization: Organization, urgency: Urgency, costs: Sequence[Cost | None], *, first: date | None = None
) -> Verdict | None:
    """What the budget says to a mailing of this cost. None: nothing stands against it.

    ``costs``: of each part; None in it: no price is known, and so nobody can say that it fits. ``first``: of the month in which
    it leaves.
    """
    if urgency is Urgency.ALERT:
        return None
    mine = standing(organization, first)
    if mine is None:
        return None
    limit = pricing.money(mine.budget.amount, mine.budget.currency)
    if any(cost is None or cost.currency != mine.budget.currency for cost in costs):
        words = _(
            "C’è un limite di %(limit)s al mese, ma senza un prezzo in quella valuta non si sa se l’invio ci sta."
        )
        return Verdict(words % {"limit": limit}, mine.budget.stops)
    left = mine.left - sum((cost.amount for cost in costs if cost is not None), Decimal(0))
    if left >= 0:
        return None
    values = {
        "limit": limit,
        "spent": pricing.money(mine.spent + mine.committed, mine.budget.currency),
        "over": pricing.money(-left, mine.budget.currency),
    }
    if mine.budget.stops:
        words = _(
            "Il limite del mese è %(limit)s, e %(spent)s sono già impegnati: questo invio lo supererebbe di %(over)s. "
            "Riparte il mese prossimo, o quando il limite cambia."
        )
    else:
        words = _(
            "Con questo invio si supera il limite del mese di %(over)s: il limite è %(limit)s, e %(spent)s sono già impegnati."
        )
    return Verdict(words % values, mine.budget.stops)
