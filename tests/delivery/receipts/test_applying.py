# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts only move a delivery forward, whatever order they come in, however often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings, strategies as st

from arengo.core import events
from arengo.core.events import Batch
from arengo.core.models import LiveEvent, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.events import OptedOut
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.receipts import applying
from arengo.delivery.senders import activation
from arengo.platforms.contract import Address, ReceiptReceived, ReceiptStatus, Remedy, Text
from tests.factories.delivery import accepted_as, decide, mailing, make_sender

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
TO = Address(phone="+393330000001")


def receipt(delivery: Delivery | int | str, status: str, minute: int = 0, **more: object) -> ReceiptReceived:
    """Under the message id «wamid.» and the delivery's own; of what is named by a text, «wamid.1»."""
    opaque = str(delivery.pk) if isinstance(delivery, Delivery) else str(delivery)
    told = {"message_id": f"wamid.{delivery.pk}" if isinstance(delivery, Delivery) else "wamid.1", **more}
    return ReceiptReceived(
        status=ReceiptStatus(status), at=NOON + timedelta(minutes=minute), opaque=opaque, **told
    )  # type: ignore[arg-type]


def apply(sender: Sender, *told: ReceiptReceived) -> None:
    applying.apply(Batch(sender.organization_id, sender.pk, told, "whatsapp"))


@pytest.fixture
def delivery(scope: Organization, sender: Sender) -> Delivery:
    return outbox.enqueue(sender, TO, Text("Buongiorno"), topic="conversation:1")


def test_receipts_move_a_delivery_and_tell_its_screen(sender: Sender, delivery: Delivery) -> None:
    apply(
        sender,
        receipt(delivery, "sent", 1),
        receipt(delivery, "delivered", 2, billable=False, price_category="service"),
    )
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED
    assert delivery.delivered_at == NOON + timedelta(minutes=2)
    assert (delivery.billable, delivery.price_category, delivery.message_id) == (
        False,
        "service",
        f"wamid.{delivery.pk}",
    )
    assert LiveEvent.objects.filter(topic="conversation:1").count() == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["sent", "delivered", "read"]), min_size=1, max_size=8),
    st.lists(st.integers(1, 3), min_size=8, max_size=8),
)
def test_any_order_any_repetition_in_any_batches_ends_the_same(
    scope: Organization, sender: Sender, order: list[str], sizes: list[int]
) -> None:
    delivery = outbox.enqueue(sender, TO, Text("Buongiorno"))
    minutes = {"sent": 1, "delivered": 2, "read": 3}
    furthest = 0
    left = [receipt(delivery, status, minutes[status]) for status in order]
    for size in sizes:
        batch, left = left[:size], left[size:]
        if batch:
            apply(sender, *batch)
        delivery.refresh_from_db()
        assert delivery.state >= furthest, "a state went back"
        furthest = delivery.state
    expected = max({"sent": 30, "delivered": 40, "read": 50}[status] for status in order[: sum(sizes)])
    assert delivery.state == expected


def test_read_without_delivered_counts_as_delivered_too(scope: Organization, sender: Sender) -> None:
    fanout = mailing(sender, 3)
    one = fanout.deliveries.first()
    assert one is not None
    apply(sender, receipt(one, "read", 3))
    apply(sender, receipt(one, "delivered", 2), receipt(one, "sent", 1))
    apply(sender, receipt(one, "read", 3))
    fanout.refresh_from_db()
    assert (fanout.total, fanout.n_accepted, fanout.n_delivered, fanout.n_read, fanout.n_failed) == (
        3,
        1,
        1,
        1,
        0,
    )


def test_a_failure_is_final_and_keeps_the_platforms_reason(scope: Organization, sender: Sender) -> None:
    fanout = mailing(sender, 2)
    one = fanout.deliveries.first()
    assert one is not None
    apply(sender, receipt(one, "sent", 1))
    apply(
        sender, receipt(one, "failed", 2, code=131026, title="Message undeliverable", details="No WhatsApp")
    )
    apply(sender, receipt(one, "sent", 1), receipt(one, "failed", 2, code=1, title="another"))
    one.refresh_from_db()
    fanout.refresh_from_db()
    assert (one.state, one.code, one.reason) == (
        DeliveryState.FAILED,
        131026,
        "Message undeliverable: No WhatsApp",
    )
    assert (fanout.n_accepted, fanout.n_failed) == (1, 1)


def test_what_was_delivered_does_not_fail_any_more(sender: Sender, delivery: Delivery) -> None:
    apply(sender, receipt(delivery, "delivered"))
    apply(sender, receipt(delivery, "failed", code=131000, title="late"))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.code) == (DeliveryState.DELIVERED, 0)


