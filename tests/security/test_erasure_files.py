# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""PostgreSQL's own files: after the night nothing of who was erased lies in them, nor in its log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection

from arengo.audience import privacy
from arengo.audience.models import Consent, ContactKey, Identity, phone_hash
from arengo.core import batches, erasures, rewriting
from arengo.core.database import conninfo
from arengo.core.models import Erasure, Person
from arengo.delivery.models import Delivery, Sender
from arengo.desk.models import Message
from arengo.intake import scrubbing
from arengo.intake.models import Journal
from tests.security.erasing import town
from tests.security.erasure_traffic import Citizen, every_kind

__all__ = ["town"]  # a fixture

pytestmark = pytest.mark.django_db(transaction=True)

_CLUSTER = Path(settings.DATA) / "postgres" / "cluster"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(batches, "_LONGEST", 0.0)
    monkeypatch.setattr(rewriting, "_PAUSE", 0.1)
    settings.MEDIA_ROOT = tmp_path / "media"


def places(needle: bytes) -> list[str]:
    """The files of the cluster that hold these bytes."""
    return [
        str(path.relative_to(_CLUSTER))
        for path in sorted(_CLUSTER.rglob("*"))
        if path.is_file() and needle in path.read_bytes()
    ]


def remains(citizen: Citizen) -> dict[str, bytes]:
    """What the rows of this person hold that must not lie about: plain words, sealed values, hashes, keys."""
    identity = Identity.objects.get(phone_hash=phone_hash("whatsapp", citizen.phone))
    delivery = Delivery.objects.exclude(outgoing_sealed=None).latest("pk")
    mailed = Delivery.objects.exclude(fanout=None).latest("pk")
    return {
        "name": citizen.name.encode(),
        "word": citizen.word.encode(),
        "phone sealed": bytes(identity.phone_sealed or b""),
        "phone hash": bytes(identity.phone_hash or b""),
        "user id hash": bytes(identity.user_id_hash or b""),
        "own key": bytes(ContactKey.objects.earliest("pk").key_sealed),
        "address of an answer": bytes(delivery.address_sealed),
        "an answer": bytes(delivery.outgoing_sealed or b""),
        "address of a mailing": bytes(mailed.address_sealed),
        "a webhook": bytes(Journal.objects.latest("pk").body_sealed),
    }


def run(query: str) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as database:
        database.execute(query)  # type: ignore[arg-type]  # our own


def rewrite(**how: Any) -> int:
    return async_to_sync(rewriting.rewrite)(**how)


def erased(town: Sender, by: Person) -> Erasure:
    citizen = Citizen(town)
    citizen.text("ISCRIVIMI")
    privacy.erase(Identity.objects.get(phone_hash=phone_hash("whatsapp", citizen.phone)).contact, by=by)
    async_to_sync(scrubbing.scrub)()
    return Erasure.objects.get()


def test_nothing_is_left_in_the_files_after_the_night(town: Sender, olga: Person, alice: Person) -> None:
    citizen = Citizen(town)
    every_kind(citizen, olga)
    Message.objects.filter(text__contains=citizen.word).update(
        forwarded=True
    )  # older versions of rows lie about
    run("ANALYZE")  # the planner's samples hold values too
    wanted = remains(citizen)
    run("CHECKPOINT")
    seen = {name: places(value) for name, value in wanted.items()}
    assert all(seen.values()), seen
    assert any(place.startswith("pg_wal") for found in seen.values() for place in found)
    contact = Identity.objects.get(phone_hash=phone_hash("whatsapp", citizen.phone)).contact
    consents = Consent.objects.count()
    privacy.erase(contact, by=alice)
    async_to_sync(scrubbing.scrub)()
    assert any(places(value) for value in wanted.values())  # deleted is not gone
    assert rewrite() == 1
    assert {name: found for name, value in wanted.items() if (found := places(value))} == {}
    note = erasures.of(contact)
    assert note is not None
    assert note.gone_at is not None
    assert (note.tables, note.obstacles) == ([], [])
    assert Consent.objects.count() == consents + 1  # that they left with it


