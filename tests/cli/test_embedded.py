# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Arengo wants of the embedded PostgreSQL. What that does by itself: tests/embedded_postgres/."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from arengo.cli import embedded


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A new cluster; below a directory that only we may enter."""
    with tempfile.TemporaryDirectory(prefix="arengo-test-") as parent:
        data = Path(parent) / "data"
        yield embedded.start(data, for_tests=True).url
        embedded.stop(data)


def execute(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_it_speaks_italian(url: str) -> None:
    assert execute(url, "SELECT to_tsvector('Le città') @@ to_tsquery('CITTÀ')") == [(True,)]


def test_it_belongs_to_arengo_and_is_known_by_its_address(url: str) -> None:
    assert execute(url, "SELECT current_user, current_database()") == [("arengo", "arengo")]
    assert embedded.is_own(url)
    assert not embedded.is_own("postgresql://arengo@db.example.it/arengo")


def test_what_was_erased_can_leave_the_log_at_once(url: str) -> None:
    execute(url, "CHECKPOINT")
    assert execute(url, "SHOW wal_recycle") == [("off",)]


def test_settings_of_one_start_come_after_ours() -> None:
    with tempfile.TemporaryDirectory(prefix="arengo-test-") as parent:
        data = Path(parent) / "data"
        cluster = embedded.start(data, settings={"deadlock_timeout": "3s"}, for_tests=True)
        try:
            assert execute(cluster.url, "SHOW deadlock_timeout") == [("3s",)]
        finally:
            embedded.stop(data)


def test_a_backup_signs_nobody_in(url: str, tmp_path: Path) -> None:
    """Sessions stay out of it: their keys are what a browser shows to be let in."""
    execute(url, "CREATE TABLE django_session AS SELECT 'k3y0f4s3ss10n' AS session_key")
    embedded.dump(url, tmp_path / "backup")
    embedded.restore(url, tmp_path / "backup")
    assert execute(url, "SELECT count(*) FROM django_session") == [(0,)]
