# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Arengo's own processes, each leading a group that can be killed whole, stopped and let go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from arengo.cli.supervisor import ending_with

_OURS = ("ARENGO_", "SANDBOX_", "DATABASE_URL", "DJANGO_")
_KEPT = ("ARENGO_SECRET_KEY", "ARENGO_VAULT_KEYS")
# Where the emulated platform is: this machine, and the wires of faults/network.py.
OUTSIDE = "127.0.0.0/8,198.18.0.0/15"
WORKER = [sys.executable, "-m", "arengo.config.worker"]
WEB = [sys.executable, "-m", "arengo", "web"]


def environment(database: str, data: Path, **settings: str) -> dict[str, str]:
    """Ours, with the database and the data folder of a sweep instead of whatever we run on."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(_OURS)}
    kept |= {name: os.environ[name] for name in _KEPT}
    named = {"DATABASE_URL": database, "ARENGO_DATA": str(data), "PYTHONUNBUFFERED": "1"}
    named["ARENGO_ALLOWED_ADDRESSES"] = OUTSIDE
    named["ARENGO_DEMO"] = "1"  # the administrator is a script, without a second factor
    return {**kept, **named, "DJANGO_SETTINGS_MODULE": "arengo.config.settings", **settings}


class Process:
    """A command at work; what it says goes into ``log``."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*ending_with(os.getpid(), "KILL"), *command],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL to it and to what it started, now."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def pause(self) -> None:
        os.killpg(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.killpg(self.pid, signal.SIGCONT)

    def end(self, within: float = 30.0) -> int:
        """SIGTERM; its exit code. Killed when that takes too long."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGTERM)
        try:
            return self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL

    def said(self, words: str) -> int:
        """How many lines of its log hold these words."""
        return sum(words in line for line in self.log.read_text(errors="replace").splitlines())


def wait_until(
    ready: Callable[[], bool], within: float, what: str | Callable[[], str], step: float = 0.02
) -> None:
    """TimeoutError, saying what never happened."""
    deadline = time.monotonic() + within
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {within:.0f} s: {what if isinstance(what, str) else what()}")
        time.sleep(step)
