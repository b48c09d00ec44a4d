# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An installation that finds itself older than it was withholds its outbox, and a person decides."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from arengo.core.models import Organization, Person
from arengo.core.scope import every_organization
from arengo.delivery.models import (
    Delivery,
    DeliveryState,
    Outbox,
    OutboxState,
    Sender,
    Timeline,
)
from arengo.delivery.queue import outbox
from arengo.delivery.sending import doubts
from arengo.delivery.sql import statement
from arengo.delivery.timeline import deciding, keeping
from arengo.delivery.timeline.folder_note import FolderNote, Note
from arengo.platforms.contract import Text
from tests.delivery.timeline.stepping_back import (
    ANNA,
    PEOPLE,
    causes,
    claim,
    folder_note,
    installed,
    place,
    receipt,
    report,
)
from tests.factories.delivery import open_mailing
from tests.factories.timeline import taken_back

__all__ = ["folder_note", "installed"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)  # PostgreSQL's now() stands still within a transaction


def test_an_installation_that_works_on_and_starts_again_withholds_nothing(
    sender: Sender, installed: Timeline, tmp_path: Path
) -> None:
    delivery = outbox.enqueue(sender, ANNA, Text("Ciao"))
    keeping.keep(FolderNote(tmp_path))
    assert causes() == ["installed"]
    assert claim(sender) == [delivery.pk]


