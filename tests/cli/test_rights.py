# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The data folder is its account's alone, whatever it was before; production does not run as root."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from arengo.cli import folder
from arengo.cli.main import arengo as command_line
from arengo.cli.words import Refused
from arengo.config import process
from tests.cli.commands import arengo, environment, not_root, production as in_production
from tests.support.waiting import NEVER


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder as an earlier installation, or a careless `mkdir`, left it."""
    data = tmp_path / "data"
    for name in ("media", "logs", "sandbox"):
        (data / name).mkdir(parents=True)
        (data / name).chmod(0o775)
    (data / "keys.env").write_text("ARENGO_VAULT_KEYS=k1:x\n")
    (data / "keys.env").chmod(0o644)
    data.chmod(0o777)
    return data


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a town that has an account for Arengo: here tests may be root."""
    monkeypatch.setenv("ARENGO_ENV", "production")
    monkeypatch.setattr(process, "is_root_in_production", lambda: False)


@pytest.fixture
def opened(data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    monkeypatch.setenv("ARENGO_DATA", str(data))
    return folder.open_folder


@pytest.mark.parametrize("before", [0o777, 0o755, 0o750, 0o701, 0o770, 0o2775])
def test_a_folder_that_was_open_is_closed(opened: Callable[[], Path], data: Path, before: int) -> None:
    data.chmod(before)
    assert mode(opened()) & 0o777 == 0o700
    for name in ("media", "logs", "sandbox"):
        assert mode(data / name) == 0o700
    assert mode(data / "keys.env") == 0o600


def test_a_new_folder_is_closed_whatever_the_umask(opened: Callable[[], Path], data: Path) -> None:
    for entry in data.iterdir():
        entry.rmdir() if entry.is_dir() else entry.unlink()
    data.rmdir()
    before = os.umask(0)
    try:
        assert mode(opened()) == 0o700
    finally:
        os.umask(before)


def test_a_folder_behind_a_link_is_closed_where_it_lies(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(data)
    monkeypatch.setenv("ARENGO_DATA", str(tmp_path / "link"))
    folder.open_folder()
    assert mode(data) == 0o700
    assert (tmp_path / "link").is_symlink()


def test_what_lies_elsewhere_is_not_changed_and_stops_production(
    opened: Callable[[], Path],
    data: Path,
    tmp_path: Path,
    production: None,
) -> None:
    (data / "media").rmdir()
    elsewhere = tmp_path / "volume"
    elsewhere.mkdir()
    elsewhere.chmod(0o755)
    (data / "media").symlink_to(elsewhere)
    with pytest.raises(Refused, match=str(elsewhere)):
        opened()
    assert mode(elsewhere) == 0o755
    elsewhere.chmod(0o700)
    opened()


def test_a_link_that_leads_nowhere_is_no_trouble(opened: Callable[[], Path], data: Path) -> None:
    (data / "old").symlink_to(data / "gone")
    opened()
    assert mode(data) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_stops_production_and_is_left_as_it_is(
    opened: Callable[[], Path], data: Path, production: None
) -> None:
    os.chown(data, 12345, 12345)
    with pytest.raises(Refused, match="12345"):
        opened()
    assert mode(data) == 0o777
    assert mode(data / "keys.env") == 0o644


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_told_of_elsewhere(
    opened: Callable[[], Path], data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    os.chown(data, 12345, 12345)
    opened()
    assert "12345" in capfd.readouterr().err
    assert mode(data) == 0o777


def test_a_file_system_that_keeps_its_own_rights_stops_production(
    opened: Callable[[], Path], data: Path, production: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a mounted Windows share does: it accepts the change and does nothing."""
    monkeypatch.setattr(Path, "chmod", lambda path, mode, **how: None)
    with pytest.raises(Refused, match="chmod go="):
        opened()


def test_a_file_system_that_refuses_stops_production_and_nothing_is_half_changed(
    opened: Callable[[], Path], data: Path, production: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, mode: int, **how: object) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "chmod", refuse)
        with pytest.raises(Refused):
            opened()
    assert mode(data) == 0o777
    assert mode(data / "keys.env") == 0o644


@pytest.mark.parametrize("sticky", [True, False])
def test_a_folder_full_of_other_things_is_not_closed_to_those_who_use_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, production: None, sticky: bool
) -> None:
    """ARENGO_DATA=/tmp, or somebody's home."""
    shared = tmp_path / "shared"
    (shared / ("logs" if sticky else "documents")).mkdir(parents=True)
    shared.chmod(0o1777 if sticky else 0o755)
    monkeypatch.setenv("ARENGO_DATA", str(shared))
    with pytest.raises(Refused, match="ARENGO_DATA"):
        folder.open_folder()
    assert mode(shared) == (0o1777 if sticky else 0o755)


@pytest.mark.processes
def test_any_command_closes_the_folder_and_what_it_makes_is_closed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o755)
    done = subprocess.run(
        ["sh", "-c", 'umask 0; exec "$@"', "sh", sys.executable, "-m", "arengo", "doctor"],
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=NEVER,
        check=False,
    )
    assert done.stderr == ""
    assert mode(data) == 0o700
    server_reads = {
        data / "postgres",
        *(data / "postgres").glob("*.conf"),
    }  # where Arengo is root; below 0700
    for path in data.rglob("*"):
        if path not in server_reads and not path.is_socket():
            assert mode(path) & 0o077 == 0, path


# --- root ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["up"],
        ["demo"],
        ["web"],
        ["worker"],
        ["sandbox"],
        ["migrate"],
        ["create-organization", "--name", "x", "--email", "x@x.test", "--administrator", "x"],
        ["backup", "file"],
        ["restore", "--yes", "file"],
        ["reseal"],
        ["status"],
        ["erase-person", "--yes", "x@x.test"],
        ["reset-access", "--organization", "x", "--email", "x@x.test"],
        ["sample"],
    ],
    ids=lambda words: words[0],
)
def test_no_command_runs_as_root_in_production(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in in_production().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ARENGO_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(Refused, match="User=arengo"):
        command_line.main(words, standalone_mode=False)
    assert not (tmp_path / "data").exists()


def test_the_list_above_is_whole() -> None:
    parametrize = next(mark for mark in test_no_command_runs_as_root_in_production.pytestmark)  # type: ignore[attr-defined]
    assert {words[0] for words in parametrize.args[1]} == set(command_line.commands) - {"doctor"}


@pytest.mark.parametrize("env", ["", "development"])
def test_root_may_try_it_out(env: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARENGO_ENV", env)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert not process.is_root_in_production()


def test_a_process_that_is_started_without_the_command_line_refuses_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ARENGO_ENV", "production")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    before = os.umask(0o022)
    try:
        with pytest.raises(SystemExit, match="root"):
            process.begin()
        assert os.umask(0o022) == 0o077
    finally:
        os.umask(before)


@pytest.mark.processes
@pytest.mark.skipif(os.geteuid() != 0, reason="tests are not root here")
@pytest.mark.parametrize(
    "module",
    ["from arengo.config.worker import main; main()", "import arengo.config.asgi"],
    ids=["worker", "web"],
)
def test_the_real_processes_end_before_they_begin(module: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", module],
        env=environment(tmp_path / "data", ARENGO_ENV="production"),
        capture_output=True,
        text=True,
        timeout=NEVER,
        check=False,
    )
    assert done.returncode == 1
    assert "root" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.processes
@pytest.mark.skipif(os.geteuid() != 0, reason="tests are not root here")
def test_the_doctor_says_it_and_prints_new_keys(tmp_path: Path) -> None:
    done = arengo(tmp_path / "data", "doctor", **in_production())
    assert done.returncode == 1
    assert done.stdout.startswith("NO")
    assert "root" in done.stdout
    assert arengo(tmp_path / "data", "doctor", "--new-vault-key", ARENGO_ENV="production").returncode == 0
    assert arengo(tmp_path / "data", "backup", "--help", ARENGO_ENV="production").returncode == 0


@pytest.mark.processes
@pytest.mark.skipif(os.geteuid() != 0, reason="tests are not root here")
def test_an_ordinary_account_is_asked_nothing(tmp_path: Path) -> None:
    tmp_path.joinpath("data").mkdir()
    done = arengo(
        tmp_path / "data",
        "doctor",
        through=not_root(tmp_path),
        **in_production(),
    )
    assert "come root" not in done.stdout
    assert mode(tmp_path / "data") == 0o700
