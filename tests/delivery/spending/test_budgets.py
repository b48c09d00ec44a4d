# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A month's budget warns or stops a mailing; an alert never, and what somebody is answered never."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from arengo.core.models import Organization
from arengo.delivery.models import Budget, Charge, Delivery, DeliveryState, Price, Sender, Urgency
from arengo.delivery.prices.pricing import Cost
from arengo.delivery.spending import budgets
from arengo.delivery.spending.budgets import Planned
from arengo.delivery.spending.figures import this_month
from tests.factories.delivery import decide, mailing, set_price


@pytest.fixture
def limit(scope: Organization) -> Budget:
    """€ 10 a month, and a message costs five cents."""
    set_price(scope, "0.05")
    found: Budget = Budget.objects.create(organization=scope, amount=Decimal(10), beyond=Budget.Beyond.STOPS)
    return found


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[Planned]:
    """What rooms above say that they planned."""
    planned: list[Planned] = []
    monkeypatch.setattr(budgets, "_sources", [lambda: planned])
    return planned


def cost(scope: Organization, messages: int) -> Cost:
    return Cost(messages=messages, free=0, price=Price.objects.get())


def spent(sender: Sender, messages: int) -> None:
    Charge.objects.create(
        organization_id=sender.organization_id,
        sender=sender,
        day=this_month(sender.organization),
        category="marketing",
        billable=True,
        count=messages,
    )


def stops(scope: Organization, messages: int, urgency: Urgency = Urgency.NEWS) -> bool:
    verdict = budgets.weigh(scope, urgency, [cost(scope, messages)])
    return verdict is not None and verdict.stops


def test_without_a_budget_nothing_is_said(scope: Organization, sender: Sender) -> None:
    set_price(scope, "0.05")
    assert budgets.weigh(scope, Urgency.NEWS, [cost(scope, 1_000_000)]) is None


def test_it_may_be_used_up_to_the_last_cent(scope: Organization, sender: Sender, limit: Budget) -> None:
    spent(sender, 100)
    assert not stops(scope, 100)
    assert stops(scope, 101)


def test_an_alert_is_never_held_back(scope: Organization, sender: Sender, limit: Budget) -> None:
    spent(sender, 10_000)
    assert budgets.weigh(scope, Urgency.ALERT, [cost(scope, 10_000)]) is None
    assert budgets.weigh(scope, Urgency.ALERT, [None]) is None


def test_a_budget_that_warns_says_by_how_much(scope: Organization, sender: Sender, limit: Budget) -> None:
    Budget.objects.update(beyond=Budget.Beyond.WARNS)
    spent(sender, 190)
    verdict = budgets.weigh(scope, Urgency.NEWS, [cost(scope, 30)])
    assert verdict is not None
    assert not verdict.stops
    said = verdict.words.replace("\xa0", " ")
    assert "si supera il limite del mese di € 1,00: il limite è € 10,00, e € 9,50 sono già impegnati" in said


def test_without_a_price_a_budget_that_stops_stops(
    scope: Organization, sender: Sender, limit: Budget
) -> None:
    verdict = budgets.weigh(scope, Urgency.NEWS, [None])
    assert verdict is not None
    assert verdict.stops
    assert "senza un prezzo" in verdict.words


def test_mailings_on_their_way_count_and_so_does_what_is_planned(
    scope: Organization, sender: Sender, limit: Budget, plans: list[Planned]
) -> None:
    mailing(sender, 60, price_category="marketing")  # € 3,00
    today = this_month(scope)
    plans += [
        Planned(today, Decimal(2), "EUR"),
        Planned(today, None, "EUR"),
        Planned(today + timedelta(days=40), Decimal(900), "EUR"),  # of another month
    ]
    assert not stops(scope, 100)
    assert stops(scope, 101)
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131026, "Undeliverable")
    assert not stops(scope, 160), "what failed costs nothing"


def test_an_alert_on_its_way_does_not_stop_the_news(
    scope: Organization, sender: Sender, limit: Budget
) -> None:
    mailing(sender, 200, Urgency.ALERT, price_category="marketing")
    assert not stops(scope, 100)


def test_what_was_taken_long_ago_and_never_arrived_is_let_go(
    scope: Organization, sender: Sender, limit: Budget
) -> None:
    fanout = mailing(sender, 100, price_category="marketing")
    decide(Delivery.objects.all(), DeliveryState.ACCEPTED)
    assert stops(scope, 101)
    type(fanout).objects.update(last_accepted_at=timezone.now() - timedelta(days=3))
    assert not stops(scope, 200)


def test_last_months_spending_is_over(scope: Organization, sender: Sender, limit: Budget) -> None:
    spent(sender, 200)
    Charge.objects.update(day=this_month(scope) - timedelta(days=1))
    assert not stops(scope, 200)


def test_a_month_against_its_budget(scope: Organization, sender: Sender, limit: Budget) -> None:
    spent(sender, 220)
    found = budgets.standing(scope)
    assert found is not None
    assert (found.spent, found.committed, found.left, found.is_over) == (
        Decimal("11.00"),
        Decimal(0),
        Decimal("-1.00"),
        True,
    )
    before = budgets.standing(scope, date(2026, 1, 1))
    assert before is not None
    assert before.spent == 0
