# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is decided about one mailing by several at once, or one after the other in whatever order: stopped, taken back by a
restore, sent again, released, dropped, reported. Nothing that was stopped or is withheld leaves, nothing leaves twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery import doubts, outbox, receipts
from arengo.delivery.models import (
    Delivery,
    DeliveryState,
    Doubt,
    Fanout,
    Outbox,
    OutboxState,
    Sender,
    Timeline,
    Urgency,
)
from arengo.delivery.statements import statement
from arengo.delivery.timeline import deciding, keeping
from arengo.delivery.timeline.witness import Witness
from arengo.platforms.contract import Address, ReceiptReceived, ReceiptStatus, Template, Text
from tests.deliveries import claim as claim_all, decide, lose
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

FAILED = {"state": DeliveryState.FAILED, "code": 131026, "reason": "No"}


@pytest.fixture
def witness(scope: Organization, tmp_path: Path) -> Witness:
    """A worker has looked three times; nothing is wrong."""
    found = Witness(tmp_path)
    for _tick in range(3):
        keeping.keep(found)
    return found


def restore(witness: Witness) -> None:
    """The database is as it was; the data folder is not."""
    Timeline.objects.update(tick=-1)
    keeping.keep(witness)


def mailing(sender: Sender, count: int = 4, urgency: Urgency = Urgency.NEWS) -> Fanout:
    fanout = outbox.open_fanout(
        sender, Template("avviso", "it"), urgency=urgency, price_category="utility", topic="update:1"
    )
    first = Delivery.objects.count()
    outbox.fill(fanout, [Address(phone=f"+39333{first + number:07d}") for number in range(count)])
    outbox.close_fanout(fanout)
    return fanout


def of(*deliveries: Delivery) -> Any:
    return Delivery.objects.filter(pk__in=[each.pk for each in deliveries])


def everybody(fanout: Fanout) -> list[bytes]:
    return [bytes(each) for each in fanout.deliveries.values_list("address_hash", flat=True)]


def again(fanout: Fanout) -> int:
    """Somebody presses both buttons: the failed ones, and all of which nobody knows."""
    return outbox.retry_failed(fanout, among=everybody(fanout)) + outbox.retry_unknown(
        fanout, mark=doubts.mark_of(timezone.now()), only_not_sent=False, among=everybody(fanout)
    )


def claim(sender: Sender) -> list[int]:
    """What the owner of the sender gets from the outbox now, the remains of earlier owners settled."""
    sender.refresh_from_db()
    urgencies = list(Urgency.values)
    values = {"sender": sender.pk, "epoch": sender.epoch, "limit": 100, "urgencies": urgencies}
    with connection.cursor() as cursor:
        cursor.execute(statement("promote"), {"sender": sender.pk})
        cursor.execute(statement("claim"), {**values, "after": [0] * len(urgencies)})
        return sorted(row[0] for row in cursor.fetchall())


def settle(sender: Sender) -> None:
    """Earlier owners are over, and so is patience with what they left."""
    with connection.cursor() as cursor:
        cursor.execute(statement("take_over"), {"sender": sender.pk, "epoch": 1_000})
        cursor.execute(statement("settle"), {**doubts.settling(sender.pk), "patience": -1.0})


def report(*deliveries: Delivery, status: ReceiptStatus = ReceiptStatus.SENT) -> None:
    for each in deliveries:
        told = ReceiptReceived(f"wamid.{each.pk}", status, timezone.now(), opaque=str(each.pk))
        receipts.apply(Batch(each.organization_id, each.sender_id, [told], "whatsapp"))


def states(fanout: Fanout) -> list[int]:
    return list(fanout.deliveries.order_by("pk").values_list("state", flat=True))


