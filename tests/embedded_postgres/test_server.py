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

import embedded_postgres
from embedded_postgres import (
    ArchiveFailed,
    Cluster,
    FolderUnusable,
    MissingBackup,
    NoBackup,
    OtherVersion,
    SetprivMissing,
    StartFailed,
    dump,
    is_running,
    restore,
    stop,
)
from embedded_postgres.account import NO_CAPABILITY
from embedded_postgres.cluster import Layout
from tests.support.waiting import NEVER, until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder below a directory that only we may enter; the server in it is stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="arengo-test-") as parent:
        folder = Path(parent) / "data"
        yield folder
        with suppress(FolderUnusable):
            stop(folder)


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """A finished cluster to copy, so that not every test makes one."""
    with tempfile.TemporaryDirectory(prefix="arengo-test-") as parent:
        folder = Path(parent) / "data"
        start(folder)
        stop(folder)
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


def start(data: Path, **settings: str) -> Cluster:
    return embedded_postgres.start(data, name="town", settings=settings, for_tests=True)


def kill(cluster: Cluster) -> None:
    os.kill(cluster.pid, signal.SIGKILL)
    until(lambda: not is_running(cluster.data), "it still runs")


def test_a_new_folder_becomes_a_database_that_knows_every_letter(data: Path) -> None:
    cluster = start(data)
    assert is_running(data)
    assert execute(cluster.url, "SELECT lower('CITTÀ È'), current_user, current_database()") == [
        ("città è", "town", "town")
    ]
    assert execute(cluster.url, "SHOW data_checksums") == [("on",)]
    assert execute(cluster.url, "SHOW listen_addresses") == [("",)]


def test_stopping_leaves_no_process_and_the_next_start_finds_the_data(used: Path) -> None:
    execute(start(used).url, "CREATE TABLE kept AS SELECT 42 AS answer")
    stop(used)  # raises InUse when not all has ended in its own time
    assert not is_running(used)
    assert execute(start(used).url, "SELECT answer FROM kept") == [(42,)]


def test_a_second_start_finds_the_running_server(used: Path) -> None:
    assert start(used) == start(used)


def test_two_starts_at_once_share_one_server(data: Path) -> None:
    program = "import sys, pathlib; import embedded_postgres; "
    program += "print(embedded_postgres.start(pathlib.Path(sys.argv[1]), name='town').pid)"
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
    stop(used)
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        layout = Layout(used)
        layout.pid_file.write_text(f"{stranger.pid}\n{layout.cluster}\n0\n5432\n/nowhere\n\n1 1\nready\n")
        (cluster.socket_dir / ".s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n{layout.cluster}\n")
        assert not is_running(used)
        assert execute(start(used).url, "SELECT 1") == [(1,)]
        stop(used)
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
        stop(long)
    assert not cluster.socket_dir.exists()


def test_no_permission_outside_the_data_folder_is_changed(data: Path) -> None:
    def permissions() -> list[tuple[int, int]]:
        return [(path.stat().st_mode, path.stat().st_uid) for path in data.parents]

    data.parent.chmod(0o700)
    before = permissions()
    start(data)
    stop(data)
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
def test_setpriv_is_found_where_path_names_no_folder_of_the_system(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(used))
    assert execute(start(used).url, "SELECT 1") == [(1,)]


@as_root
def test_root_without_setpriv_is_told_so(used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name, path=None: None)
    with pytest.raises(SetprivMissing, match="util-linux"):
        start(used)


@as_root
def test_a_data_folder_copied_by_root_is_handed_to_the_account_again(used: Path) -> None:
    execute(start(used).url, "CREATE TABLE kept AS SELECT 42 AS answer")
    stop(used)
    copy = used.with_name("copy")
    shutil.copytree(used, copy, ignore=shutil.ignore_patterns(".s.PGSQL*"))
    try:
        assert execute(start(copy).url, "SELECT answer FROM kept") == [(42,)]
    finally:
        stop(copy)


def test_only_its_own_role_can_sign_in(used: Path) -> None:
    cluster = start(used)
    with pytest.raises(psycopg.OperationalError, match="pg_hba"):
        psycopg.connect(cluster.url.replace("town@", "postgres@"))