def test_a_folder_that_is_further_than_the_database_withholds_what_waits(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    delivery = outbox.enqueue(sender, ANNA, Text("Ciao"))
    fanout = open_mailing(sender, PEOPLE)
    taken_back()
    keeping.keep(folder_note)
    assert causes() == ["installed", "folder"]
    assert claim(sender) == []
    assert set(Outbox.objects.values_list("state", flat=True)) == {OutboxState.WITHHELD}
    assert Delivery.objects.get(pk=delivery.pk).state == DeliveryState.WITHHELD
    fanout.refresh_from_db()
    assert fanout.withheld_at is not None
    assert Organization.objects.get(pk=sender.organization_id).alarms == ["restored"]


@pytest.mark.parametrize("state", [OutboxState.LATER, OutboxState.CLAIMED, OutboxState.UNCERTAIN])
def test_what_waited_for_later_or_was_claimed_is_withheld_too(
    sender: Sender, installed: Timeline, folder_note: FolderNote, state: OutboxState
) -> None:
    outbox.enqueue(sender, ANNA, Text("Ciao"))
    Outbox.objects.update(
        state=state, claim_epoch=sender.epoch, claimed_at=timezone.now() - timedelta(hours=1)
    )
    taken_back()
    keeping.keep(folder_note)
    with connection.cursor() as cursor:
        cursor.execute(statement("promote"), {"sender": sender.pk})
        cursor.execute(statement("settle"), doubts.settling(sender.pk))
        cursor.execute(statement("take_over"), {"sender": sender.pk, "epoch": sender.epoch + 5})
        cursor.execute(statement("unclaim"), {"sender": sender.pk, "epoch": sender.epoch, "known": []})
    assert Outbox.objects.get().state == OutboxState.WITHHELD


def test_the_same_step_back_is_found_once(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    taken_back()
    for _tick in range(3):
        keeping.keep(folder_note)
    assert causes() == ["installed", "folder"]


def test_a_note_written_while_receipts_are_applied_is_no_second_step_back(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    delivery = outbox.enqueue(sender, ANNA, Text("Ciao"))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")  # the reader's transaction has begun

        def another_worker_looks() -> None:
            with every_organization("another worker"):
                keeping.keep(folder_note)
            connection.close()

        worker = Thread(target=another_worker_looks)
        worker.start()
        worker.join()
        report(sender, receipt(delivery.pk))
    keeping.keep(folder_note)
    assert causes() == ["installed", "receipt"]


def test_receipts_in_several_webhooks_tell_of_one_step_back(
    sender: Sender, installed: Timeline, folder_note: FolderNote, alice: Person
) -> None:
    fanout = open_mailing(sender, PEOPLE)
    first, second = fanout.deliveries.order_by("pk")
    more = outbox.enqueue(sender, ANNA, Text("Ciao"))
    report(sender, receipt(first.pk))
    report(sender, receipt(second.pk))  # nothing is withheld yet
    keeping.keep(folder_note)
    deciding.release_singles(sender.organization_id, by=alice)
    report(sender, receipt(more.pk))  # it had left in the lost time, and was released before that was known
    keeping.keep(folder_note)
    assert causes() == ["installed", "receipt"]


def test_a_second_step_back_is_found_as_well(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    for _step in range(2):
        taken_back()
        keeping.keep(folder_note)
        keeping.keep(folder_note)
    assert causes() == ["installed", "folder", "folder"]


def test_another_machine_with_a_folder_of_its_own_finds_the_same_step_back_only_once(
    sender: Sender, installed: Timeline, folder_note: FolderNote, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = FolderNote(tmp_path / "other")
    keeping.keep(other)
    taken_back()
    keeping.keep(folder_note)
    keeping.keep(other)
    assert causes() == ["installed", "folder"]


def test_a_step_back_over_the_beginning_of_a_timeline_is_found(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    """Restored, gone on, and then taken back to before that restore."""
    taken_back()
    keeping.keep(folder_note)
    Timeline.objects.latest("pk").delete()
    keeping.keep(folder_note)
    assert causes() == ["installed", "folder"]
    assert Timeline.objects.latest("pk").withheld_at is not None


def test_a_new_machine_with_an_empty_folder_goes_on(
    sender: Sender, installed: Timeline, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    keeping.keep(FolderNote(tmp_path / "new"))
    assert causes() == ["installed"]


def test_the_note_of_another_installation_says_nothing(
    sender: Sender, installed: Timeline, tmp_path: Path
) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    theirs = Note("f" * 16, "e" * 16, 999_999, timezone.now() + timedelta(days=1))
    FolderNote(folder).write(theirs)
    keeping.keep(FolderNote(folder))
    assert causes() == ["installed"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"tick": -1}', b"\xff\x00", b"[]"])
def test_a_note_that_nobody_can_read_is_written_anew(
    sender: Sender, installed: Timeline, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "timeline.json").write_bytes(content)
    keeping.keep(FolderNote(tmp_path))
    found = FolderNote(tmp_path).read()
    assert found is not None
    assert found.tick == Timeline.objects.get().tick
    assert causes() == ["installed"]


def test_a_folder_that_cannot_be_written_stops_nothing_and_is_told_once(
    sender: Sender, scope: Organization, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder_note = FolderNote(tmp_path / "missing")
    for _tick in range(3):
        keeping.keep(folder_note)
    assert causes() == ["installed"]
    assert len([line for line in caplog.messages if "cannot be written" in line]) == 1
    taken_back()
    keeping.keep(folder_note)  # what this process noted counts also without the folder
    assert causes() == ["installed", "folder"]


def test_the_note_follows_the_database_and_never_goes_ahead(
    sender: Sender, installed: Timeline, tmp_path: Path
) -> None:
    """A worker that is killed after the commit leaves a note that is behind: that is no step back."""
    Timeline.objects.update(tick=F("tick") + 1)
    keeping.keep(FolderNote(tmp_path))
    assert causes() == ["installed"]


@pytest.mark.parametrize("part", [{"table": 1}, {"database": 1}, {"cluster": "7000000000000000001"}])
def test_a_database_that_was_loaded_from_a_copy_withholds_its_outbox(
    sender: Sender, installed: Timeline, tmp_path: Path, part: dict[str, Any]
) -> None:
    outbox.enqueue(sender, ANNA, Text("Ciao"))
    place(**part)
    (tmp_path / "new").mkdir()
    keeping.keep(FolderNote(tmp_path / "new"))
    assert causes() == ["installed", "copy"]
    assert claim(sender) == []


def test_a_folder_that_was_copied_with_the_database_does_not_speak_for_it(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    """A nightly pg_dump and a copy of the folder, of one moment, both put back."""
    outbox.enqueue(sender, ANNA, Text("Ciao"))
    place(table=1)
    keeping.keep(folder_note)
    assert causes() == ["installed", "copy"]
    assert claim(sender) == []


def test_a_new_version_of_postgresql_over_the_same_tables_goes_on(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    """pg_upgrade: the data folder's note stands exactly where the database stands."""
    delivery = outbox.enqueue(sender, ANNA, Text("Ciao"))
    place(cluster="7000000000000000001")
    keeping.keep(folder_note)
    assert causes() == ["installed"]
    assert claim(sender) == [delivery.pk]
    assert Timeline.objects.get().moved_place_at is not None


def test_a_replica_that_takes_over_is_no_step_back(
    sender: Sender, installed: Timeline, tmp_path: Path
) -> None:
    place(history="FFFFFFFF")
    (tmp_path / "new").mkdir()
    keeping.keep(FolderNote(tmp_path / "new"))
    assert causes() == ["installed"]
    assert Timeline.objects.get().moved_place_at is not None


def test_a_replica_that_takes_over_after_a_long_silence_is_vouched_for_by_the_folder(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    hour = timedelta(hours=1)
    Timeline.objects.update(moved_at=F("moved_at") - hour, began_at=F("began_at") - 2 * hour)
    note = folder_note.read()
    assert note is not None
    folder_note.write(Note(note.installation, note.token, note.tick, note.at - hour), whatever=True)
    place(history="FFFFFFFF")
    keeping.keep(folder_note)
    assert causes() == ["installed"]


def test_a_server_that_goes_back_in_time_without_a_folder_is_a_step_back(
    sender: Sender, installed: Timeline, tmp_path: Path
) -> None:
    Timeline.objects.update(moved_at=F("moved_at") - timedelta(hours=1))
    place(history="FFFFFFFF")
    (tmp_path / "new").mkdir()
    keeping.keep(FolderNote(tmp_path / "new"))
    assert causes() == ["installed", "server"]


def test_a_step_back_that_is_found_before_the_last_one_was_withheld_blocks_nothing_for_ever(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    report(sender, receipt(installed.first_delivery + 9))  # its rows wait for a worker, which is killed
    taken_back(ticks=9)
    keeping.keep(folder_note)
    keeping.keep(folder_note)
    answer = outbox.enqueue(sender, ANNA, Text("Buongiorno"))
    assert claim(sender) == [answer.pk]


def test_a_second_try_within_a_withheld_mailing_is_withheld(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    fanout = open_mailing(sender, PEOPLE)
    taken_back()
    keeping.keep(folder_note)
    first = fanout.deliveries.order_by("pk").values_list("pk", flat=True)[0]
    report(sender, receipt(first, "failed"))
    with connection.cursor() as cursor:
        cursor.execute(statement("second_try"), {"sender": sender.pk, "ids": [first]})
    assert Outbox.objects.get(pk=first).state == OutboxState.WITHHELD