def counters_are_right(fanout: Fanout) -> None:
    fanout.refresh_from_db()
    found = states(fanout)
    waiting = Outbox.objects.filter(fanout=fanout).count()
    counted = {
        "total": len(found),
        "n_waiting": waiting,
        "n_failed": found.count(DeliveryState.FAILED),
        "n_unknown": found.count(DeliveryState.UNKNOWN),
        "n_cancelled": found.count(DeliveryState.CANCELLED),
    }
    assert {name: getattr(fanout, name) for name in counted} == counted


@pytest.fixture
def mixed(sender: Sender, witness: Witness) -> Fanout:
    """Of four people one failed, of one nobody knows, one is in a worker's hand, one waits."""
    fanout = mailing(sender)
    failed, unknown, in_hand, _waits = fanout.deliveries.order_by("pk")
    decide(of(failed), **FAILED)
    lose(of(unknown))
    claim_all(of(in_hand), epoch=1)
    return fanout


# --- stopped, taken back, sent again ----------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(("stop", "restore", "again"))), ids="-".join)
def test_of_a_stopped_mailing_nothing_leaves_in_whatever_order_it_was_also_taken_back_and_sent_again(
    sender: Sender, mixed: Fanout, witness: Witness, order: tuple[str, ...], alice: Person
) -> None:
    deeds: dict[str, Callable[[], object]] = {
        "stop": lambda: outbox.stop_fanout(mixed),
        "restore": lambda: restore(witness),
        "again": lambda: again(mixed),
    }
    for deed in order:
        deeds[deed]()
        counters_are_right(mixed)
    settle(sender)
    assert claim(sender) == []
    assert not Outbox.objects.exists(), "and nothing of it waits for ever"
    found = deciding.withheld(sender.organization_id)
    assert found is not None
    assert found.nothing
    assert deciding.release_mailing(mixed, by=alice) == 0
    assert again(mixed) == 0
    counters_are_right(mixed)


def test_what_was_sent_again_before_a_restore_is_withheld_and_then_leaves_once(
    sender: Sender, mixed: Fanout, witness: Witness, alice: Person
) -> None:
    assert again(mixed) == 2
    restore(witness)
    assert claim(sender) == []
    assert again(mixed) == 0
    assert deciding.release_mailing(mixed, by=alice) == 4
    assert claim(sender) == list(mixed.deliveries.order_by("pk").values_list("pk", flat=True))


def test_a_withheld_mailing_is_sent_again_once_it_is_decided(
    sender: Sender, mixed: Fanout, witness: Witness, alice: Person
) -> None:
    restore(witness)
    assert again(mixed) == 0
    assert len(Outbox.objects.filter(state=OutboxState.WITHHELD)) == 2
    deciding.release_mailing(mixed, by=alice)
    assert again(mixed) == 2
    assert len(claim(sender)) == 4
    counters_are_right(mixed)


def test_a_single_message_of_a_stopped_mailing_is_not_sent_again_either(
    sender: Sender, mixed: Fanout
) -> None:
    outbox.stop_fanout(mixed)
    failed = mixed.deliveries.earliest("pk")
    assert not outbox.retry(failed)
    assert not Outbox.objects.filter(delivery=failed).exists()


def test_a_mailing_that_is_stopped_while_it_is_withheld_is_over_and_its_banner_can_be_read_away(
    sender: Sender, mixed: Fanout, witness: Witness, alice: Person
) -> None:
    outbox.enqueue(sender, Address(phone="+393330000099"), Text("Ciao"))
    restore(witness)
    deciding.drop_singles(sender.organization_id, by=alice)  # one thing is decided, the mailing is not
    outbox.stop_fanout(mixed)
    assert not Outbox.objects.exists()
    counters_are_right(mixed)
    found = deciding.withheld(sender.organization_id)
    assert found is not None
    assert found.nothing
    assert not found.read, "the page still asks somebody to read so"
    deciding.read(sender.organization_id, by=alice)
    assert deciding.outlook().undecided is None
    assert Organization.objects.get(pk=sender.organization_id).alarms == []


