# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The embedded PostgreSQL starts, is found again, survives a kill, and touches nothing outside its folder."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from arengo.core import embedded
from arengo.core.embedded_account import NO_CAPABILITY
from arengo.core.embedded_cluster import Layout
from arengo.core.embedded_errors import ArchiveFailed, FolderUnusable, OtherVersion, StartFailed
from tests.support.waiting import NEVER, until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder below a directory that only we may enter; the server in it is stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="arengo-test-") as parent:
        folder = Path(parent) / "data"
        yield folder
        with suppress(FolderUnusable):
            embedded.stop(folder)


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """A finished cluster to copy, so that not every test makes one."""
    with tempfile.TemporaryDirectory(prefix="arengo-test-") as parent:
        folder = Path(parent) / "data"
        embedded.start(folder, for_tests=True)
        embedded.stop(folder)
        yield folder


@pytest.fixture
def used(template: Path, data: Path) -> Path:
    """A data folder with a cluster in it, which nothing runs on yet."""
    copy(template, data)
    return data


def copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".s.PGSQL*"))


def execute(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def start(data: Path) -> embedded.Cluster:
    return embedded.start(data, for_tests=True)


def kill(cluster: embedded.Cluster) -> None:
    os.kill(cluster.pid, signal.SIGKILL)
    until(lambda: not embedded.is_running(cluster.data), "it still runs")


def test_a_new_folder_becomes_a_database_that_speaks_italian(data: Path) -> None:
    cluster = start(data)
    assert embedded.is_running(data)
    assert execute(
        cluster.url, "SELECT lower('CITTÀ È'), to_tsvector('Le città') @@ to_tsquery('CITTÀ')"
    ) == [("città è", True)]
    assert execute(cluster.url, "SHOW data_checksums") == [("on",)]
    assert execute(cluster.url, "SHOW listen_addresses") == [("",)]


def test_stopping_leaves_no_process_and_the_next_start_finds_the_data(used: Path) -> None:
    execute(start(used).url, "CREATE TABLE kept AS SELECT 42 AS answer")
    embedded.stop(used)  # raises InUse when not all has ended in its own time
    assert not embedded.is_running(used)
    assert execute(start(used).url, "SELECT answer FROM kept") == [(42,)]


def test_a_second_start_finds_the_running_server(used: Path) -> None:
    assert start(used) == start(used)


def test_two_starts_at_once_share_one_server(data: Path) -> None:
    program = "import sys, pathlib; from arengo.core import embedded; "
    program += "print(embedded.start(pathlib.Path(sys.argv[1])).pid)"
    command = [sys.executable, "-c", program, str(data)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) for _ in range(2)]
    pids = {process.communicate(timeout=NEVER)[0] for process in both}
    assert len(pids) == 1
    assert int(pids.pop()) == start(data).pid