def test_receipts_without_opaque_data_are_found_by_the_message_id(sender: Sender, delivery: Delivery) -> None:
    accepted_as(Delivery.objects.filter(pk=delivery.pk), "wamid.1")
    apply(sender, receipt("", "delivered"))
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED


def test_so_are_those_of_a_mailing_but_not_another_senders(
    sender: Sender, scope: Organization, altrove: Organization
) -> None:
    other = make_sender(altrove, "Altrove", credentials=sender.credentials)
    states = []
    for owner in (sender, other):
        with organization_scope(owner.organization_id):
            fanout = mailing(owner, 2)
            decide(fanout.deliveries.all(), DeliveryState.ACCEPTED)
            first = fanout.deliveries.earliest("pk")
            accepted_as(Delivery.unscoped.filter(pk=first.pk), "wamid.1")
            states.append(fanout)
    apply(sender, receipt("", "delivered"))
    found = [
        sorted(Delivery.unscoped.filter(fanout=fanout).values_list("state", flat=True)) for fanout in states
    ]
    assert found == [
        [DeliveryState.ACCEPTED, DeliveryState.DELIVERED],
        [DeliveryState.ACCEPTED, DeliveryState.ACCEPTED],
    ]


@pytest.mark.parametrize("opaque", ["", "0", "99999999", "9" * 30, "abc", "-1", "１２", " 1"])
def test_receipts_of_messages_that_are_not_ours_change_nothing(
    sender: Sender, delivery: Delivery, opaque: str
) -> None:
    apply(sender, receipt(opaque, "read"))
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.QUEUED


def test_a_receipt_for_another_senders_delivery_is_ignored(
    sender: Sender, delivery: Delivery, altrove: Organization
) -> None:
    other = make_sender(altrove, "Altrove", credentials=sender.credentials)
    with organization_scope(altrove):
        apply(other, receipt(delivery, "read"))
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.QUEUED


def test_a_receipt_decides_an_uncertain_or_unknown_delivery(scope: Organization, sender: Sender) -> None:
    fanout = mailing(sender, 2)
    first, second = fanout.deliveries.order_by("pk")
    Delivery.objects.filter(pk=first.pk).update(state=DeliveryState.UNCERTAIN)
    Delivery.objects.filter(pk=second.pk).update(state=DeliveryState.UNKNOWN)
    Fanout.objects.update(n_unknown=1)
    apply(sender, receipt(first, "sent"), receipt(second, "delivered"))
    fanout.refresh_from_db()
    assert list(fanout.deliveries.order_by("pk").values_list("state", flat=True)) == [30, 40]
    assert (fanout.n_accepted, fanout.n_delivered, fanout.n_unknown) == (2, 1, 0)


def test_who_told_the_platform_to_stop_is_reported_to_the_audience(
    sender: Sender, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[OptedOut] = []
    monkeypatch.setattr(events, "_listeners", type(events._listeners)(list))
    events.listen(OptedOut, lambda batch: told.extend(batch.events))
    apply(sender, receipt(delivery, "failed", code=131050, title="stop", remedy=Remedy.OPTED_OUT, address=TO))
    assert told == [OptedOut("whatsapp", TO)]


def test_a_late_refusal_of_the_number_stops_it_with_its_code(sender: Sender, delivery: Delivery) -> None:
    told = receipt(
        delivery, "failed", code=131042, title="Payment", details="No card", remedy=Remedy.STOP_SENDER
    )
    apply(sender, told)
    sender.refresh_from_db()
    assert (sender.state, sender.stop_code, sender.stop_reason) == ("stopped", 131042, "No card")


def test_what_failed_before_a_person_resumed_the_sender_does_not_stop_it_again(
    sender: Sender, delivery: Delivery, alice: Person
) -> None:
    told = receipt(delivery, "failed", code=131042, title="Payment", remedy=Remedy.STOP_SENDER)
    apply(sender, told)
    activation.resume(sender, by=alice)
    apply(sender, told)  # of a message that was on its way when the number stopped
    sender.refresh_from_db()
    assert sender.state == "active"
    after = receipt(delivery, "failed", code=131042, title="Payment", remedy=Remedy.STOP_SENDER)
    apply(sender, msgspec.structs.replace(after, at=timezone.now() + timedelta(seconds=1)))
    sender.refresh_from_db()
    assert sender.state == "stopped"


def test_a_failure_of_one_message_stops_nobody(sender: Sender, delivery: Delivery) -> None:
    apply(sender, receipt(delivery, "failed", code=131026, title="Undeliverable", remedy=Remedy.NEVER))
    sender.refresh_from_db()
    assert sender.state == "active"
