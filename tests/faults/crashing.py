# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A dispatcher that can be stopped at any await, as SIGKILL would stop it: nothing is cleaned up, its sessions are cut."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

import psycopg
from django.db import connection

from arengo.core.database import connect
from arengo.delivery.queue.ownership import stop_if_refused
from arengo.delivery.sending.dispatcher import Dispatcher, OwnedSender
from tests.support.waiting import NEVER

_serial = itertools.count(1)
# What was stopped in the middle is kept: thrown away, Python would run the very clean-up that a kill leaves out.
_dead: list[Any] = []
_IDLE = 3  # looks in a row that find nothing to do
_LOOK = 0.008  # seconds
_LONGEST = 2.0  # seconds of one run


class Mortal:
    """One process's dispatcher on an event loop of its own, which runs only when told to."""

    def __init__(self, sender: OwnedSender, platform: Any, holds: Callable[[Mortal], bool]) -> None:
        self.name = f"mortal {next(_serial)}"
        self.epoch = sender.epoch
        self.ended = False
        self._steps = 0
        self._last_step = 0
        self._freeze_at = 0
        self._watch: asyncio.TimerHandle | None = None
        self._connections: list[psycopg.AsyncConnection[Any]] = []
        self._tasks: list[asyncio.Task[Any]] = []
        self._loop = asyncio.new_event_loop()
        self._loop.set_task_factory(self._task)
        self.dispatcher = Dispatcher(sender, None, lambda: holds(self))  # type: ignore[arg-type]  # the platform needs none
        self.dispatcher._platform = platform
        self._main = self._loop.create_task(self._serve())
        owners[self._loop] = self

    async def _serve(self) -> None:
        await self.dispatcher.run()
        await stop_if_refused(self.dispatcher)

    # --- running ---

    def run(self) -> None:
        """Until it has nothing to do, or the platform stopped it."""
        self._last_step = 0
        self._go()

    def run_and_freeze(self, steps: int) -> None:
        """About so many awaits from now it sleeps, with all that it has under way, until it is run again."""
        self._freeze_at = self._steps + steps
        self._last_step = 0
        self._go()
        self._freeze_at = 0

    def run_and_die(self, steps: int) -> bool:
        """At the so-many-th await from now; False when it had nothing to do before that. Dead it is in any case."""
        if self.ended:
            return False
        self._last_step = self._steps + steps
        self._go()
        reached = self._steps >= self._last_step
        self._die()
        return reached

    def end(self) -> None:
        """Ends in order, as SIGTERM would end it."""
        if self.ended:
            return
        self._last_step = 0
        self._stop_looking()
        self._main.cancel()
        self._loop.run_until_complete(asyncio.wait([self._main], timeout=NEVER))
        assert self._main.done(), "the dispatcher does not end"
        self._close()

    def _go(self) -> None:
        self.dispatcher.wake()
        self._watch = self._loop.call_later(_LOOK, self._look, 0, time.monotonic() + _LONGEST)
        self._loop.run_forever()
        self._stop_looking()
        if self._main.done():
            self._close()

    def _look(self, idle: int, deadline: float) -> None:
        working = self.dispatcher
        busy = working.claimed or working.in_flight or working.results.pending or working._look.is_set()
        idle = 0 if busy else idle + 1
        if idle >= _IDLE or self._main.done() or time.monotonic() > deadline:
            self._loop.stop()
        else:
            self._watch = self._loop.call_later(_LOOK, self._look, idle, deadline)

    def _stop_looking(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _close(self) -> None:
        if not self.ended:
            self.ended = True
            self._cut()
            self._loop.close()
            if not self._main.cancelled() and (error := self._main.exception()):
                raise error  # whoever owns a number would start anew; here nothing should break at all

    # --- dying ---

    def _die(self) -> None:
        if not self.ended:
            self.ended = True
            for task in self._tasks:
                task._log_destroy_pending = False  # type: ignore[attr-defined]  # it stays pending for ever, on purpose
            _dead.append((self._loop, self._tasks))
            self._cut()

    def _cut(self) -> None:
        """The sessions of a process that is gone, and their transactions with them."""
        for session in self._connections:
            session.pgconn.finish()
        cut_sessions(self.name)

    def _task(self, loop: asyncio.AbstractEventLoop, work: Any, **more: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(self._stepwise(work), loop=loop, **more)
        self._tasks = [known for known in self._tasks if not known.done()]
        self._tasks.append(task)
        return task

    async def _stepwise(self, work: Coroutine[Any, Any, Any]) -> Any:
        return await _Steps(work, self._step)

    def _step(self) -> Awaitable[None] | None:
        """Counted before each step of each task. From the last on nobody takes another."""
        self._steps += 1
        if self._freeze_at and self._steps >= self._freeze_at:
            self._loop.stop()
        if self._last_step and self._steps >= self._last_step:
            self._loop.stop()
            return self._loop.create_future()
        return None


class _Steps:
    """Drives a coroutine from await to await, asking before each step whether it may."""

    def __init__(self, work: Coroutine[Any, Any, Any], step: Callable[[], Awaitable[None] | None]) -> None:
        self._work, self._step = work, step

    def __await__(self) -> Generator[Any, Any, Any]:
        error: BaseException | None = None
        while True:
            stopped = self._step()
            if stopped is not None:
                while True:  # whatever is said to it, it is dead
                    with contextlib.suppress(BaseException):  # a cancellation reaches nobody any more
                        yield from stopped.__await__()
            try:
                wanted = self._work.send(None) if error is None else self._work.throw(error)
            except StopIteration as done:
                return done.value
            error = None
            try:
                yield wanted
            except BaseException as thrown:  # noqa: BLE001  # handed on to whom it is for
                error = thrown


def cut_sessions(name: str) -> None:
    """None of these names is left when it returns."""
    deadline = time.monotonic() + NEVER
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE %s",
                [f"%{name}"],
            )
            if cursor.fetchone()[0] == 0:
                return
            assert time.monotonic() < deadline, "sessions of a dead process live on"
            time.sleep(0.002)


owners: dict[asyncio.AbstractEventLoop, Mortal] = {}


async def recorded_connect(*, name: str = "arengo", **more: Any) -> psycopg.AsyncConnection[Any]:
    """In place of ``connect``: known to the mortal whose loop it is made on."""
    mortal = owners.get(asyncio.get_running_loop())
    if mortal is None:
        return await connect(name=name, **more)
    session = await connect(name=f"{name} {mortal.name}", **more)
    mortal._connections.append(session)
    return session
