# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A receipt is believed when both of its ids fit, where both are known. What fits nothing is counted and changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.core.process_metrics import STRANGERS, process_metrics
from arengo.delivery.events import OptedOut
from arengo.delivery.models import Delivery, DeliveryState, Outbox, Sender, Urgency
from arengo.delivery.models.copies import Copy
from arengo.delivery.queue import outbox
from arengo.delivery.queue.cancellation import forget_topics
from arengo.delivery.receipts import applying
from arengo.delivery.sending.moves import Move, parameters
from arengo.delivery.sending.opaque import read as delivery_of
from arengo.delivery.sql import statement
from arengo.platforms.contract import Address, ReceiptReceived, ReceiptStatus, Remedy, Text
from tests.factories.delivery import accepted_as, decide

pytestmark = pytest.mark.django_db

TO = Address(phone="+393330000001", user_id="IT.1001")
NEIGHBOUR = Address(phone="+393330000002")


@pytest.fixture
def delivery(scope: Organization, sender: Sender) -> Delivery:
    return outbox.enqueue(sender, TO, Text("Buongiorno"), topic="conversation:1")


def reported(
    delivery: Delivery | str, status: str, message_id: str, *, after: timedelta = timedelta(), **more: object
) -> ReceiptReceived:
    opaque = str(delivery.pk) if isinstance(delivery, Delivery) else delivery
    return ReceiptReceived(message_id, ReceiptStatus(status), timezone.now() + after, opaque=opaque, **more)  # type: ignore[arg-type]


def apply(sender: Sender, *events: ReceiptReceived) -> None:
    applying.apply(Batch(sender.organization_id, sender.pk, events, "whatsapp"))


def answer(delivery: Delivery, message_id: str) -> None:
    """The platform took it under this id."""
    move = Move(delivery.pk, state=int(DeliveryState.ACCEPTED), accepted_at=timezone.now())
    move.identify(message_id, keep=True)
    with connection.cursor() as cursor:
        cursor.execute(statement("move"), parameters(delivery.sender_id, [move]))


def again(delivery: Delivery) -> None:
    """Nobody knows whether it went, and a person sends it once more."""
    decide(Delivery.objects.filter(pk=delivery.pk), DeliveryState.UNKNOWN)
    delivery.refresh_from_db()
    outbox.retry(delivery)


def state(delivery: Delivery) -> int:
    delivery.refresh_from_db()
    return delivery.state


# --- somebody else's message ids with our numbers -------------------------------------------------------------


@pytest.mark.parametrize("address", [None, TO, NEIGHBOUR])
def test_somebody_elses_message_with_our_number_does_not_fail_our_delivery(
    sender: Sender, delivery: Delivery, address: Address | None
) -> None:
    answer(delivery, "wamid.ours")
    apply(sender, reported(delivery, "failed", "wamid.theirs", code=131026, title="No", address=address))
    assert (state(delivery), delivery.failed_at, delivery.code) == (DeliveryState.ACCEPTED, None, 0)
    apply(sender, reported(delivery, "read", "wamid.ours", address=TO))
    assert state(delivery) == DeliveryState.READ


def test_before_the_answer_the_recipient_decides(sender: Sender, delivery: Delivery) -> None:
    apply(sender, reported(delivery, "failed", "wamid.theirs", code=131026, title="No", address=NEIGHBOUR))
    assert (state(delivery), delivery.message_hash) == (DeliveryState.QUEUED, None)
    apply(sender, reported(delivery, "delivered", "wamid.ours", address=Address(user_id="IT.1001")))
    assert (state(delivery), delivery.message_id) == (DeliveryState.DELIVERED, "wamid.ours")


def test_a_recipient_who_cannot_be_compared_contradicts_nothing(scope: Organization, sender: Sender) -> None:
    by_phone = outbox.enqueue(sender, NEIGHBOUR, Text("Buongiorno"))
    apply(sender, reported(by_phone, "sent", "wamid.1", address=Address(user_id="IT.7")))
    assert state(by_phone) == DeliveryState.SENT


