# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The embedded database ends, and does not come back at once: Arengo says so, tries on, and serves again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from arengo.cli import keeping
from arengo.cli.keeping import DatabaseKeeper
from arengo.cli.running import status
from arengo.core import embedded
from tests.cli.commands import environment, free_ports
from tests.support.ready import make_ready
from tests.support.waiting import NEVER, until


@pytest.mark.processes
def test_a_database_that_does_not_come_back_at_once_ends_nothing(tmp_path: Path) -> None:
    data, output, ports = make_ready(tmp_path / "data"), tmp_path / "output", free_ports()
    ready = f"http://127.0.0.1:{ports['ARENGO_PORT']}/readyz"
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "arengo", "up"],
            env=environment(data, **ports),
            stdout=file,
            stderr=subprocess.STDOUT,
        )

    def said(words: str) -> Callable[[], bool]:
        def look() -> bool:
            assert process.poll() is None, output.read_text()
            return words in output.read_text()

        return look

    control = data / "postgres" / "cluster" / "global" / "pg_control"
    try:
        until(said("Arengo è pronto"), output.read_text)
        server = embedded.start(data)
        control.rename(control.with_name("pg_control.away"))
        os.kill(server.pid, signal.SIGKILL)
        until(said("la banca dati si è fermata e riparte"), output.read_text)
        until(said("la banca dati non riparte: PostgreSQL non è partito"), output.read_text)
        assert status(ready) != 200
        control.with_name("pg_control.away").rename(control)
        until(said("la banca dati risponde di nuovo"), output.read_text)
        until(lambda: status(ready) == 200, output.read_text)
        assert "«web» si è fermato" not in output.read_text()
        assert "«worker» si è fermato" not in output.read_text()
    finally:
        process.terminate()
        process.wait(NEVER)
    assert process.returncode == 0
    assert not embedded.is_running(data)


class Server:
    """Stands for the embedded PostgreSQL: ``failures`` are what its next starts say."""

    def __init__(self, *failures: str) -> None:
        self.failures = list(failures)
        self.runs, self.starts = False, 0
        self.held = threading.Event()

    def is_running(self, _data: Path) -> bool:
        return self.runs

    def start(self, _data: Path, *, given_up: Callable[[], bool]) -> None:
        self.starts += 1
        failure = self.failures.pop(0) if self.failures else ""
        if failure == "slow":
            while not given_up():
                time.sleep(0.01)
        if failure:
            raise embedded.EmbeddedError(failure)
        self.runs = True


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The keeper's clock, in seconds."""
    clock = [0.0]
    monkeypatch.setattr(keeping.time, "monotonic", lambda: clock[0])
    return clock


def kept(monkeypatch: pytest.MonkeyPatch, server: Server, said: list[str]) -> DatabaseKeeper:
    monkeypatch.setattr(keeping, "is_embedded", lambda: True)
    monkeypatch.setattr(embedded, "is_running", server.is_running)
    monkeypatch.setattr(embedded, "start", server.start)
    return DatabaseKeeper(Path("data"), said.append)


def finish(keeper: DatabaseKeeper) -> None:
    """One try: begun, waited for, and looked at."""
    keeper()
    if keeper._try is not None:  # the thread that the supervisor would meet ended half a second later
        keeper._try.join()
        keeper()


def test_it_tries_for_ever_ever_more_seldom_and_says_a_reason_once(
    monkeypatch: pytest.MonkeyPatch, at: list[float]
) -> None:
    said: list[str] = []
    server = Server(*["the disk is full"] * 40)
    keeper = kept(monkeypatch, server, said)
    for _second in range(1200):
        at[0] += 1
        finish(keeper)
    assert 20 < server.starts < 40
    assert sum("the disk is full" in words for words in said) == 2  # at the beginning, and ten minutes later
    server.failures.clear()
    at[0] += 61
    finish(keeper)
    assert server.runs
    assert "risponde di nuovo" in said[-1]
    server.runs = False
    at[0] += 1
    finish(keeper)
    assert "risponde di nuovo" in said[-1]  # the next time it does not wait a minute


def test_a_start_that_takes_long_does_not_hold_up_the_end(
    monkeypatch: pytest.MonkeyPatch, at: list[float]
) -> None:
    keeper = kept(monkeypatch, Server("slow"), [])
    at[0] = 1
    keeper()
    keeper()
    keeper.close()


def test_an_error_that_nobody_foresaw_is_a_failed_start(
    monkeypatch: pytest.MonkeyPatch, at: list[float]
) -> None:
    said: list[str] = []
    keeper = kept(monkeypatch, Server(), said)

    def start(_data: Path, *, given_up: Callable[[], bool]) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(embedded, "start", start)
    at[0] = 1
    finish(keeper)
    assert "RuntimeError" in said[-1]