# --- dropped, and yet it had left -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status", [ReceiptStatus.SENT, ReceiptStatus.DELIVERED, ReceiptStatus.READ], ids=lambda each: each.value
)
def test_a_late_receipt_tells_that_what_was_dropped_had_left(
    sender: Sender, mixed: Fanout, witness: Witness, alice: Person, status: ReceiptStatus
) -> None:
    single = outbox.enqueue(sender, Address(phone="+393330000099"), Text("Ciao"))
    restore(witness)
    deciding.drop_mailing(mixed, by=alice)
    deciding.drop_singles(sender.organization_id, by=alice)
    waited = mixed.deliveries.latest("pk")
    report(waited, single, status=status)
    for each in (waited, single):
        each.refresh_from_db()
        assert each.get_state_display() == DeliveryState[status.name].label
        assert each.code == 0
    counters_are_right(mixed)
    assert claim(sender) == []


def test_a_late_receipt_of_a_failure_leaves_what_was_dropped_dropped(
    sender: Sender, mixed: Fanout, witness: Witness, alice: Person
) -> None:
    restore(witness)
    deciding.drop_mailing(mixed, by=alice)
    waited = mixed.deliveries.latest("pk")
    report(waited, status=ReceiptStatus.FAILED)
    waited.refresh_from_db()
    assert (waited.state, waited.code) == (DeliveryState.CANCELLED, deciding.DROPPED)
    counters_are_right(mixed)


# --- alerts in doubt --------------------------------------------------------------------------------------------


@pytest.fixture
def alert(sender: Sender, witness: Witness) -> Fanout:
    return mailing(sender, 1, Urgency.ALERT)


def test_an_alert_in_doubt_whose_mailing_is_stopped_does_not_go_again(sender: Sender, alert: Fanout) -> None:
    claim_all(alert.deliveries.all(), epoch=1)
    outbox.stop_fanout(alert)
    settle(sender)
    assert claim(sender) == []
    assert states(alert) == [DeliveryState.UNKNOWN]
    counters_are_right(alert)
    assert again(alert) == 0


def test_an_alert_whose_repeat_is_stopped_is_known_to_have_gone_the_first_time(
    sender: Sender, alert: Fanout
) -> None:
    lose(alert.deliveries.all())
    assert outbox.stop_fanout(alert) == 1
    assert claim(sender) == []
    report(alert.deliveries.get())
    assert states(alert) == [DeliveryState.SENT]
    counters_are_right(alert)


@pytest.mark.parametrize("state", [OutboxState.CLAIMED, OutboxState.UNCERTAIN])
def test_an_alert_that_was_in_doubt_when_the_database_was_saved_goes_once_more_and_no_third_time(
    sender: Sender, alert: Fanout, witness: Witness, alice: Person, state: OutboxState
) -> None:
    claim_all(alert.deliveries.all(), epoch=1)
    if state == OutboxState.UNCERTAIN:
        with connection.cursor() as cursor:
            cursor.execute(statement("take_over"), {"sender": sender.pk, "epoch": 2})
    tried = Outbox.objects.get().tried_at or Outbox.objects.get().claimed_at
    restore(witness)
    settle(sender)
    assert claim(sender) == [], "nothing by itself"
    deciding.release_mailing(alert, by=alice)
    assert len(claim(sender)) == 1
    settle(sender)
    assert claim(sender) == [], "its one repeat was this"
    assert states(alert) == [DeliveryState.UNKNOWN]
    doubt = Doubt.objects.get()
    assert (doubt.repeats, len(doubt.tried_at), doubt.tried_at[0]) == (1, 2, tried)
    assert doubt.weigh_at is not None, "evidence is looked for, at both moments"
    counters_are_right(alert)


def test_an_alert_that_only_waited_when_the_database_was_saved_keeps_its_repeat(
    sender: Sender, alert: Fanout, witness: Witness, alice: Person
) -> None:
    restore(witness)
    deciding.release_mailing(alert, by=alice)
    claim(sender)
    settle(sender)
    assert len(claim(sender)) == 1
    settle(sender)
    assert claim(sender) == []


