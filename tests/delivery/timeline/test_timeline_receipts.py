# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts that give away that the database is older than it was, and ids that never come again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from arengo.delivery.models import (
    Delivery,
    DeliveryState,
    Outbox,
    Sender,
    Timeline,
)
from arengo.delivery.queue import outbox
from arengo.delivery.timeline import beginning, deciding, ids, keeping
from arengo.delivery.timeline.folder_note import FolderNote
from arengo.platforms.contract import ReceiptReceived, ReceiptStatus, Text
from tests.delivery.timeline.stepping_back import (
    ANNA,
    PEOPLE,
    causes,
    claim,
    folder_note,
    installed,
    receipt,
    report,
)
from tests.factories.delivery import open_mailing
from tests.factories.timeline import taken_back

__all__ = ["folder_note", "installed"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)  # PostgreSQL's now() stands still within a transaction


# --- receipts -------------------------------------------------------------------------------------------------


def test_a_receipt_for_an_id_never_given_out_withholds_the_outbox_at_once(
    sender: Sender, installed: Timeline
) -> None:
    waits = outbox.enqueue(sender, ANNA, Text("Ciao"))
    report(sender, receipt(waits.pk + 1))
    assert causes() == ["installed", "receipt"]
    assert claim(sender) == []  # before a worker came to withhold a row
    assert beginning.withhold() == 1
    assert claim(sender) == []


def test_a_receipt_for_what_nobody_tried_to_send_yet_withholds_the_outbox_at_once(
    sender: Sender, installed: Timeline
) -> None:
    """Mid-mailing all ids were given out before the machine was saved: none is strange."""
    fanout = open_mailing(sender, PEOPLE)
    first, second = fanout.deliveries.order_by("pk").values_list("pk", flat=True)
    report(sender, receipt(first))
    assert causes() == ["installed", "receipt"]
    beginning.withhold()
    assert claim(sender) == []
    assert Outbox.objects.get().pk == second  # the first has been sent: its receipt says so


def test_receipts_of_what_was_sent_are_no_sign(sender: Sender, installed: Timeline) -> None:
    delivery = outbox.enqueue(sender, ANNA, Text("Ciao"))
    assert claim(sender) == [delivery.pk]
    report(sender, receipt(delivery.pk))
    assert causes() == ["installed"]


def test_a_late_receipt_for_what_is_tried_again_is_no_sign(sender: Sender, installed: Timeline) -> None:
    delivery = outbox.enqueue(sender, ANNA, Text("Ciao"))
    claim(sender)
    Outbox.objects.all().delete()
    Delivery.objects.update(state=DeliveryState.UNKNOWN)
    delivery.refresh_from_db()
    Delivery.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    outbox.retry(delivery)
    report(sender, receipt(delivery.pk))
    assert causes() == ["installed"]


@pytest.mark.parametrize("opaque", ["84", "99999999", "0", "9" * 18, "anagrafe", ""])
def test_receipts_of_others_behind_the_same_number_are_no_sign(
    sender: Sender, installed: Timeline, opaque: str
) -> None:
    report(sender, ReceiptReceived("wamid.x", ReceiptStatus.READ, timezone.now(), opaque=opaque))
    assert causes() == ["installed"]


def test_receipts_of_another_installation_of_ours_are_no_sign(sender: Sender, installed: Timeline) -> None:
    mark = ids.mark_of(installed.first_delivery)
    theirs = ids.first_of_timeline(0, mark=mark % 1023 + 1)
    report(sender, receipt(theirs + 5))
    assert causes() == ["installed"]


def test_receipts_of_the_lost_time_are_counted_and_begin_nothing_more(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    last = outbox.enqueue(sender, ANNA, Text("Ciao")).pk
    taken_back()
    keeping.keep(folder_note)
    for more in (7, 3):
        report(sender, receipt(last + more))
    assert causes() == ["installed", "folder"]
    found = deciding.withheld(sender.organization_id)
    assert found is not None
    assert found.sent_later == 7


def test_receipts_for_what_retention_took_away_are_no_sign(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    gone = outbox.enqueue(sender, ANNA, Text("Ciao")).pk
    keeping.keep(folder_note)
    Outbox.objects.all().delete()
    Delivery.objects.all().delete()
    report(sender, receipt(gone))
    assert causes() == ["installed"]


def test_a_receipt_that_comes_for_what_is_withheld_takes_it_out(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    fanout = open_mailing(sender, PEOPLE)
    first, second = fanout.deliveries.order_by("pk").values_list("pk", flat=True)
    taken_back()
    keeping.keep(folder_note)
    report(sender, receipt(first))
    fanout.refresh_from_db()
    assert (fanout.n_waiting, fanout.n_accepted) == (1, 1)
    assert Outbox.objects.get().pk == second


# --- ids ------------------------------------------------------------------------------------------------------


def test_ids_that_travelled_in_the_lost_time_never_come_again(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    before = outbox.enqueue(sender, ANNA, Text("Ciao")).pk
    lost = {outbox.enqueue(sender, ANNA, Text("Poi")).pk for _message in range(3)}
    with connection.cursor() as cursor:  # as in the backup
        cursor.execute("SELECT setval(pg_get_serial_sequence('delivery_delivery', 'id'), %s)", [before])
    Delivery.objects.filter(pk__in=lost).delete()
    taken_back()
    keeping.keep(folder_note)
    after = outbox.enqueue(sender, ANNA, Text("Di nuovo")).pk
    assert after > max(lost)
    assert ids.mark_of(after) == ids.mark_of(before) > 0


def test_two_restores_of_one_backup_count_from_different_places() -> None:
    above = ids.first_of_timeline(0)
    firsts = {ids.first_of_timeline(above) for _restore in range(20)}
    assert len(firsts) == 20
    assert min(firsts) > above
    assert {ids.mark_of(first) for first in firsts} == {ids.mark_of(above)}


def test_an_id_fits_a_bigint_for_a_hundred_years(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: timezone.now().timestamp() + 100 * 365.25 * 86_400)
    last = ids.first_of_timeline(0, mark=1023)
    assert last < 2**63
    assert ids.mark_of(last) == 1023


def test_a_clock_that_stands_wrong_brings_no_id_again(monkeypatch: pytest.MonkeyPatch) -> None:
    above = ids.first_of_timeline(0)
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert ids.first_of_timeline(above) > above
