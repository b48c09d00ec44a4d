# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What receipts say of the price is counted once a message, by mailing, day and category; and what that comes to."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import connection

from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Charge, Delivery, DeliveryState, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.sending.moves import Move, parameters
from arengo.delivery.spending.figures import Prices, month, months, of_mailings
from arengo.delivery.sql import statement
from arengo.platforms.contract import Text
from tests.factories.delivery import addresses, decide, mailing, make_sender, set_price

NOVEMBER = date(2026, 11, 1)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def counted() -> list[tuple[int | None, date, str, bool, int]]:
    return list(
        Charge.objects.order_by("fanout", "day", "category", "billable").values_list(
            "fanout_id", "day", "category", "billable", "count"
        )
    )


def test_each_message_is_counted_once_however_often_it_is_told(scope: Organization, sender: Sender) -> None:
    fanout = mailing(sender, 4)
    first = Delivery.objects.filter(pk__in=Delivery.objects.order_by("pk").values("pk")[:3])
    for state in (
        DeliveryState.ACCEPTED,
        DeliveryState.DELIVERED,
        DeliveryState.DELIVERED,
        DeliveryState.READ,
    ):
        decide(first, state, billable=True, category="marketing", at=NOON)
    assert counted() == [(fanout.pk, date(2026, 11, 20), "marketing", True, 3)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_it_counts_when_it_has_arrived_and_has_a_price_whichever_comes_first(
    scope: Organization, sender: Sender, order: tuple[int, ...]
) -> None:
    """«sent» brings the price, «delivered» the arrival, «read» neither: in whatever order."""
    fanout = mailing(sender, 1)
    pk = Delivery.objects.get().pk
    told = [
        Move(
            pk,
            state=int(DeliveryState.SENT),
            accepted_at=NOON,
            sent_at=NOON,
            billable=True,
            category="utility",
        ),
        Move(pk, state=int(DeliveryState.DELIVERED), accepted_at=NOON, delivered_at=NOON),
        Move(pk, state=int(DeliveryState.ACCEPTED), accepted_at=NOON),
    ]
    for which in order:
        with connection.cursor() as cursor:
            cursor.execute(statement("move"), parameters(sender.pk, [told[which]]))
    assert counted() == [(fanout.pk, date(2026, 11, 20), "utility", True, 1)]


def test_what_was_taken_and_never_arrived_is_not_charged(scope: Organization, sender: Sender) -> None:
    mailing(sender, 2)
    decide(Delivery.objects.all(), DeliveryState.ACCEPTED, billable=True, category="marketing")
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131026, "Undeliverable")
    assert counted() == []


def test_the_day_is_the_organizations_own(scope: Organization, sender: Sender) -> None:
    mailing(sender, 1)
    last_minutes = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # half past midnight in Rome
    decide(
        Delivery.objects.all(), DeliveryState.DELIVERED, billable=True, category="utility", at=last_minutes
    )
    assert Charge.objects.get().day == date(2026, 12, 1)


def test_single_messages_of_a_day_share_a_row(scope: Organization, sender: Sender) -> None:
    for each in addresses(3):
        outbox.enqueue(sender, each, Text("Alle nove."))
    some = Delivery.objects.filter(pk__in=Delivery.objects.order_by("pk").values("pk")[:2])
    decide(some, DeliveryState.DELIVERED, billable=False, category="service", at=NOON)
    rest = Delivery.objects.exclude(state=DeliveryState.DELIVERED)
    decide(rest, DeliveryState.DELIVERED, billable=False, category="service", at=NOON)
    assert counted() == [(None, date(2026, 11, 20), "service", False, 3)]


def test_a_second_try_that_arrives_is_charged_once(scope: Organization, sender: Sender) -> None:
    fanout = mailing(sender, 1)
    decide(Delivery.objects.all(), DeliveryState.ACCEPTED, billable=True, category="marketing", at=NOON)
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131000, "Try later")
    assert outbox.retry_failed(fanout) == 1
    decide(Delivery.objects.all(), DeliveryState.DELIVERED, billable=True, category="marketing", at=NOON)
    assert counted() == [(fanout.pk, date(2026, 11, 20), "marketing", True, 1)]


# --- what that comes to ---------------------------------------------------------------------------------------------


def charge(sender: Sender, day: date, count: int, category: str = "marketing", **more: object) -> Charge:
    found: Charge = Charge.objects.create(
        organization_id=sender.organization_id,
        sender=sender,
        **{"day": day, "category": category, "billable": True, "count": count, **more},
    )
    return found


def test_a_month_is_what_arrived_times_the_price_of_its_day(scope: Organization, sender: Sender) -> None:
    set_price(scope, "0.05", valid_from=date(2026, 10, 1))
    set_price(scope, "0.07", valid_from=date(2026, 11, 15))
    set_price(scope, "0.03", category="service", free_per_month=1000)
    fanout = mailing(sender, 1)
    charge(sender, date(2026, 11, 14), 100, fanout=fanout)
    charge(sender, date(2026, 11, 15), 10, fanout=fanout)
    charge(sender, date(2026, 11, 30), 5, "service")
    charge(sender, date(2026, 11, 30), 900, "service", billable=False)
    charge(sender, date(2026, 12, 1), 1000)
    found = month(NOVEMBER)
    assert found.whole.amounts == {"EUR": Decimal("5.85")}
    assert (found.whole.messages, found.whole.free, found.whole.unpriced) == (1015, 900, 0)
    assert found.mailings[fanout.pk].words.replace("\xa0", " ") == "€ 5,70"
    assert found.singles["service"].amounts == {"EUR": Decimal("0.15")}
    assert of_mailings([fanout.pk])[fanout.pk].amounts == {"EUR": Decimal("5.70")}


def test_without_a_price_the_amount_is_unknown_and_not_nothing(scope: Organization, sender: Sender) -> None:
    charge(sender, date(2026, 11, 14), 100)
    found = month(NOVEMBER).whole
    assert (found.words, found.unpriced, found.known) == ("", 100, False)


def test_a_month_without_messages_costs_nothing(scope: Organization, sender: Sender) -> None:
    [november, october] = months(NOVEMBER, 2)
    assert (november.first, october.first) == (NOVEMBER, date(2026, 10, 1))
    assert november.whole.words.replace("\xa0", " ") == "€ 0,00"


def test_nothing_of_another_organization_is_counted(
    scope: Organization, sender: Sender, altrove: Organization
) -> None:
    with organization_scope(altrove):
        charge(make_sender(altrove), date(2026, 11, 2), 7, "service")
    assert month(NOVEMBER).whole.messages == 0
    assert Prices().on("service", date(2026, 11, 2)) is None


def test_what_was_told_before_is_counted_from_the_deliveries(scope: Organization, sender: Sender) -> None:
    """The statement of the migration."""
    fanout = mailing(sender, 3)
    decide(Delivery.objects.all(), DeliveryState.DELIVERED, billable=True, category="marketing", at=NOON)
    kept = counted()
    Charge.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("arengo.delivery.migrations.1420_charges")._COUNT)
    assert counted() == kept == [(fanout.pk, date(2026, 11, 20), "marketing", True, 3)]