def test_an_alert_that_went_again_before_a_restore_does_not_go_by_itself_after_it(
    sender: Sender, alert: Fanout, witness: Witness, alice: Person
) -> None:
    lose(alert.deliveries.all())
    claim(sender)
    settle(sender)
    assert states(alert) == [DeliveryState.UNKNOWN]
    restore(witness)
    settle(sender)
    assert claim(sender) == []
    assert again(alert) == 1, "a person may, once it is seen that nothing of it is withheld"
    assert len(claim(sender)) == 1
    settle(sender)
    assert claim(sender) == []


# --- at the same moment -----------------------------------------------------------------------------------------


def together(organization: Organization, *verbs: Callable[[], Any]) -> list[Any]:
    """What each returned, all begun at one moment."""
    start = threading.Barrier(len(verbs))
    found: list[Any] = [None] * len(verbs)

    def run(number: int, verb: Callable[[], Any]) -> None:
        try:
            with organization_scope(organization):
                start.wait()
                found[number] = verb()
        except BaseException as error:
            found[number] = error
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.parametrize("unknown", [True, False], ids=["unknown", "failed"])
def test_two_people_who_press_at_once_send_each_message_once(
    scope: Organization, sender: Sender, witness: Witness, unknown: bool
) -> None:
    fanout = mailing(sender, 30)
    if unknown:
        lose(fanout.deliveries.all())
    else:
        decide(fanout.deliveries.all(), **FAILED)
    found = together(scope, *[lambda: again(fanout)] * 2)
    assert sum(found) == 30
    assert len(claim(sender)) == 30
    assert claim(sender) == []
    counters_are_right(fanout)


def test_two_people_who_press_for_one_message_send_it_once(
    scope: Organization, sender: Sender, witness: Witness
) -> None:
    single = outbox.enqueue(sender, Address(phone="+393330000099"), Text("Ciao"))
    lose(of(single))
    unknown = Delivery.objects.select_related("doubt").get(pk=single.pk)
    mark = doubts.evidence(unknown).mark
    assert sorted(together(scope, *[lambda: outbox.retry(unknown, mark=mark)] * 2)) == [False, True]
    assert claim(sender) == [single.pk]


def test_unknown_ones_that_are_pressed_while_their_receipts_come_are_known_in_the_end(
    scope: Organization, sender: Sender, witness: Witness
) -> None:
    fanout = mailing(sender, 40)
    lose(fanout.deliveries.all())
    deliveries = list(fanout.deliveries.order_by("pk"))
    together(
        scope,
        lambda: [again(fanout) for _press in range(5)],
        lambda: report(*deliveries[:20]),
        lambda: report(*reversed(deliveries)),
    )
    assert set(states(fanout)) == {DeliveryState.SENT}
    assert not Outbox.objects.exists()
    counters_are_right(fanout)


def test_what_is_released_while_a_worker_claims_leaves_once(
    scope: Organization, sender: Sender, witness: Witness, alice: Person
) -> None:
    fanout = mailing(sender, 60)
    restore(witness)
    released = threading.Event()

    def release() -> int:
        try:
            return deciding.release_mailing(fanout, by=alice)
        finally:
            released.set()

    def work() -> list[int]:
        mine: list[int] = []
        while not released.is_set():
            mine += claim(sender)
        return mine + claim(sender)

    count, one, other, twice = together(
        scope, release, work, work, lambda: deciding.release_mailing(fanout, by=alice)
    )
    assert count + twice == 60
    assert sorted(one + other) == list(fanout.deliveries.order_by("pk").values_list("pk", flat=True))


