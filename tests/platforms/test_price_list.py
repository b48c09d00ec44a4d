# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A platform's price list is data with a day and a source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from arengo.platforms.contract import PriceList, PublishesPrices
from arengo.platforms.registry import platforms

LISTS = [
    (name, one)
    for name, speaks in platforms().items()
    if isinstance(speaks, PublishesPrices)
    for one in speaks.price_lists()
]


def test_there_is_one() -> None:
    assert LISTS


@pytest.mark.parametrize(("name", "prices"), LISTS)
def test_each_says_what_where_from_and_since_when(name: str, prices: PriceList) -> None:
    assert prices.source
    assert prices.market == "IT"
    assert prices.currency == "EUR"
    assert date(2026, 1, 1) <= prices.valid_from <= prices.checked_on
    assert (prices.valid_from.month - 1) % 3 == 0, "rates change on the first day of a quarter"
    assert prices.valid_from.day == 1
    assert all(Decimal("0.001") < rate < 1 for rate in prices.rates.values())
    assert set(prices.free_per_month) <= set(prices.rates)