def test_the_night_without_an_erasure_rewrites_nothing(town: Sender) -> None:
    def filenode() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_filenode('audience_identity')")
            return int(cursor.fetchone()[0])

    before = filenode()
    assert rewrite() == 0
    assert filenode() == before


def test_what_a_transaction_changed_is_noted_without_a_list(town: Sender, alice: Person) -> None:
    note = erased(town, alice)
    changed = {
        "audience_contact",
        "audience_identity",
        "audience_contactkey",
        "audience_consent",
        "desk_message",
    }
    assert changed | {"intake_journal", "intake_scrub", "delivery_delivery"} <= set(note.tables)
    assert "core_organization" not in note.tables


def test_while_the_journal_is_gone_through_nothing_is_called_gone(town: Sender, alice: Person) -> None:
    note = erased(town, alice)
    Erasure.objects.update(unfinished=1)
    assert rewrite() == 0
    note.refresh_from_db()
    assert note.tables != []


def test_a_table_that_is_too_large_stays_and_is_named(town: Sender, alice: Person) -> None:
    note = erased(town, alice)
    assert rewrite(most_bytes=1) == 0
    note.refresh_from_db()
    assert note.gone_at is None
    assert "large:audience_identity" in note.obstacles
    assert rewrite() == 1


def test_a_table_that_is_locked_waits_for_the_next_run(
    town: Sender, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewriting, "_LOCK", "50ms")
    note = erased(town, alice)
    with psycopg.connect(conninfo()) as holder:
        holder.execute("LOCK TABLE audience_identity IN ACCESS SHARE MODE")
        assert rewrite() == 0
        holder.rollback()
    note.refresh_from_db()
    assert note.tables == ["audience_identity", "pg_statistic"]
    assert note.obstacles == ["busy:audience_identity"]
    assert rewrite() == 1
    note.refresh_from_db()
    assert note.obstacles == []


def test_an_older_snapshot_is_waited_for(town: Sender, alice: Person) -> None:
    """A backup under way sees the rows as they were: they would be copied into the new files."""
    with psycopg.connect(conninfo()) as backup:
        backup.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        backup.execute("SELECT count(*) FROM audience_contact")
        note = erased(town, alice)
        assert rewrite() == 0
        note.refresh_from_db()
        assert note.obstacles == ["snapshot"]
        backup.rollback()
    assert rewrite() == 1


def test_a_role_without_checkpoints_waits_for_one(
    town: Sender, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an external PostgreSQL may grant: the log is past the point later, and the next run sees it."""
    note = erased(town, alice)
    monkeypatch.setattr(rewriting, "_CHECKPOINT", "SET SESSION AUTHORIZATION postgres")
    assert rewrite() == 0
    note.refresh_from_db()
    assert (note.rewritten_at is not None, note.gone_at, note.obstacles) == (True, None, ["log"])
    run("CHECKPOINT")
    assert rewrite() == 1


def test_an_erasure_after_the_rewriting_began_is_not_called_gone_with_it(town: Sender, alice: Person) -> None:
    first = erased(town, alice)
    assert rewrite() == 1
    second = Citizen(town)
    second.text("Buongiorno")
    privacy.erase(Identity.objects.get().contact, by=alice)
    assert rewrite() == 0  # the journal is still to be gone through
    first.refresh_from_db()
    assert first.gone_at is not None
    assert Erasure.objects.filter(gone_at=None).count() == 1


@pytest.mark.parametrize(
    ("now", "next_run"),
    [
        ("2026-11-29T00:10", "2026-11-29T02:30"),
        ("2026-11-29T02:30", "2026-11-29T03:30"),
        ("2026-11-29T04:31", "2026-11-30T02:30"),
        ("2026-12-31T23:59", "2027-01-01T02:30"),
    ],
)
def test_the_next_try_is_the_next_of_three_in_the_night(now: str, next_run: str) -> None:
    after = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert rewriting.next_run(after) == datetime.fromisoformat(next_run).replace(tzinfo=UTC)
