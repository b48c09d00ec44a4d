# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An organization is made, backed up, and brought back, by the commands that an administrator types."""

from __future__ import annotations

import io
import stat
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from arengo.cli import embedded
from arengo.core.vault import new_key
from tests.cli.commands import arengo, free_ports
from tests.support.ready import make_ready

pytestmark = pytest.mark.processes

_NEW = ("create-organization", "--administrator", "Ada Esempio", "--email", "ada@esempio.test")


@pytest.fixture(scope="module")
def keys() -> dict[str, str]:
    return {"ARENGO_VAULT_KEYS": new_key("k1"), "ARENGO_SECRET_KEY": "only-for-tests-" * 5, **free_ports()}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, keys: dict[str, str]) -> Path:
    """A folder with one organization in it."""
    folder = make_ready(tmp_path_factory.mktemp("archive") / "data")
    done = arengo(folder, *_NEW, "--name", "Comune di Esempio", "--host", "esempio.test", **keys)
    assert done.returncode == 0, done.stderr
    assert "ada@esempio.test" in done.stdout
    return folder


@pytest.fixture(scope="module")
def backup(data: Path, keys: dict[str, str]) -> Path:
    (data / "media" / "desk").mkdir(parents=True)
    (data / "media" / "desk" / "foto").write_bytes(b"a photo")
    file = data.parent / "backup.arengo"
    done = arengo(data, "backup", str(file), **keys)
    assert done.returncode == 0, done.stderr
    return file


def organizations(data: Path, keys: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Making the same one again tells whether it is there."""
    return arengo(data, *_NEW, "--name", "Comune di Esempio", **keys)


def test_the_same_organization_is_not_made_twice(data: Path, keys: dict[str, str]) -> None:
    done = organizations(data, keys)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "slug" in done.stderr


def test_a_backup_is_for_its_owner_alone_and_holds_no_key(backup: Path, keys: dict[str, str]) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with tarfile.open(backup) as archive:
        assert archive.getnames() == [
            "arengo.json",
            "database.dump",
            "media",
            "media/desk",
            "media/desk/foto",
        ]
    assert keys["ARENGO_VAULT_KEYS"].partition(":")[2].encode() not in backup.read_bytes()


def test_a_backup_makes_an_empty_folder_the_same_installation(
    backup: Path, keys: dict[str, str], tmp_path: Path
) -> None:
    done = arengo(tmp_path, "restore", "--yes", str(backup), **keys)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "media" / "desk" / "foto").read_bytes() == b"a photo"
    assert organizations(tmp_path, keys).returncode == 1
    assert not embedded.is_running(tmp_path)


_WAITING = """
WITH sender AS (
  INSERT INTO delivery_sender (organization_id, platform, name, display_phone, credentials_sealed, number_id, hook_key, rate,
    state, stop_code, stop_reason, epoch, created_at)
  SELECT id, 'whatsapp', 'Comune', '', '', '', 'k', 80, 'active', 0, '', 0, now() FROM core_organization RETURNING id, organization_id
), delivery AS (
  INSERT INTO delivery_delivery (organization_id, sender_id, urgency, address_sealed, address_hash, topic, state, code, reason,
    price_category, created_at)
  SELECT organization_id, id, 1, 'x', 'x', '', 0, 0, '', '', now() FROM sender RETURNING id, sender_id, organization_id
)
INSERT INTO delivery_outbox (delivery_id, organization_id, sender_id, urgency, state, not_before, attempts)
SELECT id, organization_id, sender_id, 1, 0, now(), 0 FROM delivery
"""


def test_what_waited_in_the_outbox_of_a_backup_is_withheld_and_both_commands_say_so(
    backup: Path, keys: dict[str, str], tmp_path: Path
) -> None:
    done = arengo(tmp_path, "restore", "--yes", str(backup), **keys)
    assert "non c'era nulla in coda" in done.stdout
    query(tmp_path, _WAITING)
    [(given,)] = query(tmp_path, "SELECT id FROM delivery_delivery")
    assert arengo(tmp_path, "backup", str(tmp_path / "second"), **keys).returncode == 0
    done = arengo(tmp_path, "restore", "--yes", str(tmp_path / "second"), **keys)
    assert done.returncode == 0, done.stderr
    assert "Messaggi in coda a quel momento: 1." in done.stdout
    assert query(tmp_path, "SELECT state FROM delivery_outbox") == [(20,)]
    assert query(tmp_path, "SELECT cause FROM delivery_timeline ORDER BY id") == [("restore",), ("restore",)]
    [(following,)] = query(tmp_path, "SELECT nextval('delivery_delivery_id_seq')")
    assert following > given + 1_000_000
    assert any(
        line.startswith("NO") and "dopo un ripristino" in line
        for line in arengo(tmp_path, "doctor", **keys).stdout.splitlines()
    )


def query(data: Path, statement: str) -> list[tuple[Any, ...]]:
    """In the folder's own database, which runs only meanwhile."""
    import psycopg

    cluster = embedded.start(data)
    try:
        with psycopg.connect(cluster.url, autocommit=True) as database:
            done = database.execute(statement)
            return done.fetchall() if done.description else []
    finally:
        embedded.stop(data)


def test_without_its_keys_a_backup_is_not_restored(
    backup: Path, keys: dict[str, str], tmp_path: Path
) -> None:
    done = arengo(tmp_path, "restore", "--yes", str(backup), **{**keys, "ARENGO_VAULT_KEYS": new_key("k1")})
    assert done.returncode == 1
    assert "ARENGO_VAULT_KEYS" in done.stderr


def test_nothing_changes_without_confirmation(data: Path, backup: Path, keys: dict[str, str]) -> None:
    done = arengo(data, "restore", str(backup), **keys)
    assert done.returncode != 0
    assert (data / "media" / "desk" / "foto").exists()


def test_nothing_is_restored_while_arengo_works(data: Path, backup: Path, keys: dict[str, str]) -> None:
    import psycopg

    cluster = embedded.start(data)
    try:
        with psycopg.connect(cluster.url):
            done = arengo(data, "restore", "--yes", str(backup), **keys, DATABASE_URL=cluster.url)
    finally:
        embedded.stop(data)
    assert done.returncode == 1
    assert "è in funzione" in done.stderr


@pytest.mark.parametrize("content", [b"Gentile Comune", b""])
def test_what_is_no_backup_is_refused(
    data: Path, keys: dict[str, str], tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "letter").write_bytes(content)
    done = arengo(data, "restore", "--yes", str(tmp_path / "letter"), **keys)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_another_tar_file_is_refused(data: Path, keys: dict[str, str], tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "other.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo("arengo.json"), io.BytesIO())
    done = arengo(data, "restore", "--yes", str(tmp_path / "other.tar"), **keys)
    assert done.returncode == 1
    assert "non è un backup" in done.stderr


def test_the_doctor_says_what_is_missing_and_how_to_mend_it(data: Path, keys: dict[str, str]) -> None:
    done = arengo(data, "doctor", **keys)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert any(line.startswith("OK") and "PostgreSQL 18" in line for line in lines)
    assert any(line.startswith("NO") and "arengo worker" in line for line in lines)
