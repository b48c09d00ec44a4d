# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Starts processes, keeps them running, and ends every one of them.

Each process leads a session of its own, so that a Ctrl-C reaches only the supervisor, which then ends them in
order. The kernel sends each of them a SIGTERM if the supervisor itself is killed.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from embedded_postgres.account import setpriv_program

from .output import Log
from .words import Refused, _

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STOP_WITHIN = 5.0  # seconds before a process that was asked to end is killed
_DEATHS, _PERIOD = 5, 60.0  # so many deaths within so many seconds, and we give up
_SLOWEST = 8.0


class Stopped(Exception):
    """A signal asked us to end while we were busy starting."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. `name` is also the name of its log."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Running:
    program: Program
    log: Log
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)
    again_at: float = 0.0
    once: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A program at work that ends by itself."""

    running: _Running

    def exit_code(self) -> int | None:
        """None while it works."""
        return self.running.process.poll() if self.running.process else None


class Supervisor:
    """`logs` is the folder for output, `say` shows a line."""

    def __init__(self, logs: Path, say: Callable[[str], None]) -> None:
        logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._logs, self._say = logs, say
        self._running: list[_Running] = []
        self._stopping = False
        self._wake, self._waker = os.pipe()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Inside, the signals that end a program end it in order. Leaving ends every process."""
        os.set_blocking(self._waker, False)
        before = {number: signal.signal(number, self._asked) for number in _SIGNALS}
        waker = signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        try:
            yield
        finally:
            self.stop()
            signal.set_wakeup_fd(waker)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(self._wake)
            os.close(self._waker)

    def start(self, program: Program) -> None:
        """Start a program that is to run until the end."""
        running = _Running(program, Log(self._logs / f"{program.name}.log", program.name, self._say))
        self._running.append(running)
        self._launch(running)

    def step(self, program: Program) -> None:
        """Run a program to its end. Refused if it fails, Stopped if we are to end."""
        self.finish(self.begin(program))

    def begin(self, program: Program) -> Step:
        """Start a program that is to end by itself."""
        running = _Running(
            program, Log(self._logs / f"{program.name}.log", program.name, self._say), once=True
        )
        self._running.append(running)
        self._launch(running)
        return Step(running)

    def finish(self, step: Step) -> None:
        """Wait for its end, as `step` does."""
        while (code := step.exit_code()) is None:
            self.watch(startup=True)
            self.pause(0.05)
        self._running.remove(step.running)
        if code != 0:
            log = step.running.log
            words = {"name": step.running.program.name, "words": log.last_words(), "log": log.path}
            raise Refused(_("«%(name)s» non è riuscito: %(words)s (registro: %(log)s)") % words)

    def wait_until(self, ready: Callable[[], bool], within: float, what: str) -> None:
        """Watch the programs until `ready`; Refused when it takes longer than `within` seconds."""
        deadline = time.monotonic() + within
        while not ready():
            self.watch(startup=True)
            if time.monotonic() > deadline:
                raise Refused(
                    _("%(what)s non è pronto dopo %(seconds)d secondi: si vedano i registri in %(logs)s")
                    % {"what": what, "seconds": within, "logs": self._logs}
                )
            self.pause(0.05)

    def run(self, also: Callable[[], None] = lambda: None) -> NoReturn:
        """Keep the programs running, and call `also` twice a second; Stopped when we are asked to end."""
        while True:
            self.watch()
            also()
            self.pause(0.5)

    def pause(self, seconds: float) -> None:
        """Wait, but raise Stopped at once when we are to end."""
        if not self._stopping:
            readable, _w, _x = select.select([self._wake], [], [], seconds)
            if readable:
                os.read(self._wake, 512)
        if self._stopping:
            raise Stopped

    def watch(self, *, startup: bool = False) -> None:
        """Start again what died, a little later each time; Refused when it keeps dying."""
        now = time.monotonic()
        for running in self._running:
            if running.once:
                continue
            running.log.follow()
            if running.process is None:
                if now >= running.again_at:
                    self._launch(running)
            elif running.process.poll() is not None:
                self._end_group(running, signal.SIGKILL)
                running.process = None
                most = 2 if startup else _DEATHS
                running.log.follow()
                running.deaths = [at for at in running.deaths if now - at < _PERIOD] + [now]
                words = {
                    "name": running.program.name,
                    "words": running.log.last_words(),
                    "log": running.log.path,
                }
                if len(running.deaths) >= most:
                    raise Refused(_("«%(name)s» continua a fermarsi: %(words)s (registro: %(log)s)") % words)
                wait = min(0.5 * 2 ** (len(running.deaths) - 1), _SLOWEST)
                running.again_at = now + wait
                self._say(_("«%(name)s» si è fermato e riparte (registro: %(log)s)") % words)

    def stop(self) -> None:
        """Ask all to end, kill what does not, and return when nothing is left."""
        self._stopping = True
        deadline = time.monotonic() + _STOP_WITHIN
        for running in self._running:
            self._end_group(running, signal.SIGTERM)
        for running in self._running:
            process = running.process
            if process is None:
                continue
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            self._end_group(running, signal.SIGKILL)  # its own children too, if it left any
            process.wait()
        self._running.clear()

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _launch(self, running: _Running) -> None:
        environment = {**os.environ, **running.program.environment, "PYTHONUNBUFFERED": "1"}
        with running.log.path.open("ab") as output:
            running.process = subprocess.Popen(
                [*ending_with(os.getpid()), *running.program.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )

    @staticmethod
    def _end_group(running: _Running, number: signal.Signals) -> None:
        if running.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(running.process.pid, number)


def ending_with(parent: int, signal_name: str = "TERM") -> list[str]:
    """Words to put before a command: the kernel sends it the signal when the process ``parent``, which starts it, dies.

    setpriv(1) of util-linux (Linux) asks the kernel for it; sh then ends at once if the parent died before that. Each takes
    the place of the one before, so that the process keeps its id. None where there is no setpriv (macOS).
    """
    setpriv = setpriv_program()
    if setpriv is None:
        return []
    return [
        setpriv,
        "--pdeathsig",
        signal_name,
        "/bin/sh",
        "-c",
        '[ "$PPID" = "$0" ] && exec "$@"',
        str(parent),
    ]
