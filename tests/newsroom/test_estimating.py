# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""To how many, what it costs, how long it takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from arengo.audience.models import Identity, Subscription
from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate, Price, Sender, Urgency
from arengo.delivery.prices.pricing import Cost
from arengo.newsroom import estimating
from arengo.newsroom.estimating import Readiness, readiness
from arengo.newsroom.kinds.news.kind import News
from arengo.newsroom.outlets.base.contract import Estimate
from arengo.newsroom.templatetags.newsroom import duration, each, money
from tests.factories.audience import subscribe
from tests.factories.delivery import make_sender, set_price
from tests.factories.newsroom import draft


def estimated(town: Organization, **changes: object) -> Estimate:
    found: Readiness = readiness(draft(**changes), town)
    assert found.estimate is not None
    return found.estimate


def test_recipients_cost_and_time(town: Organization, sender: Sender) -> None:
    subscribe(town, sender, 498, first=100)
    found = estimated(town)
    assert found.cost is not None
    assert (found.recipients, found.cost.amount, found.cost.currency) == (501, Decimal("28.056"), "EUR")
    assert found.duration == timedelta(seconds=7)  # 501 at 80 a second


def test_who_stopped_marketing_at_the_platform_is_not_counted(town: Organization) -> None:
    identity = Identity.objects.earliest("pk")
    identity.marketing_stopped_at = identity.created_at
    identity.save()
    found = estimated(town)
    assert (found.recipients, found.spared) == (2, 1)


def test_a_list_that_stopped_news_altogether_is_not_called_empty(town: Organization) -> None:
    Identity.objects.update(marketing_stopped_at=timezone.now())
    found = readiness(draft(), town)
    assert found.obstacle is not None
    assert "hanno fermato le notizie" in found.obstacle.words


def test_what_nobody_may_stop_goes_to_everybody(
    town: Organization, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    Identity.objects.update(marketing_stopped_at=timezone.now())
    monkeypatch.setattr(News, "urgency", Urgency.ALERT)
    found = estimated(town)
    assert (found.recipients, found.spared) == (3, 0)


def test_subscribers_of_another_number_are_not_counted(town: Organization) -> None:
    Subscription.objects.filter(pk=Subscription.objects.earliest("pk").pk).update(sender_id=10**9)
    assert estimated(town).recipients == 2


def test_without_a_price_nothing_is_claimed(town: Organization) -> None:
    Price.objects.all().delete()
    found = readiness(draft(), town)
    assert found.estimate is not None
    assert found.estimate.cost is None
    assert found.may_go


def test_the_price_is_that_of_the_category_which_the_platform_gave_the_template(town: Organization) -> None:
    set_price(town, "0.02", category="utility")
    MessageTemplate.objects.update(category="UTILITY")
    cost = estimated(town).cost
    assert cost is not None
    assert cost.amount == Decimal("0.06")


def test_the_channel_alone_is_not_estimated(town: Organization) -> None:
    found = readiness(draft(outlets=("channel",)), town)
    assert (found.estimate, found.obstacle, found.may_go) == (None, None, True)


def test_a_chosen_number_is_used_and_a_working_one_goes_first(town: Organization, sender: Sender) -> None:
    second = make_sender(town, "Secondo numero")
    assert readiness(draft(), town).sender == sender
    assert readiness(draft(sender_id=second.pk), town).sender == second
    Sender.objects.filter(pk=sender.pk).update(state=Sender.State.STOPPED)
    assert readiness(draft(), town).sender == second


def test_an_estimate_asks_the_database_a_few_times_however_many_there_are(
    town: Organization, sender: Sender, django_assert_max_num_queries: Callable[..., object]
) -> None:
    subscribe(town, sender, 200, first=100)
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]  # a context manager
        estimating.readiness(draft(), town)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 s"),
        (0.2, "1 s"),
        (59, "59 s"),
        (60, "1 min"),
        (161, "2 min 41 s"),
        (3600, "1 h 0 min"),
        (7_500, "2 h 5 min"),
    ],
)
def test_durations_as_people_say_them(seconds: float, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("amount", "count", "currency", "words", "one"),
    [
        ("0.02766", 12_804, "EUR", "€ 354,16", "€ 0,02766"),
        ("0.07950", 12_804, "USD", "$ 1.017,92", "$ 0,0795"),
        ("0.1", 10, "CHF", "CHF 1,00", "CHF 0,10"),
    ],
)
def test_money_as_people_write_it(amount: str, count: int, currency: str, words: str, one: str) -> None:
    cost = Cost(messages=count, free=0, price=Price(amount=Decimal(amount), currency=currency))
    assert (money(cost).replace("\xa0", " "), each(cost).replace("\xa0", " ")) == (words, one)
