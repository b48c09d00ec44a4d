# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The supervisor keeps processes running and leaves none behind. Small stand-ins play the processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from arengo.cli.output import Log
from arengo.cli.supervisor import Program, Stopped, Supervisor
from arengo.cli.words import Refused
from tests.support.waiting import NEVER, until


@pytest.fixture
def shown() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, shown: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path, shown.append)
    with supervisor.listening():
        yield supervisor


def python(name: str, code: str) -> Program:
    return Program(name, [sys.executable, "-c", code])


def wait_for(path: Path) -> str:
    return until(lambda: path.read_text() if path.exists() else "", f"{path.name} never came")


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_process_that_dies_is_started_again(
    supervisor: Supervisor, tmp_path: Path, shown: list[str]
) -> None:
    lives = tmp_path / "lives"
    code = f"open({str(lives)!r}, 'a').write('x'); import os, time\nif os.path.getsize({str(lives)!r}) > 1: time.sleep(600)"
    supervisor.start(python("mortal", code))
    supervisor.wait_until(lambda: lives.exists() and lives.read_text() == "xx", NEVER, "the second life")
    assert len(shown) == 1
    assert "mortal" in shown[0]


def test_a_process_that_keeps_dying_is_named_with_its_last_words_and_log(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    supervisor.start(python("hopeless", "raise SystemExit('the cellar is flooded')"))
    with pytest.raises(Refused, match=r"«hopeless».*the cellar is flooded.*hopeless\.log"):
        supervisor.wait_until(lambda: False, NEVER, "nothing")


def test_stopping_ends_grandchildren_and_those_who_do_not_listen(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arengo.cli.supervisor._STOP_WITHIN", 0.5)
    pids = tmp_path / "pids"
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    grandchild = f"{deaf} time.sleep(600)"
    code = (
        f"{deaf} import os, subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {grandchild!r}]); "
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}'); time.sleep(600)"
    )
    supervisor.start(python("deaf", code))
    family = [int(pid) for pid in wait_for(pids).split()]
    supervisor.stop()
    assert len(family) == 2
    until(lambda: all(gone(pid) for pid in family), "somebody is left")


def test_a_signal_interrupts_the_wait_at_once(supervisor: Supervisor) -> None:
    timer = threading.Timer(0.2, os.kill, [os.getpid(), signal.SIGTERM])
    timer.start()
    before = time.monotonic()
    with pytest.raises(Stopped):
        supervisor.wait_until(lambda: False, NEVER, "nothing")
    assert time.monotonic() - before < NEVER / 2


def test_a_step_that_fails_says_why(supervisor: Supervisor) -> None:
    with pytest.raises(Refused, match="no more ink"):
        supervisor.step(python("printing", "raise SystemExit('no more ink')"))


def test_processes_end_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    child = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    code = (
        "import pathlib, sys; from arengo.cli.supervisor import Program, Supervisor\n"
        f"supervisor = Supervisor(pathlib.Path({str(tmp_path)!r}), print)\n"
        f"supervisor.start(Program('child', [sys.executable, '-c', {child!r}]))\n"
        "supervisor.run()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment) as parent:
        pid = int(wait_for(pid_file))
        parent.kill()
    until(lambda: gone(pid), "the child is left")


def test_make_that_got_the_interrupt_alone_is_noticed(tmp_path: Path) -> None:
    noticed = tmp_path / "noticed"
    (tmp_path / "wait.py").write_text(
        "import pathlib, time; from arengo.cli.parent import Parent; parent = Parent()\n"
        f"started = pathlib.Path({str(tmp_path / 'started')!r}); started.write_text('yes')\n"
        "for _ in range(3000):\n"
        f"    if parent.wants_us_to_end(): pathlib.Path({str(noticed)!r}).write_text('yes'); break\n"
        "    time.sleep(0.02)\n"
    )
    (tmp_path / "Makefile").write_text(f"all:\n\t@exec {sys.executable} wait.py\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(["make", "-C", str(tmp_path)], env=environment, stderr=subprocess.DEVNULL) as make:
        wait_for(tmp_path / "started")
        assert not noticed.exists()
        make.send_signal(signal.SIGINT)
        assert wait_for(noticed) == "yes"


def test_a_log_stays_small_and_important_lines_are_shown(
    tmp_path: Path, shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arengo.cli.output._MOST_BYTES", 1000)
    log = Log(tmp_path / "web.log", "web", shown.append)
    with log.path.open("a") as file:
        file.write("10:00 INFO all is well\n10:01 ERROR the bell is cracked\n" + "x" * 1000 + "\n")
    log.follow()
    assert shown == ["web: 10:01 ERROR the bell is cracked"]
    assert log.path.stat().st_size == 0
    assert "all is well" in (tmp_path / "web.log.1").read_text()


def test_a_flood_of_errors_does_not_flood_the_screen(tmp_path: Path, shown: list[str]) -> None:
    log = Log(tmp_path / "web.log", "web", shown.append)
    log.path.write_text("ERROR again\n" * 100)
    log.follow()
    assert len(shown) == 6
    assert str(log.path) in shown[-1]
