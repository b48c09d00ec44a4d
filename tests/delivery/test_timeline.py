# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An installation that finds itself older than it was withholds its outbox, and a person decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from arengo.core.events import Batch
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.scope import every_organization, organization_scope
from arengo.delivery import doubts, outbox, receipts
from arengo.delivery.models import (
    Delivery,
    DeliveryState,
    Fanout,
    Outbox,
    OutboxState,
    Sender,
    Timeline,
    Urgency,
)
from arengo.delivery.statements import statement
from arengo.delivery.timeline import beginning, deciding, ids, keeping
from arengo.delivery.timeline.models import Sign
from arengo.delivery.timeline.witness import Note, Witness
from arengo.platforms.contract import Address, ReceiptReceived, ReceiptStatus, Template, Text
from tests.conftest import credentials

pytestmark = pytest.mark.django_db(transaction=True)  # PostgreSQL's now() stands still within a transaction

ANNA, BRUNO = Address(phone="+393330000001"), Address(phone="+393330000002")
NEWS = Template(name="avviso", language="it")


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path)


@pytest.fixture
def installed(scope: Organization, witness: Witness) -> Timeline:
    """A worker has looked three times; nothing is wrong."""
    for _tick in range(3):
        timeline = keeping.keep(witness)
    assert timeline.sign == Sign.INSTALLED
    return timeline


def mailing(sender: Sender, people: Iterable[Address] = (ANNA, BRUNO), **more: Any) -> Fanout:
    fanout = outbox.open_fanout(
        sender, NEWS, urgency=Urgency.NEWS, price_category="utility", topic="update:1", **more
    )
    outbox.fill(fanout, people)
    return fanout


def claim(sender: Sender) -> list[int]:
    """What the owner of the sender gets from the outbox now."""
    sender.refresh_from_db()
    urgencies = list(Urgency.values)
    values = {"sender": sender.pk, "epoch": sender.epoch, "limit": 100, "urgencies": urgencies}
    with connection.cursor() as cursor:
        cursor.execute(statement("claim"), {**values, "after": [0] * len(urgencies)})
        return sorted(row[0] for row in cursor.fetchall())


def taken_back(ticks: int = 2) -> None:
    """The database is as it was so many ticks ago; the data folder is not."""
    Timeline.objects.update(tick=models_f("tick") - ticks)


def models_f(name: str) -> Any:
    from django.db.models import F

    return F(name)


def receipt(delivery_id: int, status: str = "delivered") -> ReceiptReceived:
    return ReceiptReceived(
        f"wamid.{delivery_id}", ReceiptStatus(status), timezone.now(), opaque=str(delivery_id)
    )


def report(sender: Sender, *told: ReceiptReceived) -> None:
    receipts.apply(Batch(sender.organization_id, sender.pk, list(told), "whatsapp"))


def signs() -> list[str]:
    return list(Timeline.objects.order_by("pk").values_list("sign", flat=True))


def place(**parts: Any) -> None:
    """Where the database lay when it was saved."""
    timeline = Timeline.objects.latest("pk")
    timeline.place = {**timeline.place, **parts}
    timeline.save()


# --- signs ----------------------------------------------------------------------------------------------------


def test_an_installation_that_works_on_and_starts_again_withholds_nothing(
    sender: Sender, installed: Timeline, tmp_path: Path
) -> None:
    delivery = outbox.enqueue(sender, ANNA, Text("Ciao"))
    keeping.keep(Witness(tmp_path))
    assert signs() == ["installed"]
    assert claim(sender) == [delivery.pk]


