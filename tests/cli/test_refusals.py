# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What cannot work is refused in one line that says what to do, and leaves nothing running."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from arengo.cli.folder import alone, explain
from arengo.cli.words import Refused
from arengo.core import embedded, embedded_errors
from tests.cli.commands import ROOT, arengo, free_ports, not_root
from tests.support.waiting import NEVER


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one line; the exit code is not 0."""
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


@pytest.mark.parametrize("setting", ["ARENGO_PORT", "SANDBOX_PORT"])
def test_a_taken_port_names_the_setting_that_changes_it(tmp_path: Path, setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        done = arengo(tmp_path / "data", "demo", **{**free_ports(), setting: str(number)})
    line = refusal(done)
    assert str(number) in line
    assert f"{setting}=" in line
    assert not embedded.is_running(tmp_path / "data")


@pytest.mark.parametrize("value", ["http", "0", "70000"])
def test_a_port_must_be_a_port(tmp_path: Path, value: str) -> None:
    assert "ARENGO_PORT" in refusal(arengo(tmp_path, "demo", **{**free_ports(), "ARENGO_PORT": value}))


def test_the_two_ports_must_differ(tmp_path: Path) -> None:
    assert "SANDBOX_PORT" in refusal(arengo(tmp_path, "demo", ARENGO_PORT="8000", SANDBOX_PORT="8000"))


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    line = refusal(arengo(tmp_path / "data", "demo", **free_ports()))
    assert str(tmp_path / "data") in line
    assert "ARENGO_DATA" in line


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "ARENGO_DATA" in refusal(arengo(tmp_path / "data", "demo", **free_ports()))


def test_a_second_arengo_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with alone(tmp_path):
        line = refusal(arengo(tmp_path, "demo", **free_ports()))
    assert str(os.getpid()) in line


def test_a_folder_is_free_again_after_use(tmp_path: Path) -> None:
    for _attempt in range(2):
        with alone(tmp_path):
            pass


def test_words_are_english_on_request(tmp_path: Path) -> None:
    pytest.importorskip("babel")
    subprocess.run(
        [sys.executable, "tools/messages.py", "compile"], cwd=ROOT, check=True, capture_output=True
    )
    done = arengo(tmp_path, "demo", ARENGO_PORT="8000", SANDBOX_PORT="8000", ARENGO_LANGUAGE="en")
    assert "must be different" in refusal(done)


@pytest.mark.parametrize(
    "error",
    [
        embedded_errors.FolderUnusable(Path("/x"), "full"),
        embedded_errors.ProgramsMissing(),
        embedded_errors.OtherVersion(Path("/x"), "17", "18"),
        embedded_errors.NoAccount(Path("/x")),
        embedded_errors.NamelessAccount(4711),
        embedded_errors.InUse(Path("/x")),
        embedded_errors.StartFailed("no room", Path("/x/log")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_error_of_the_database_has_words_for_operators(error: embedded.EmbeddedError) -> None:
    assert explain(error) != str(error)


def test_unsafe_production_settings_stop_the_start(tmp_path: Path) -> None:
    settings = {"ARENGO_ENV": "production", "ARENGO_PUBLIC_URL": "http://comune.example.it"}
    line = refusal(arengo(tmp_path, "migrate", through=not_root(tmp_path), **settings))
    assert "ARENGO_VAULT_KEYS" in line
    assert "https://" in line
    assert not embedded.is_running(tmp_path)


def make(*words: str, path: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path, "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}
    return subprocess.run(
        ["make", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=2 * NEVER,
        check=False,
    )


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A PATH with make and a shell, and nothing that Arengo needs."""
    for name in ("make", "sh"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    return tmp_path


def test_without_node_make_says_so(bare: Path) -> None:
    (bare / "python3").symlink_to(Path(sys.executable).resolve())
    assert "Node.js 20" in refusal(make("demo", path=str(bare)))


def test_with_an_old_node_make_says_so(bare: Path) -> None:
    (bare / "python3").symlink_to(Path(sys.executable).resolve())
    for name in ("node", "npm"):
        (bare / name).write_text("#!/usr/bin/sh\necho v18.19.0\n")
        (bare / name).chmod(0o755)
    assert "v18.19.0" in refusal(make("demo", path=str(bare)))


def test_without_python_make_says_so(bare: Path) -> None:
    assert "Python 3.11" in refusal(make("demo", path=str(bare)))


def test_refusals_are_errors_of_the_command_line() -> None:
    assert Refused("no").exit_code == 1
