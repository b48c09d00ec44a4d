# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is decided about one mailing by several at the same moment. Nothing that was stopped or is withheld leaves, and nothing
leaves twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery.models import (
    Delivery,
    DeliveryState,
    Fanout,
    Outbox,
    OutboxState,
    Sender,
    Urgency,
)
from arengo.delivery.queue import outbox
from arengo.delivery.sending import doubts
from arengo.delivery.sql import statement
from arengo.delivery.timeline import deciding
from arengo.delivery.timeline.folder_note import FolderNote
from arengo.platforms.contract import Address, Text
from tests.delivery.queue.crossing import (
    FAILED,
    again,
    claim,
    counters_are_right,
    of,
    report,
    settle,
    states,
)
from tests.factories.delivery import claim as claim_all, decide, delivery_row, lose, mailing
from tests.factories.timeline import restore, watched
from tests.support.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder_note(scope: Organization, tmp_path: Path) -> FolderNote:
    return watched(tmp_path)


@pytest.fixture
def alert(sender: Sender, folder_note: FolderNote) -> Fanout:
    return mailing(sender, 1, Urgency.ALERT)


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
    scope: Organization, sender: Sender, folder_note: FolderNote, unknown: bool
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
    scope: Organization, sender: Sender, folder_note: FolderNote
) -> None:
    single = outbox.enqueue(sender, Address(phone="+393330000099"), Text("Ciao"))
    lose(of(single))
    unknown = Delivery.objects.select_related("doubt").get(pk=single.pk)
    mark = doubts.evidence(unknown).mark
    assert sorted(together(scope, *[lambda: outbox.retry(unknown, mark=mark)] * 2)) == [False, True]
    assert claim(sender) == [single.pk]


def test_unknown_ones_that_are_pressed_while_their_receipts_come_are_known_in_the_end(
    scope: Organization, sender: Sender, folder_note: FolderNote
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


def test_a_receipt_that_waits_for_a_press_takes_what_was_pressed_out_of_the_outbox(
    scope: Organization, sender: Sender, folder_note: FolderNote
) -> None:
    fanout = mailing(sender, 3)
    lose(fanout.deliveries.all())
    deliveries = list(fanout.deliveries.order_by("pk"))

    def receipts_come() -> None:
        with organization_scope(scope):
            report(*deliveries)
        connection.close()

    reader = threading.Thread(target=receipts_come)
    with transaction.atomic():
        assert again(fanout) == 3
        reader.start()
        until(somebody_waits_for_a_row, "the receipts to wait for the press")
    reader.join()
    assert set(states(fanout)) == {DeliveryState.SENT}
    assert not Outbox.objects.exists()
    counters_are_right(fanout)


def somebody_waits_for_a_row() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it would stand still
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchall()[0][0])


def test_what_is_released_while_a_worker_claims_leaves_once(
    scope: Organization, sender: Sender, folder_note: FolderNote, alice: Person
) -> None:
    fanout = mailing(sender, 60)
    restore(folder_note)
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
            hashed = vault().lookup_on(*address.key(fanout.sender.platform))
            delivery_row(fanout.sender, hashed, fanout=fanout)
            held.set()
            go_on.wait(30)
            raise _Undone

    def fill() -> None:
        held.wait(30)
        outbox.fill(fanout, [address])

    runs = threading.Thread(target=together, args=(scope, hold, fill))
    runs.start()
    try:
        until(lambda: len(waiting_for_a_lock()) >= 1)
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


@pytest.mark.parametrize("action", ["stop", "restore", "release", "drop"])
def test_what_is_being_filled_at_the_moment_of_a_decision_obeys_it(
    scope: Organization, sender: Sender, folder_note: FolderNote, alice: Person, action: str
) -> None:
    fanout = mailing(sender, 2)
    if action in ("release", "drop"):
        restore(folder_note)
    actions: dict[str, Callable[[], object]] = {
        "stop": lambda: outbox.stop_fanout(fanout),
        "restore": lambda: restore(folder_note),
        "release": lambda: deciding.release_mailing(fanout, by=alice),
        "drop": lambda: deciding.drop_mailing(fanout, by=alice),
    }
    with in_the_middle_of_filling(scope, fanout) as go_on:
        decides = threading.Thread(target=together, args=(scope, actions[action]))
        decides.start()
        until(lambda: not decides.is_alive() or len(waiting_for_a_lock()) >= 2)
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
    assert left == expected[action]


def _give_back(delivery: Delivery, epoch: int) -> None:
    now = timezone.now()
    values = {
        "ids": [delivery.pk], "not_before": [now + timedelta(minutes=1)], "codes": [130429], "reasons": ["Too fast"],
        "counts": [True], "outages": [False], "epoch": epoch,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement("requeue"), values)


@pytest.mark.parametrize("action", ["given back", "in doubt", "a day later"])
def test_what_comes_back_into_the_outbox_at_the_moment_of_a_stop_does_not_leave(
    scope: Organization, sender: Sender, alert: Fanout, action: str
) -> None:
    """Its transaction is not over when somebody presses «Ferma»."""
    delivery = alert.deliveries.get()
    if action == "a day later":
        decide(of(delivery), DeliveryState.FAILED, code=131049)
    else:
        claim_all(of(delivery), epoch=1)
    if action == "in doubt":
        with connection.cursor() as cursor:
            cursor.execute(statement("take_over"), {"sender": sender.pk, "epoch": 2})
    done, go_on = threading.Event(), threading.Event()

    def come_back() -> None:
        with transaction.atomic():
            if action == "given back":
                _give_back(delivery, epoch=1)
            elif action == "in doubt":
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
    until(lambda: len(waiting_for_a_lock()) >= 1 or Fanout.objects.filter(stopped_at__isnull=False).exists())
    go_on.set()
    runs.join()
    assert not Outbox.objects.exists()
    assert states(alert) == [DeliveryState.CANCELLED]
    counters_are_right(alert)
