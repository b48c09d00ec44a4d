# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The database of a data folder ends with whoever used it last, however slow the disk."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from pathlib import Path

import psutil
import psycopg
import pytest

from arengo.cli import folder
from arengo.core.embedded_cluster import Layout
from tests.support.waiting import until

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True)
def no_other_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")


def halt_the_disk(data: Path) -> int:
    """Whoever writes the last checkpoint stands still: the server cannot end before that process goes on."""
    server = int(Layout(data).pid_file.read_text().split()[0])

    def named() -> list[int]:  # each process names itself, a moment after it began
        found = []
        for child in psutil.Process(server).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # a session that has just ended
                if "checkpointer" in " ".join(child.cmdline()):
                    found.append(child.pid)
        return found

    (writer,) = until(named, "the process that writes checkpoints")
    os.kill(writer, signal.SIGSTOP)
    return writer


def test_a_command_waits_for_a_database_that_is_slow_to_stop(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with folder.database(tmp_path):
        on = threading.Timer(folder.IN_HASTE + 1, os.kill, (halt_the_disk(tmp_path), signal.SIGCONT))
        on.start()
    log = "".join(file.read_text() for file in Layout(tmp_path).logs.iterdir())
    assert "database system is shut down" in log
    assert capfd.readouterr().err == ""


def test_who_cannot_wait_says_so_and_the_next_start_finds_the_data(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with folder.database(tmp_path, stop_within=0.5):
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        writer = halt_the_disk(tmp_path)
    os.kill(writer, signal.SIGCONT)
    assert "lenta a fermarsi" in capfd.readouterr().err
    with folder.database(tmp_path), psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchall() == [(42,)]