@contextmanager
def in_the_middle_of_filling(scope: Organization, fanout: Fanout) -> Iterator[threading.Event]:
    """A statement that fills it has looked at the mailing and waits; it goes on once the event is set, at the end at the latest."""
    address = Address(phone="+393339999999")
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with suppress(_Undone), transaction.atomic():
            Delivery.objects.create(
                organization_id=fanout.organization_id,
                sender_id=fanout.sender_id,
                fanout=fanout,
                address_sealed=b"x",
                address_hash=vault().lookup(address.key),
            )
            held.set()
            go_on.wait(30)
            raise _Undone

    def fill() -> None:
        held.wait(30)
        outbox.fill(fanout, [address])

    runs = threading.Thread(target=together, args=(scope, hold, fill))
    runs.start()
    try:
        until(lambda: len(waiting_for_a_lock()) == 1)
        yield go_on
    finally:
        go_on.set()
        runs.join()


class _Undone(Exception):
    """The address that another was about to add is free again."""


def waiting_for_a_lock() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("deed", ["stop", "restore", "release", "drop"])
def test_what_is_being_filled_at_the_moment_of_a_decision_obeys_it(
    scope: Organization, sender: Sender, witness: Witness, alice: Person, deed: str
) -> None:
    fanout = mailing(sender, 2)
    if deed in ("release", "drop"):
        restore(witness)
    deeds: dict[str, Callable[[], object]] = {
        "stop": lambda: outbox.stop_fanout(fanout),
        "restore": lambda: restore(witness),
        "release": lambda: deciding.release_mailing(fanout, by=alice),
        "drop": lambda: deciding.drop_mailing(fanout, by=alice),
    }
    with in_the_middle_of_filling(scope, fanout) as go_on:
        decides = threading.Thread(target=together, args=(scope, deeds[deed]))
        decides.start()
        until(lambda: not decides.is_alive() or len(waiting_for_a_lock()) == 2)
        go_on.set()
        decides.join()
    counters_are_right(fanout)
    assert fanout.total == 3
    left = list(Outbox.objects.values_list("state", flat=True))
    expected = {
        "stop": [],
        "restore": [OutboxState.WITHHELD] * 3,
        "release": [OutboxState.READY] * 3,
        "drop": [],
    }
    assert left == expected[deed]


def _give_back(delivery: Delivery, epoch: int) -> None:
    now = timezone.now()
    values = {
        "ids": [delivery.pk], "not_before": [now + timedelta(minutes=1)], "codes": [130429], "reasons": ["Too fast"],
        "counts": [True], "outages": [False], "epoch": epoch,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement("requeue"), values)


@pytest.mark.parametrize("deed", ["given back", "in doubt", "a day later"])
def test_what_comes_back_into_the_outbox_at_the_moment_of_a_stop_does_not_leave(
    scope: Organization, sender: Sender, alert: Fanout, deed: str
) -> None:
    """Its transaction is not over when somebody presses «Ferma»."""
    delivery = alert.deliveries.get()
    if deed == "a day later":
        decide(of(delivery), DeliveryState.FAILED, code=131049)
    else:
        claim_all(of(delivery), epoch=1)
    if deed == "in doubt":
        with connection.cursor() as cursor:
            cursor.execute(statement("take_over"), {"sender": sender.pk, "epoch": 2})
    done, go_on = threading.Event(), threading.Event()

    def come_back() -> None:
        with transaction.atomic():
            if deed == "given back":
                _give_back(delivery, epoch=1)
            elif deed == "in doubt":
                settle(sender)
            else:
                with connection.cursor() as cursor:
                    cursor.execute(statement("second_try"), {"sender": sender.pk, "ids": [delivery.pk]})
            done.set()
            go_on.wait(30)

    def stop() -> None:
        done.wait(30)
        outbox.stop_fanout(alert)

    runs = threading.Thread(target=together, args=(scope, come_back, stop))
    runs.start()
    until(lambda: len(waiting_for_a_lock()) == 1 or Fanout.objects.filter(stopped_at__isnull=False).exists())
    go_on.set()
    runs.join()
    assert not Outbox.objects.exists()
    assert states(alert) == [DeliveryState.CANCELLED]
    counters_are_right(alert)
