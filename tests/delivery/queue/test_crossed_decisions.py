# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is decided about one mailing, one after the other in whatever order. Nothing that was stopped or is withheld leaves, and
nothing leaves twice.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
from django.db import connection

from arengo.core.models import Organization, Person
from arengo.delivery.models import (
    DeliveryState,
    Doubt,
    Fanout,
    Outbox,
    OutboxState,
    Sender,
    Urgency,
)
from arengo.delivery.queue import outbox
from arengo.delivery.sql import statement
from arengo.delivery.timeline import deciding
from arengo.delivery.timeline.folder_note import FolderNote
from arengo.platforms.contract import Address, ReceiptStatus, Text
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
from tests.factories.delivery import claim as claim_all, decide, lose, mailing
from tests.factories.timeline import restore, watched

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder_note(scope: Organization, tmp_path: Path) -> FolderNote:
    return watched(tmp_path)


@pytest.fixture
def mixed(sender: Sender, folder_note: FolderNote) -> Fanout:
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
    sender: Sender, mixed: Fanout, folder_note: FolderNote, order: tuple[str, ...], alice: Person
) -> None:
    actions: dict[str, Callable[[], object]] = {
        "stop": lambda: outbox.stop_fanout(mixed),
        "restore": lambda: restore(folder_note),
        "again": lambda: again(mixed),
    }
    for action in order:
        actions[action]()
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
    sender: Sender, mixed: Fanout, folder_note: FolderNote, alice: Person
) -> None:
    assert again(mixed) == 2
    restore(folder_note)
    assert claim(sender) == []
    assert again(mixed) == 0
    assert deciding.release_mailing(mixed, by=alice) == 4
    assert claim(sender) == list(mixed.deliveries.order_by("pk").values_list("pk", flat=True))


def test_a_withheld_mailing_is_sent_again_once_it_is_decided(
    sender: Sender, mixed: Fanout, folder_note: FolderNote, alice: Person
) -> None:
    restore(folder_note)
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
    sender: Sender, mixed: Fanout, folder_note: FolderNote, alice: Person
) -> None:
    outbox.enqueue(sender, Address(phone="+393330000099"), Text("Ciao"))
    restore(folder_note)
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
    sender: Sender, mixed: Fanout, folder_note: FolderNote, alice: Person, status: ReceiptStatus
) -> None:
    single = outbox.enqueue(sender, Address(phone="+393330000099"), Text("Ciao"))
    restore(folder_note)
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
    sender: Sender, mixed: Fanout, folder_note: FolderNote, alice: Person
) -> None:
    restore(folder_note)
    deciding.drop_mailing(mixed, by=alice)
    waited = mixed.deliveries.latest("pk")
    report(waited, status=ReceiptStatus.FAILED)
    waited.refresh_from_db()
    assert (waited.state, waited.code) == (DeliveryState.CANCELLED, deciding.DROPPED)
    counters_are_right(mixed)


# --- alerts in doubt --------------------------------------------------------------------------------------------


@pytest.fixture
def alert(sender: Sender, folder_note: FolderNote) -> Fanout:
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
    sender: Sender, alert: Fanout, folder_note: FolderNote, alice: Person, state: OutboxState
) -> None:
    claim_all(alert.deliveries.all(), epoch=1)
    if state == OutboxState.UNCERTAIN:
        with connection.cursor() as cursor:
            cursor.execute(statement("take_over"), {"sender": sender.pk, "epoch": 2})
    tried = Outbox.objects.get().tried_at or Outbox.objects.get().claimed_at
    restore(folder_note)
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
    sender: Sender, alert: Fanout, folder_note: FolderNote, alice: Person
) -> None:
    restore(folder_note)
    deciding.release_mailing(alert, by=alice)
    claim(sender)
    settle(sender)
    assert len(claim(sender)) == 1
    settle(sender)
    assert claim(sender) == []


def test_an_alert_that_went_again_before_a_restore_does_not_go_by_itself_after_it(
    sender: Sender, alert: Fanout, folder_note: FolderNote, alice: Person
) -> None:
    lose(alert.deliveries.all())
    claim(sender)
    settle(sender)
    assert states(alert) == [DeliveryState.UNKNOWN]
    restore(folder_note)
    settle(sender)
    assert claim(sender) == []
    assert again(alert) == 1, "a person may, once it is seen that nothing of it is withheld"
    assert len(claim(sender)) == 1
    settle(sender)
    assert claim(sender) == []
