# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A month of the newsroom in money: update by update, what the desk's answers cost, and what digests alone would have cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.delivery.models import Fanout, Urgency
from arengo.delivery.prices import pricing
from arengo.delivery.spending.figures import Month, Spent
from arengo.newsroom.estimating import ESTIMATE
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.models import MOST_ITEMS, Placement, Update
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Counts


@dataclass(frozen=True)
class Line:
    """One mailing that cost something this month. ``update`` None: another room's, as asking again for consent."""

    title: str
    update: Update | None
    kind: str
    at: datetime
    arrived: int
    estimated: str
    spent: Spent


@dataclass(frozen=True)
class Digests:
    """What the month's news would have cost as digests of up to four flashes: ``sends`` instead of ``were``."""

    were: int
    sends: int
    amount: Decimal
    currency: str

    @property
    def money(self) -> str:
        return pricing.money(self.amount, self.currency)


def lines(month: Month) -> list[Line]:
    """The latest first."""
    mailings = Fanout.objects.in_bulk(list(month.mailings))
    placements = _placements(list(month.mailings))
    return [
        _line(fanout, placements.get(pk), month.mailings[pk])
        for pk, fanout in sorted(mailings.items(), key=lambda each: each[1].created_at, reverse=True)
    ]


def _placements(mailings: Sequence[int]) -> dict[int, Placement]:
    """The copies whose mailings these are; other outlets have ids of their own."""
    keys = [outlet.key for outlet in registry.outlets() if isinstance(outlet, Counts)]
    held = Placement.objects.filter(outlet__in=keys, reference__in=[str(pk) for pk in mailings])
    return {int(one.reference): one for one in held.select_related("update")}


def _line(fanout: Fanout, placement: Placement | None, spent: Spent) -> Line:
    if placement is None:
        return Line(_("Un altro invio alla lista"), None, "", fanout.created_at, spent.messages, "", spent)
    update, cost = placement.update, placement.detail.get(ESTIMATE, {}).get("cost")
    kind = kinds.find(update.kind)
    return Line(
        title=str(update),
        update=update,
        kind=str(kind.name) if kind else "",
        at=update.sent_at or fanout.created_at,
        arrived=spent.messages,
        estimated=pricing.money(Decimal(cost["amount"]), cost["currency"]) if cost else "",
        spent=spent,
    )


def with_digests(month: Month, currency: str) -> Digests | None:
    """None where it would have been no less: few flashes, or digests already. Alerts are left out: they cannot wait for others.

    Counted as the sum of the month's flashes, four to a send, times what one send cost on average.
    """
    news = Fanout.objects.filter(pk__in=month.mailings).exclude(urgency=Urgency.ALERT)
    placements = _placements([fanout.pk for fanout in news])
    sent = [month.mailings[pk].amount(currency) for pk in placements]
    if len(sent) < 2:
        return None
    flashes = _flashes([one.update_id for one in placements.values()])
    sends = math.ceil(sum(flashes.values()) / MOST_ITEMS)
    total = sum(sent, Decimal(0))
    if not 0 < sends < len(sent) or not total:
        return None
    return Digests(len(sent), sends, total / len(sent) * sends, currency)


def _flashes(updates: Sequence[int]) -> Mapping[int, int]:
    counted = Update.objects.filter(pk__in=updates).annotate(many=Count("items")).values_list("pk", "many")
    return {pk: max(1, many) for pk, many in counted}


def singles(month: Month, labels: Mapping[str, str]) -> list[tuple[str, Spent]]:
    """By category, in words; what costs most first."""
    found = [(labels.get(category, category), spent) for category, spent in month.singles.items()]
    return sorted(found, key=lambda one: (-sum(one[1].amounts.values(), Decimal(0)), -one[1].messages))


def asked_month(value: str, latest: date) -> date:
    """``2026-11`` of an address; the present month for anything else, or for one that is not there yet."""
    found = outside.day(f"{value}-01")
    return latest if found is None else min(found, latest)