def test_a_folder_that_is_further_than_the_database_withholds_what_waits(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    delivery = outbox.enqueue(sender, ANNA, Text("Ciao"))
    fanout = mailing(sender)
    taken_back()
    keeping.keep(witness)
    assert signs() == ["installed", "folder"]
    assert claim(sender) == []
    assert set(Outbox.objects.values_list("state", flat=True)) == {OutboxState.WITHHELD}
    assert Delivery.objects.get(pk=delivery.pk).state == DeliveryState.WITHHELD
    fanout.refresh_from_db()
    assert fanout.withheld_at is not None
    assert Organization.objects.get(pk=sender.organization_id).alarms == ["restored"]


@pytest.mark.parametrize("state", [OutboxState.LATER, OutboxState.CLAIMED, OutboxState.UNCERTAIN])
def test_what_waited_for_later_or_was_claimed_is_withheld_too(
    sender: Sender, installed: Timeline, witness: Witness, state: OutboxState
) -> None:
    outbox.enqueue(sender, ANNA, Text("Ciao"))
    Outbox.objects.update(
        state=state, claim_epoch=sender.epoch, claimed_at=timezone.now() - timedelta(hours=1)
    )
    taken_back()
    keeping.keep(witness)
    with connection.cursor() as cursor:
        cursor.execute(statement("promote"), {"sender": sender.pk})
        cursor.execute(statement("settle"), doubts.settling(sender.pk))
        cursor.execute(statement("take_over"), {"sender": sender.pk, "epoch": sender.epoch + 5})
        cursor.execute(statement("unclaim"), {"sender": sender.pk, "epoch": sender.epoch, "known": []})
    assert Outbox.objects.get().state == OutboxState.WITHHELD


def test_the_same_step_back_is_found_once(sender: Sender, installed: Timeline, witness: Witness) -> None:
    taken_back()
    for _tick in range(3):
        keeping.keep(witness)
    assert signs() == ["installed", "folder"]


def test_a_note_written_while_receipts_are_applied_is_no_second_step_back(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    delivery = outbox.enqueue(sender, ANNA, Text("Ciao"))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")  # the reader's transaction has begun

        def another_worker_looks() -> None:
            with every_organization("another worker"):
                keeping.keep(witness)
            connection.close()

        worker = Thread(target=another_worker_looks)
        worker.start()
        worker.join()
        report(sender, receipt(delivery.pk))
    keeping.keep(witness)
    assert signs() == ["installed", "receipt"]


def test_receipts_in_several_webhooks_tell_of_one_step_back(
    sender: Sender, installed: Timeline, witness: Witness, alice: Person
) -> None:
    fanout = mailing(sender)
    first, second = fanout.deliveries.order_by("pk")
    more = outbox.enqueue(sender, ANNA, Text("Ciao"))
    report(sender, receipt(first.pk))
    report(sender, receipt(second.pk))  # nothing is withheld yet
    keeping.keep(witness)
    deciding.release_singles(sender.organization_id, by=alice)
    report(sender, receipt(more.pk))  # it had left in the lost time, and was released before that was known
    keeping.keep(witness)
    assert signs() == ["installed", "receipt"]


def test_a_second_step_back_is_found_as_well(sender: Sender, installed: Timeline, witness: Witness) -> None:
    for _step in range(2):
        taken_back()
        keeping.keep(witness)
        keeping.keep(witness)
    assert signs() == ["installed", "folder", "folder"]


def test_another_machine_with_a_folder_of_its_own_finds_the_same_step_back_only_once(
    sender: Sender, installed: Timeline, witness: Witness, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = Witness(tmp_path / "other")
    keeping.keep(other)
    taken_back()
    keeping.keep(witness)
    keeping.keep(other)
    assert signs() == ["installed", "folder"]


def test_a_step_back_over_the_beginning_of_a_timeline_is_found(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    """Restored, gone on, and then taken back to before that restore."""
    taken_back()
    keeping.keep(witness)
    Timeline.objects.latest("pk").delete()
    keeping.keep(witness)
    assert signs() == ["installed", "folder"]
    assert Timeline.objects.latest("pk").withheld_at is not None


def test_a_new_machine_with_an_empty_folder_goes_on(
    sender: Sender, installed: Timeline, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    keeping.keep(Witness(tmp_path / "new"))
    assert signs() == ["installed"]


def test_the_note_of_another_installation_says_nothing(
    sender: Sender, installed: Timeline, tmp_path: Path
) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    theirs = Note("f" * 16, "e" * 16, 999_999, timezone.now() + timedelta(days=1))
    Witness(folder).write(theirs)
    keeping.keep(Witness(folder))
    assert signs() == ["installed"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"tick": -1}', b"\xff\x00", b"[]"])
def test_a_note_that_nobody_can_read_is_written_anew(
    sender: Sender, installed: Timeline, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "timeline.json").write_bytes(content)
    keeping.keep(Witness(tmp_path))
    found = Witness(tmp_path).read()
    assert found is not None
    assert found.tick == Timeline.objects.get().tick
    assert signs() == ["installed"]


def test_a_folder_that_cannot_be_written_stops_nothing_and_is_told_once(
    sender: Sender, scope: Organization, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    witness = Witness(tmp_path / "missing")
    for _tick in range(3):
        keeping.keep(witness)
    assert signs() == ["installed"]
    assert len([line for line in caplog.messages if "cannot be written" in line]) == 1
    taken_back()
    keeping.keep(witness)  # what this process noted counts also without the folder
    assert signs() == ["installed", "folder"]


def test_the_note_follows_the_database_and_never_goes_ahead(
    sender: Sender, installed: Timeline, tmp_path: Path
) -> None:
    """A worker that is killed after the commit leaves a note that is behind: that is no step back."""
    Timeline.objects.update(tick=models_f("tick") + 1)
    keeping.keep(Witness(tmp_path))
    assert signs() == ["installed"]


@pytest.mark.parametrize("part", [{"table": 1}, {"database": 1}, {"cluster": "7000000000000000001"}])
def test_a_database_that_was_loaded_from_a_copy_withholds_its_outbox(
    sender: Sender, installed: Timeline, tmp_path: Path, part: dict[str, Any]
) -> None:
    outbox.enqueue(sender, ANNA, Text("Ciao"))
    place(**part)
    (tmp_path / "new").mkdir()
    keeping.keep(Witness(tmp_path / "new"))
    assert signs() == ["installed", "copy"]
    assert claim(sender) == []


def test_a_folder_that_was_copied_with_the_database_does_not_speak_for_it(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    """A nightly pg_dump and a copy of the folder, of one moment, both put back."""
    outbox.enqueue(sender, ANNA, Text("Ciao"))
    place(table=1)
    keeping.keep(witness)
    assert signs() == ["installed", "copy"]
    assert claim(sender) == []


def test_a_new_version_of_postgresql_over_the_same_tables_goes_on(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    """pg_upgrade: the data folder's note stands exactly where the database stands."""
    delivery = outbox.enqueue(sender, ANNA, Text("Ciao"))
    place(cluster="7000000000000000001")
    keeping.keep(witness)
    assert signs() == ["installed"]
    assert claim(sender) == [delivery.pk]
    assert Timeline.objects.get().moved_place_at is not None


def test_a_replica_that_takes_over_is_no_step_back(
    sender: Sender, installed: Timeline, tmp_path: Path
) -> None:
    place(history="FFFFFFFF")
    (tmp_path / "new").mkdir()
    keeping.keep(Witness(tmp_path / "new"))
    assert signs() == ["installed"]
    assert Timeline.objects.get().moved_place_at is not None


def test_a_replica_that_takes_over_after_a_long_silence_is_vouched_for_by_the_folder(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    hour = timedelta(hours=1)
    Timeline.objects.update(moved_at=models_f("moved_at") - hour, began_at=models_f("began_at") - 2 * hour)
    note = witness.read()
    assert note is not None
    witness.write(Note(note.installation, note.token, note.tick, note.at - hour), whatever=True)
    place(history="FFFFFFFF")
    keeping.keep(witness)
    assert signs() == ["installed"]


def test_a_server_that_goes_back_in_time_without_a_folder_is_a_step_back(
    sender: Sender, installed: Timeline, tmp_path: Path
) -> None:
    Timeline.objects.update(moved_at=models_f("moved_at") - timedelta(hours=1))
    place(history="FFFFFFFF")
    (tmp_path / "new").mkdir()
    keeping.keep(Witness(tmp_path / "new"))
    assert signs() == ["installed", "server"]


def test_a_step_back_that_is_found_before_the_last_one_was_withheld_blocks_nothing_for_ever(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    report(sender, receipt(installed.first_delivery + 9))  # its rows wait for a worker, which is killed
    taken_back(ticks=9)
    keeping.keep(witness)
    keeping.keep(witness)
    answer = outbox.enqueue(sender, ANNA, Text("Buongiorno"))
    assert claim(sender) == [answer.pk]


def test_a_second_try_within_a_withheld_mailing_is_withheld(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    fanout = mailing(sender)
    taken_back()
    keeping.keep(witness)
    first = fanout.deliveries.order_by("pk").values_list("pk", flat=True)[0]
    report(sender, receipt(first, "failed"))
    with connection.cursor() as cursor:
        cursor.execute(statement("second_try"), {"sender": sender.pk, "ids": [first]})
    assert Outbox.objects.get(pk=first).state == OutboxState.WITHHELD


# --- receipts -------------------------------------------------------------------------------------------------


def test_a_receipt_for_an_id_never_given_out_withholds_the_outbox_at_once(
    sender: Sender, installed: Timeline
) -> None:
    waits = outbox.enqueue(sender, ANNA, Text("Ciao"))
    report(sender, receipt(waits.pk + 1))
    assert signs() == ["installed", "receipt"]
    assert claim(sender) == []  # before a worker came to withhold a row
    assert beginning.withhold() == 1
    assert claim(sender) == []


def test_a_receipt_for_what_nobody_tried_to_send_yet_withholds_the_outbox_at_once(
    sender: Sender, installed: Timeline
) -> None:
    """Mid-mailing all ids were given out before the machine was saved: none is strange."""
    fanout = mailing(sender)
    first, second = fanout.deliveries.order_by("pk").values_list("pk", flat=True)
    report(sender, receipt(first))
    assert signs() == ["installed", "receipt"]
    beginning.withhold()
    assert claim(sender) == []
    assert Outbox.objects.get().pk == second  # the first has been sent: its receipt says so


def test_receipts_of_what_was_sent_are_no_sign(sender: Sender, installed: Timeline) -> None:
    delivery = outbox.enqueue(sender, ANNA, Text("Ciao"))
    assert claim(sender) == [delivery.pk]
    report(sender, receipt(delivery.pk))
    assert signs() == ["installed"]


def test_a_late_receipt_for_what_is_tried_again_is_no_sign(sender: Sender, installed: Timeline) -> None:
    delivery = outbox.enqueue(sender, ANNA, Text("Ciao"))
    claim(sender)
    Outbox.objects.all().delete()
    Delivery.objects.update(state=DeliveryState.UNKNOWN)
    delivery.refresh_from_db()
    Delivery.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    outbox.retry(delivery)
    report(sender, receipt(delivery.pk))
    assert signs() == ["installed"]


@pytest.mark.parametrize("opaque", ["84", "99999999", "0", "9" * 18, "anagrafe", ""])
def test_receipts_of_others_behind_the_same_number_are_no_sign(
    sender: Sender, installed: Timeline, opaque: str
) -> None:
    report(sender, ReceiptReceived("wamid.x", ReceiptStatus.READ, timezone.now(), opaque=opaque))
    assert signs() == ["installed"]


def test_receipts_of_another_installation_of_ours_are_no_sign(sender: Sender, installed: Timeline) -> None:
    mark = ids.mark_of(installed.first_delivery)
    theirs = ids.first_of_timeline(0, mark=mark % 1023 + 1)
    report(sender, receipt(theirs + 5))
    assert signs() == ["installed"]


def test_receipts_of_the_lost_time_are_counted_and_begin_nothing_more(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    last = outbox.enqueue(sender, ANNA, Text("Ciao")).pk
    taken_back()
    keeping.keep(witness)
    for more in (7, 3):
        report(sender, receipt(last + more))
    assert signs() == ["installed", "folder"]
    found = deciding.withheld(sender.organization_id)
    assert found is not None
    assert found.sent_later == 7


def test_receipts_for_what_retention_took_away_are_no_sign(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    gone = outbox.enqueue(sender, ANNA, Text("Ciao")).pk
    keeping.keep(witness)
    Outbox.objects.all().delete()
    Delivery.objects.all().delete()
    report(sender, receipt(gone))
    assert signs() == ["installed"]


def test_a_receipt_that_comes_for_what_is_withheld_takes_it_out(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    fanout = mailing(sender)
    first, second = fanout.deliveries.order_by("pk").values_list("pk", flat=True)
    taken_back()
    keeping.keep(witness)
    report(sender, receipt(first))
    fanout.refresh_from_db()
    assert (fanout.n_waiting, fanout.n_accepted) == (1, 1)
    assert Outbox.objects.get().pk == second


# --- ids ------------------------------------------------------------------------------------------------------


def test_ids_that_travelled_in_the_lost_time_never_come_again(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    before = outbox.enqueue(sender, ANNA, Text("Ciao")).pk
    lost = {outbox.enqueue(sender, ANNA, Text("Poi")).pk for _message in range(3)}
    with connection.cursor() as cursor:  # as in the backup
        cursor.execute("SELECT setval(pg_get_serial_sequence('delivery_delivery', 'id'), %s)", [before])
    Delivery.objects.filter(pk__in=lost).delete()
    taken_back()
    keeping.keep(witness)
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


# --- what goes on ---------------------------------------------------------------------------------------------


def test_what_is_written_afterwards_leaves(sender: Sender, installed: Timeline, witness: Witness) -> None:
    mailing(sender)
    taken_back()
    keeping.keep(witness)
    answer = outbox.enqueue(sender, ANNA, Text("Buongiorno"))
    alert = outbox.open_fanout(
        sender, NEWS, urgency=Urgency.ALERT, price_category="utility", topic="", due_at=timezone.now()
    )
    outbox.fill(alert, [ANNA])
    assert claim(sender) == [answer.pk, alert.deliveries.get().pk]


def test_a_mailing_whose_filling_was_under_way_is_filled_withheld(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    fanout = mailing(sender, [ANNA])
    taken_back()
    keeping.keep(witness)
    outbox.fill(fanout, [ANNA, BRUNO])
    outbox.close_fanout(fanout)
    assert claim(sender) == []
    assert list(Outbox.objects.values_list("state", flat=True)) == [OutboxState.WITHHELD] * 2


def test_what_an_old_job_writes_is_withheld_and_said(
    sender: Sender, installed: Timeline, witness: Witness
) -> None:
    """A file of the desk that was still to be handed to WhatsApp, an update that was not in the outbox yet."""
    pressed_at = timezone.now()
    taken_back()
    keeping.keep(witness)
    Organization.objects.update(alarms=[])
    outbox.enqueue(sender, ANNA, Text("La foto"), due_at=pressed_at)
    fanout = mailing(sender, due_at=pressed_at)
    assert claim(sender) == []
    assert fanout.withheld_at is not None
    assert Organization.objects.get(pk=sender.organization_id).alarms == ["restored"]


# --- deciding -------------------------------------------------------------------------------------------------


@pytest.fixture
def back(sender: Sender, installed: Timeline, witness: Witness) -> Fanout:
    """Taken back in the middle of a mailing, with a single message in the outbox."""
    fanout = mailing(sender)
    outbox.close_fanout(fanout)
    outbox.enqueue(sender, ANNA, Text("Ciao"))
    taken_back()
    keeping.keep(witness)
    return fanout


def test_a_mailing_that_is_released_leaves_once_however_often_that_is_pressed(
    sender: Sender, back: Fanout, alice: Person
) -> None:
    assert deciding.release_mailing(back, by=alice) == 2
    assert claim(sender) == list(back.deliveries.order_by("pk").values_list("pk", flat=True))
    assert deciding.release_mailing(back, by=alice) == 0
    assert deciding.drop_mailing(back, by=alice) == 0
    assert claim(sender) == []
    entry = AuditEntry.objects.get(verb="delivery.released_withheld")
    assert (entry.person, entry.detail) == (alice, {"count": 2})


def test_a_mailing_that_is_dropped_is_over(sender: Sender, back: Fanout, alice: Person) -> None:
    assert deciding.drop_mailing(back, by=alice) == 2
    back.refresh_from_db()
    assert (back.n_waiting, back.n_cancelled) == (0, 2)
    assert set(back.deliveries.values_list("state", "code")) == {(DeliveryState.CANCELLED, deciding.DROPPED)}
    outbox.fill(back, [Address(phone="+393330000009")])  # its job goes on
    assert claim(sender) == []


def test_single_messages_are_released_or_dropped_together(
    sender: Sender, back: Fanout, alice: Person
) -> None:
    assert deciding.release_singles(sender.organization_id, by=alice) == 1
    [delivery_id] = claim(sender)
    assert Delivery.objects.get(pk=delivery_id).state == DeliveryState.QUEUED
    assert deciding.drop_singles(sender.organization_id, by=alice) == 0


def test_the_banner_goes_when_all_is_decided(sender: Sender, back: Fanout, alice: Person) -> None:
    deciding.drop_singles(sender.organization_id, by=alice)
    assert Organization.objects.get(pk=sender.organization_id).alarms == ["restored"]
    deciding.release_mailing(back, by=alice)
    assert Organization.objects.get(pk=sender.organization_id).alarms == []
    assert deciding.outlook().undecided is None


def test_where_nothing_waited_somebody_reads_it(
    installed: Timeline, witness: Witness, alice: Person, scope: Organization
) -> None:
    taken_back()
    keeping.keep(witness)
    found = deciding.outlook().undecided
    assert found is not None
    assert found.messages == 0
    deciding.read(scope.pk, by=alice)
    assert deciding.outlook().undecided is None


def test_each_organization_decides_for_itself(
    sender: Sender, back: Fanout, alice: Person, altrove: Organization
) -> None:
    with organization_scope(altrove):
        theirs = Sender(organization=altrove, name="Comune di Altrove")
        theirs.credentials = credentials()
        theirs.save()
        waiting = outbox.enqueue(theirs, ANNA, Text("Ciao"))
        Outbox.objects.filter(pk=waiting.pk).update(state=OutboxState.WITHHELD)
    deciding.release_singles(sender.organization_id, by=alice)
    deciding.drop_mailing(back, by=alice)
    with every_organization("the test looks at both"):
        assert Outbox.objects.get(pk=waiting.pk).state == OutboxState.WITHHELD


def test_somebody_who_leaves_the_list_is_spared_what_is_withheld(sender: Sender, back: Fanout) -> None:
    from arengo.delivery import sparing

    sparing.subscription_ended(Batch(sender.organization_id, sender.pk, [_Left(BRUNO)]))
    back.refresh_from_db()
    assert (back.n_waiting, back.n_cancelled) == (1, 1)


class _Left:
    platform = "whatsapp"

    def __init__(self, address: Address) -> None:
        self.address = address