def test_a_killed_server_is_started_again_with_its_data(used: Path) -> None:
    cluster = start(used)
    execute(cluster.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    kill(cluster)
    again = start(used)
    assert again.pid != cluster.pid
    assert execute(again.url, "SELECT answer FROM kept") == [(42,)]


def test_a_process_number_used_by_somebody_else_is_left_alone(used: Path) -> None:
    cluster = start(used)
    kill(cluster)
    embedded.stop(used)
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        layout = Layout(used)
        layout.pid_file.write_text(f"{stranger.pid}\n{layout.cluster}\n0\n5432\n/nowhere\n\n1 1\nready\n")
        (cluster.socket_dir / ".s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n{layout.cluster}\n")
        assert not embedded.is_running(used)
        assert execute(start(used).url, "SELECT 1") == [(1,)]
        embedded.stop(used)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_folder_whose_path_is_too_long_for_a_socket_gets_a_short_private_one(data: Path) -> None:
    long = data / ("lungo-" * 20) / "è, 'qui'"
    cluster = start(long)
    try:
        assert execute(cluster.url, "SELECT 1") == [(1,)]
        assert long not in cluster.socket_dir.parents
        assert stat.S_IMODE(cluster.socket_dir.stat().st_mode) == 0o700
        assert start(long) == cluster
    finally:
        embedded.stop(long)
    assert not cluster.socket_dir.exists()


def test_no_permission_outside_the_data_folder_is_changed(data: Path) -> None:
    def permissions() -> list[tuple[int, int]]:
        return [(path.stat().st_mode, path.stat().st_uid) for path in data.parents]

    data.parent.chmod(0o700)
    before = permissions()
    start(data)
    embedded.stop(data)
    assert permissions() == before


@as_root
def test_for_root_the_server_is_somebody_else_with_at_most_one_capability(used: Path) -> None:
    used.parent.chmod(0o700)
    cluster = start(used)
    status = Path(f"/proc/{cluster.pid}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert fields["Uid"].split()[1] != "0"
    for kind in ("CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(fields[kind], 16).bit_count() == 1
    assert NO_CAPABILITY < int(fields["CapEff"], 16).bit_length() - 1 <= 2


@as_root
def test_a_data_folder_copied_by_root_is_handed_to_the_account_again(used: Path) -> None:
    execute(start(used).url, "CREATE TABLE kept AS SELECT 42 AS answer")
    embedded.stop(used)
    copy = used.with_name("copy")
    shutil.copytree(used, copy, ignore=shutil.ignore_patterns(".s.PGSQL*"))
    try:
        assert execute(start(copy).url, "SELECT answer FROM kept") == [(42,)]
    finally:
        embedded.stop(copy)


def test_only_arengo_can_sign_in(used: Path) -> None:
    cluster = start(used)
    with pytest.raises(psycopg.OperationalError, match="pg_hba"):
        psycopg.connect(cluster.url.replace("arengo@", "postgres@"))


def test_what_a_statement_says_never_reaches_the_log(used: Path) -> None:
    cluster = start(used)
    execute(
        cluster.url, "CREATE TABLE people (phone text PRIMARY KEY); INSERT INTO people VALUES ('+39055123')"
    )
    with pytest.raises(psycopg.errors.UniqueViolation):
        execute(cluster.url, "INSERT INTO people VALUES ('+39055123')")
    embedded.stop(used)
    logs = "".join(path.read_text() for path in Layout(used).logs.iterdir())
    assert "database system is shut down" in logs
    assert "+39055123" not in logs


def test_a_backup_brings_back_what_was_there_and_nothing_else(used: Path, tmp_path: Path) -> None:
    cluster = start(used)
    execute(cluster.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    embedded.dump(used, tmp_path / "backup")
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600
    execute(cluster.url, "UPDATE kept SET answer = 7; CREATE TABLE newer ()")
    embedded.restore(cluster.url, tmp_path / "backup")
    assert execute(cluster.url, "SELECT answer, to_regclass('newer') FROM kept") == [(42, None)]


def test_a_backup_signs_nobody_in(used: Path, tmp_path: Path) -> None:
    """Sessions stay out of it: their keys are what a browser shows to be let in."""
    cluster = start(used)
    execute(cluster.url, "CREATE TABLE django_session AS SELECT 'k3y0f4s3ss10n' AS session_key")
    embedded.dump(used, tmp_path / "backup")
    embedded.restore(cluster.url, tmp_path / "backup")
    assert execute(cluster.url, "SELECT count(*) FROM django_session") == [(0,)]


def test_a_damaged_backup_changes_nothing(used: Path, tmp_path: Path) -> None:
    cluster = start(used)
    execute(cluster.url, "CREATE TABLE kept AS SELECT generate_series(1, 20000) AS answer")
    backup = tmp_path / "backup"
    embedded.dump(used, backup)
    backup.write_bytes(backup.read_bytes()[:-2000])
    with pytest.raises(ArchiveFailed):
        embedded.restore(used, backup)
    assert execute(cluster.url, "SELECT count(*) FROM kept") == [(20000,)]


def test_a_file_that_is_no_backup_is_refused(used: Path, tmp_path: Path) -> None:
    start(used)
    (tmp_path / "letter").write_text("Gentile Comune")
    with pytest.raises(ArchiveFailed, match="is not a backup"):
        embedded.restore(used, tmp_path / "letter")


def test_a_file_in_place_of_the_folder_is_a_clear_error(data: Path) -> None:
    data.write_text("not a folder")
    with pytest.raises(FolderUnusable, match=str(data)):
        start(data)


def test_data_of_another_major_version_are_refused(used: Path) -> None:
    start(used)
    embedded.stop(used)
    (Layout(used).cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(OtherVersion, match="17"):
        start(used)


def test_a_server_for_tests_ends_with_them_however_they_end(data: Path) -> None:
    program = "import os, sys, pathlib; from arengo.core import embedded; "
    program += "embedded.start(pathlib.Path(sys.argv[1]), for_tests=True); os.kill(os.getpid(), 9)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", program, str(data)], env=environment, check=False)
    until(lambda: not embedded.is_running(data), "it still runs")


def test_an_interrupted_first_start_is_begun_again(data: Path) -> None:
    leftover = Layout(data).home / "cluster.new"
    leftover.mkdir(parents=True)
    (leftover / "half").write_text("")
    assert execute(start(data).url, "SELECT 1") == [(1,)]


def test_a_server_that_cannot_start_says_why(data: Path) -> None:
    with pytest.raises(StartFailed, match="shared_buffers"):
        embedded.start(data, settings={"shared_buffers": "nonsense"}, for_tests=True)
    assert not embedded.is_running(data)