def test_a_message_id_of_another_delivery_of_ours_wins(scope: Organization, sender: Sender) -> None:
    first, second, third = (outbox.enqueue(sender, TO, Text(str(n))) for n in range(3))
    answer(second, "wamid.second")
    answer(third, "wamid.third")
    apply(sender, reported(first, "delivered", "wamid.second"), reported(third, "read", "wamid.second"))
    assert (state(first), state(second), state(third)) == (
        DeliveryState.QUEUED,
        DeliveryState.READ,
        DeliveryState.ACCEPTED,
    )


def test_without_a_message_id_our_own_is_believed(sender: Sender, delivery: Delivery) -> None:
    answer(delivery, "wamid.ours")
    apply(sender, reported(delivery, "delivered", "", address=TO))
    assert state(delivery) == DeliveryState.DELIVERED
    apply(sender, reported(delivery, "read", "", address=NEIGHBOUR))
    assert state(delivery) == DeliveryState.DELIVERED


def test_an_id_that_only_a_receipt_told_gives_way_to_the_answers(sender: Sender, delivery: Delivery) -> None:
    apply(sender, reported(delivery, "sent", "wamid.theirs"))  # nothing contradicts it yet
    answer(delivery, "wamid.ours")
    delivery.refresh_from_db()
    assert delivery.message_id == "wamid.ours"
    apply(sender, reported(delivery, "failed", "wamid.theirs", code=1, title="No"))
    assert state(delivery) == DeliveryState.SENT
    apply(sender, reported(delivery, "read", "wamid.ours"))
    assert state(delivery) == DeliveryState.READ


@pytest.mark.parametrize(
    "form", ["{} ", " {}", "+{}", "0{}", "{}.0", "{}\n", "-{}", "{}e0", "{}" + "0" * 30, "x{}", "{},{}"]
)
def test_the_opaque_id_is_ours_only_exactly_as_we_write_it(
    sender: Sender, delivery: Delivery, form: str
) -> None:
    opaque = form.format(delivery.pk, delivery.pk)
    assert delivery_of(opaque) is None
    apply(sender, reported(opaque, "failed", "wamid.theirs", code=1, title="No"))
    assert state(delivery) == DeliveryState.QUEUED


def test_digits_of_other_scripts_are_no_id_of_ours(sender: Sender, delivery: Delivery) -> None:
    other = str(delivery.pk).translate({48 + n: 0x0660 + n for n in range(10)})
    apply(sender, reported(other, "read", "wamid.1"))
    assert state(delivery) == DeliveryState.QUEUED


def test_strange_data_with_a_message_id_of_ours_are_taken_by_the_message_id(
    sender: Sender, delivery: Delivery
) -> None:
    answer(delivery, "wamid.ours")
    apply(
        sender,
        reported("ordine-84", "delivered", "wamid.ours"),
        reported(str(delivery.pk + 999), "read", "wamid.ours"),
    )
    assert state(delivery) == DeliveryState.READ


def test_what_fits_nothing_is_counted_and_stops_or_silences_nobody(
    sender: Sender,
    delivery: Delivery,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: object,
) -> None:
    heard: list[OptedOut] = []
    monkeypatch.setattr(
        "arengo.delivery.receipts.applying.publish", lambda _type, batch: heard.extend(batch.events)
    )
    answer(delivery, "wamid.ours")
    before = process_metrics.snapshot().count(STRANGERS, sender.pk).total
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's
        apply(
            sender,
            reported(delivery, "failed", "wamid.a", code=131042, title="No", remedy=Remedy.STOP_SENDER),
            reported(
                delivery, "failed", "wamid.b", code=131050, title="No", remedy=Remedy.OPTED_OUT, address=TO
            ),
            reported("", "failed", "wamid.c", code=131049, title="No", remedy=Remedy.NEXT_DAY),
            reported(delivery, "delivered", "wamid.ours"),
        )
    sender.refresh_from_db()
    assert (sender.state, heard) == ("active", [])
    assert process_metrics.snapshot().count(STRANGERS, sender.pk).total == before + 3


# --- one delivery, sent more than once ------------------------------------------------------------------------


