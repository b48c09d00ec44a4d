# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many receive each topic and quarter, how that has changed, and what it costs a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience.models import Topic
from arengo.audience.naming import Named
from arengo.audience.topics import usage
from arengo.audience.topics.forms import shown_day
from arengo.audience.topics.sorts import QUARTERS, TOPICS, Sort
from arengo.core.lengths import grouped
from arengo.core.scope import current_organization_id
from arengo.delivery.models import Price
from arengo.delivery.prices import pricing

_CHANGE = timedelta(days=30)
_MONTHS = 3
_USAGE = timedelta(days=30 * _MONTHS)


@dataclass(frozen=True)
class Line:
    """``people``: who receives it, with those who chose nothing. ``chosen``: who chose it. ``change``: who came less who left, 30 days.

    ``sent``: mailings about it in 90 days. ``amount``: a month, None where no price is set.
    """

    one: Named
    people: int
    chosen: int
    change: int
    sent: int
    amount: Decimal | None
    currency: str
    out_of_season: bool

    @property
    def moved(self) -> str:
        """«+171», «−12», «0»."""
        sign = "+" if self.change > 0 else "\N{MINUS SIGN}" if self.change < 0 else ""
        return f"{sign}{grouped(abs(self.change))}"

    @property
    def cost(self) -> str:
        if not self.sent:
            return _("nessun avviso in 90 giorni")
        if self.amount is None:
            return _("non si sa")
        return pricing.money(self.amount, self.currency)

    @property
    def season(self) -> str:
        if not isinstance(self.one, Topic) or not self.one.season_from:
            return ""
        days = {"begins": shown_day(self.one.season_from), "ends": shown_day(self.one.season_to)}
        return _("si propone dal %(begins)s al %(ends)s") % days


@dataclass(frozen=True)
class Lines:
    """``open``: who chose none, and so receives what is for any of them."""

    lines: Sequence[Line]
    open: int


def both() -> tuple[Lines, Lines]:
    """Topics and quarters of the scope's organization."""
    used = usage.since(timezone.now() - _USAGE)
    price = pricing.price_on(used.category, timezone.localdate()) if used.category else None
    return _lines(TOPICS, used.topics, price), _lines(QUARTERS, used.quarters, price)


def _lines(sort: Sort, sent: Counter[int], price: Price | None) -> Lines:
    every = list(sort.model.in_use())
    values = {
        "from": timezone.now() - _CHANGE,
        "ids": [one.pk for one in every],
        "organization": current_organization_id(),
    }
    counts = {pk: counted for pk, *counted in sort.run("count", values)}
    [(open_now, open_came, open_left)] = sort.run("count_open", values)
    today = timezone.localdate()
    lines = []
    for one in every:
        chosen, came, left = counts.get(one.pk, (0, 0, 0))
        people = chosen + open_now
        times = sent[one.pk]
        lines.append(
            Line(
                one=one,
                people=people,
                chosen=chosen,
                change=came + open_came - left - open_left,
                sent=times,
                amount=None if price is None else price.amount * people * times / _MONTHS,
                currency=price.currency if price else "",
                out_of_season=isinstance(one, Topic) and not one.is_in_season(today),
            )
        )
    return Lines(lines, open_now)


@dataclass(frozen=True)
class Overlap:
    """Of those on the list: who chose this one, the other, both; and who chose this one alone."""

    this: int
    other: int
    both: int
    only: int

    @property
    def after(self) -> int:
        return self.this + self.other - self.both

    @property
    def more(self) -> int:
        """How many will receive more than they asked for, once this one goes into the other."""
        return self.this - self.both


def overlap(sort: Sort, this: int, other: int | None) -> Overlap:
    [counted] = sort.run("overlap", {"this": this, "other": other if other is not None else 0})
    return Overlap(*counted)