def test_what_a_statement_says_never_reaches_the_log(used: Path) -> None:
    cluster = start(used)
    execute(
        cluster.url, "CREATE TABLE people (phone text PRIMARY KEY); INSERT INTO people VALUES ('+39055123')"
    )
    with pytest.raises(psycopg.errors.UniqueViolation):
        execute(cluster.url, "INSERT INTO people VALUES ('+39055123')")
    stop(used)
    logs = "".join(path.read_text() for path in Layout(used).logs.iterdir())
    assert "database system is shut down" in logs
    assert "+39055123" not in logs


def test_a_backup_brings_back_what_was_there_and_nothing_else(used: Path, tmp_path: Path) -> None:
    cluster = start(used)
    execute(cluster.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    dump(cluster.url, tmp_path / "backup")
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600
    execute(cluster.url, "UPDATE kept SET answer = 7; CREATE TABLE newer ()")
    restore(cluster.url, tmp_path / "backup")
    assert execute(cluster.url, "SELECT answer, to_regclass('newer') FROM kept") == [(42, None)]


def test_rows_that_are_left_out_stay_out_and_statements_at_the_end_belong_to_it(
    used: Path, tmp_path: Path
) -> None:
    cluster = start(used)
    execute(cluster.url, "CREATE TABLE keys AS SELECT 1 AS key; CREATE TABLE kept AS SELECT 42 AS answer")
    dump(cluster.url, tmp_path / "backup", without_rows_of=["*.keys"])
    restore(cluster.url, tmp_path / "backup", at_the_end="UPDATE public.kept SET answer = 43;")
    assert execute(cluster.url, "SELECT (SELECT count(*) FROM keys), answer FROM kept") == [(0, 43)]


def test_a_statement_at_the_end_that_fails_changes_nothing(used: Path, tmp_path: Path) -> None:
    cluster = start(used)
    dump(cluster.url, tmp_path / "backup")
    execute(cluster.url, "CREATE TABLE newer ()")
    with pytest.raises(ArchiveFailed):
        restore(cluster.url, tmp_path / "backup", at_the_end="SELECT nonsense;")
    assert execute(cluster.url, "SELECT to_regclass('newer')") == [("newer",)]


def test_a_damaged_backup_changes_nothing(used: Path, tmp_path: Path) -> None:
    cluster = start(used)
    execute(cluster.url, "CREATE TABLE kept AS SELECT generate_series(1, 20000) AS answer")
    backup = tmp_path / "backup"
    dump(cluster.url, backup)
    backup.write_bytes(backup.read_bytes()[:-2000])
    with pytest.raises(ArchiveFailed):
        restore(cluster.url, backup)
    assert execute(cluster.url, "SELECT count(*) FROM kept") == [(20000,)]


def test_a_file_that_is_no_backup_is_refused(used: Path, tmp_path: Path) -> None:
    cluster = start(used)
    (tmp_path / "letter").write_text("Gentile Comune")
    with pytest.raises(NoBackup, match="is not a backup"):
        restore(cluster.url, tmp_path / "letter")
    with pytest.raises(MissingBackup):
        restore(cluster.url, tmp_path / "nothing")


def test_a_file_in_place_of_the_folder_is_a_clear_error(data: Path) -> None:
    data.write_text("not a folder")
    with pytest.raises(FolderUnusable, match=str(data)):
        start(data)


def test_data_of_another_major_version_are_refused(used: Path) -> None:
    start(used)
    stop(used)
    (Layout(used).cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(OtherVersion, match="17"):
        start(used)


def test_a_server_for_tests_ends_with_them_however_they_end(data: Path) -> None:
    program = "import os, sys, pathlib; import embedded_postgres; "
    program += "embedded_postgres.start(pathlib.Path(sys.argv[1]), name='town', for_tests=True); "
    program += "os.kill(os.getpid(), 9)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", program, str(data)], env=environment, check=False)
    until(lambda: not is_running(data), "it still runs")


def test_an_interrupted_first_start_is_begun_again(data: Path) -> None:
    leftover = Layout(data).home / "cluster.new"
    leftover.mkdir(parents=True)
    (leftover / "half").write_text("")
    assert execute(start(data).url, "SELECT 1") == [(1,)]


def test_a_server_that_cannot_start_says_why(data: Path) -> None:
    with pytest.raises(StartFailed, match="shared_buffers"):
        start(data, shared_buffers="nonsense")
    assert not is_running(data)


@pytest.mark.parametrize("name", ["", "Town", "my town", "1town", "town; DROP", "a" * 40])
def test_a_name_that_is_none_for_a_role_is_refused_before_anything_is_made(data: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        embedded_postgres.start(data, name=name)
    assert not data.exists()