def test_of_a_delivery_sent_twice_the_receipts_of_both_copies_count(
    sender: Sender, delivery: Delivery
) -> None:
    again(delivery)
    answer(delivery, "wamid.second")
    apply(sender, reported(delivery, "delivered", "wamid.first", address=TO))
    assert state(delivery) == DeliveryState.DELIVERED
    assert delivery.message_id == "wamid.second"
    apply(sender, reported(delivery, "read", "wamid.second", address=TO), reported("", "read", "wamid.first"))
    assert state(delivery) == DeliveryState.READ


def test_only_as_many_unknown_copies_are_believed_as_may_have_gone_out(
    sender: Sender, delivery: Delivery
) -> None:
    again(delivery)
    answer(delivery, "wamid.second")
    apply(sender, reported(delivery, "sent", "wamid.first"))
    apply(sender, reported(delivery, "read", "wamid.theirs"))
    assert state(delivery) == DeliveryState.SENT
    assert Copy.objects.get().message_hash is not None


def test_another_persons_message_is_no_copy_of_ours(sender: Sender, delivery: Delivery) -> None:
    again(delivery)
    answer(delivery, "wamid.second")
    apply(sender, reported(delivery, "read", "wamid.theirs", address=NEIGHBOUR))
    assert state(delivery) == DeliveryState.ACCEPTED


def test_a_copy_that_failed_does_not_fail_the_one_that_followed(sender: Sender, delivery: Delivery) -> None:
    answer(delivery, "wamid.first")
    refusal = reported(delivery, "failed", "wamid.first", code=131026, title="No")
    apply(sender, refusal)
    assert state(delivery) == DeliveryState.FAILED
    outbox.retry(delivery)
    apply(
        sender, refusal, reported(delivery, "sent", "wamid.first", after=-timedelta(minutes=1))
    )  # they come again
    assert (state(delivery), Outbox.objects.count()) == (DeliveryState.QUEUED, 1)
    answer(delivery, "wamid.second")
    apply(sender, refusal)
    assert state(delivery) == DeliveryState.ACCEPTED


def test_a_first_copy_that_arrived_after_all_is_not_sent_again(sender: Sender, delivery: Delivery) -> None:
    again(delivery)
    apply(sender, reported(delivery, "delivered", "wamid.first", address=TO))
    assert (state(delivery), Outbox.objects.count()) == (DeliveryState.DELIVERED, 0)


def test_both_copies_in_one_batch_before_any_answer(sender: Sender, delivery: Delivery) -> None:
    again(delivery)
    apply(
        sender,
        reported(delivery, "sent", "wamid.a"),
        reported(delivery, "read", "wamid.b"),
        reported(delivery, "read", "wamid.c"),
    )
    assert state(delivery) == DeliveryState.READ
    assert Copy.objects.filter(message_hash=None).count() == 0


def test_an_alert_that_goes_again_by_itself_is_noted_as_well(scope: Organization, sender: Sender) -> None:
    alert = outbox.enqueue(sender, TO, Text("Allerta"), urgency=Urgency.ALERT)
    decide(Delivery.objects.filter(pk=alert.pk), DeliveryState.UNCERTAIN)
    Delivery.objects.filter(pk=alert.pk).update(state=DeliveryState.QUEUED)  # whichever statement does it
    answer(alert, "wamid.second")
    apply(sender, reported(alert, "delivered", "wamid.first"))
    assert state(alert) == DeliveryState.DELIVERED


def test_who_is_forgotten_leaves_no_id_of_a_copy_behind(sender: Sender, delivery: Delivery) -> None:
    accepted_as(Delivery.objects.filter(pk=delivery.pk), "wamid.first")
    decide(Delivery.objects.filter(pk=delivery.pk), DeliveryState.FAILED)
    delivery.refresh_from_db()
    outbox.retry(delivery)
    assert Copy.objects.count() == 1
    decide(Delivery.objects.filter(pk=delivery.pk), DeliveryState.ACCEPTED)
    forget_topics(["conversation:1"])
    assert Copy.objects.count() == 0
