# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What messages cost, before they are sent."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override

from arengo.core.models import Organization
from arengo.delivery.models import Delivery, DeliveryState, Price, Sender
from arengo.delivery.models.senders import written
from arengo.delivery.prices.pricing import Cost, estimate, price_on
from tests.factories.delivery import set_price

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_recipients_times_the_price(scope: Organization, sender: Sender) -> None:
    set_price(scope, "0.02766")
    cost = estimate(scope, sender, "MARKETING", 12_804, at=NOON)
    assert cost is not None
    assert cost.amount == Decimal("354.15864")
    assert (cost.rounded, cost.currency, cost.free, cost.paid) == (Decimal("354.16"), "EUR", 0, 12_804)


def test_without_a_price_the_cost_is_unknown_not_nothing(scope: Organization, sender: Sender) -> None:
    set_price(scope, "0.03", category="utility")
    assert estimate(scope, sender, "marketing", 10, at=NOON) is None


def test_the_price_of_the_day_is_the_latest_that_has_begun(scope: Organization) -> None:
    set_price(scope, "0.05", valid_from=date(2026, 7, 1))
    autumn = set_price(scope, "0.06", valid_from=date(2026, 10, 1))
    set_price(scope, "0.07", valid_from=date(2027, 1, 1))
    assert price_on("marketing", date(2026, 12, 31)) == autumn
    assert price_on("marketing", date(2026, 6, 30)) is None


def test_the_day_is_the_organizations_own(scope: Organization, sender: Sender) -> None:
    set_price(scope, "0.07", valid_from=date(2027, 1, 1))
    last_minutes = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in Rome
    assert estimate(scope, sender, "marketing", 1, at=last_minutes) is not None


def sent(town: Organization, sender: Sender, count: int, at: datetime, category: str = "service") -> None:
    Delivery.objects.bulk_create(
        Delivery(
            organization=town,
            sender=sender,
            address_sealed=b"x",
            address_hash=b"x",
            state=DeliveryState.DELIVERED,
            price_category=category,
            accepted_at=at,
        )
        for _ in range(count)
    )


def test_free_messages_of_the_month_come_off(scope: Organization, sender: Sender) -> None:
    set_price(scope, "0.03", category="service", free_per_month=1000)
    sent(scope, sender, 400, NOON)
    sent(scope, sender, 50, datetime(2026, 10, 31, 22, 59, tzinfo=UTC))  # October, in Rome
    sent(scope, sender, 7, NOON, category="marketing")
    cost = estimate(scope, sender, "service", 700, at=NOON)
    assert cost is not None
    assert (cost.free, cost.paid, cost.amount) == (600, 100, Decimal("3.00"))


def test_when_the_free_ones_are_used_up_all_are_paid(scope: Organization, sender: Sender) -> None:
    set_price(scope, "0.03", category="service", free_per_month=10)
    sent(scope, sender, 12, NOON)
    cost = estimate(scope, sender, "service", 5, at=NOON)
    assert cost is not None
    assert (cost.free, cost.paid) == (0, 5)


@pytest.mark.parametrize(
    ("amount", "messages", "shown"),
    [("0.00100", 1, "0.01"), ("0.00500", 1, "0.01"), ("0.07950", 3, "0.24"), ("0", 5, "0")],
)
def test_people_see_cents_and_never_nothing_for_something(amount: str, messages: int, shown: str) -> None:
    cost = Cost(messages=messages, free=0, price=Price(amount=Decimal(amount), currency="EUR"))
    assert cost.rounded == Decimal(shown)


def test_another_organizations_price_is_not_ours(
    scope: Organization, sender: Sender, altrove: Organization
) -> None:
    Price.unscoped.bulk_create(
        [
            Price(
                organization=altrove,
                category="marketing",
                amount=Decimal("0.01"),
                valid_from=date(2026, 1, 1),
            )
        ]
    )
    assert estimate(scope, sender, "marketing", 1, at=NOON) is None


@pytest.mark.parametrize(
    ("language", "amount", "words"),
    [
        ("it", "0.12", "$\N{NO-BREAK SPACE}0,12"),
        ("it", "0.07950", "$\N{NO-BREAK SPACE}0,0795"),
        ("it", "0.1", "$\N{NO-BREAK SPACE}0,10"),
        ("it", "12000", "$\N{NO-BREAK SPACE}12.000,00"),
        ("en", "0.12", "$\N{NO-BREAK SPACE}0.12"),
    ],
)
def test_money_is_written_as_the_readers_language_writes_it(language: str, amount: str, words: str) -> None:
    with override(language):
        assert written(Decimal(amount), "USD") == words
