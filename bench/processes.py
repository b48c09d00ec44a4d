# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The processes of a run: started, watched, and all ended, however the run ends."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_END_WITHIN = 15.0  # seconds of patience before SIGKILL


class Failed(Exception):
    """One line: what of the benchmark itself went wrong."""


class Process:
    """One program with its log file."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as output:
            self.popen = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self.popen.pid

    def check(self) -> None:
        """Failed if it is no longer there."""
        if self.popen.poll() is not None:
            words = self.log.read_text(errors="replace").strip().splitlines()[-3:]
            raise Failed(f"{self.name} ended with {self.popen.returncode}: {' | '.join(words)}")

    def peak_memory(self) -> float:
        """The most that it ever had in memory, in MB; of all its processes together."""
        return sum(_peak(pid) for pid in [self.pid, *_children(self.pid)])

    def processor_seconds(self) -> float:
        """Of itself and its children that live."""
        return sum(processor_seconds(pid) for pid in [self.pid, *_children(self.pid)])

    def wait(self, within: float) -> None:
        """Until it ends by itself, and well."""
        try:
            code = self.popen.wait(within)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} did not end within {within:.0f} s") from None
        if code:
            self.check()

    def kill(self) -> None:
        """At once, as a machine that fails; whatever it had in hand stays as it is."""
        os.killpg(self.pid, signal.SIGKILL)
        self.popen.wait()

    def end(self) -> None:
        if self.popen.poll() is None:
            self.popen.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(_END_WITHIN)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)  # its own group: also what it may have left behind
        self.popen.wait()


def processor_seconds(pid: int) -> float:
    """What a process has used so far; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        found = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return [*found, *(grandchild for child in found for grandchild in _children(child))]
    return []


class Processes:
    """All that a run started, ended in reverse order."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: list[Process] = []

    def start(self, name: str, command: list[str], environment: Mapping[str, str] | None = None) -> Process:
        process = Process(name, command, environment or {}, self._logs / f"{name}.log")
        self._running.append(process)
        return process

    def python(self, module: str, *words: str, **environment: str) -> Process:
        name = module.rpartition(".")[2]
        return self.start(name, [sys.executable, "-m", module, *words], environment)

    def end(self, *processes: Process) -> None:
        for process in processes:
            process.end()
            if process in self._running:
                self._running.remove(process)

    def end_all(self) -> None:
        for process in reversed(list(self._running)):
            self.end(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(done: Callable[[], Any], within: float, what: str, *alive: Process, step: float = 0.02) -> None:
    """Wait until ``done`` is true; Failed when it never is, or when one of ``alive`` ends."""
    deadline = time.monotonic() + within
    while not done():
        for process in alive:
            process.check()
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {within:.0f} s")
        time.sleep(step)


def answers(port: int, path: str = "/") -> bool:
    """Whether somebody answers HTTP there, whatever the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
