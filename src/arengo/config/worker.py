# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker process: reads the journal, sends for the numbers it owns, runs jobs, says that it lives.

``python -m arengo.config.worker``; SIGTERM or SIGINT ends it within seconds, with nothing claimed left behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import msgspec

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arengo.config.settings")


from arengo.core import collector
from arengo.core.logs import named

_POLL = 1.0  # seconds without a NOTIFY after which the reader looks by itself
# Seconds from one batch of webhooks to the next unless it was full. The first webhook after a silence is read at once; while
# thousands of receipts a second come, one batch of three hundred costs half of ten batches of thirty.
_TOGETHER = 0.1
# Seconds until a part that was told to end is told again: longer than its own patience in haste, which a second word would cut
# short, and shorter than that of `arengo up`, which kills.
_END_WITHIN = 4.5
_READ_FIRST = 15.0  # seconds: how long sending waits, at the start, for what had come in before

T = TypeVar("T")

log = logging.getLogger(__name__)


class Worker:
    """One process; any number of them over one database."""

    def __init__(self) -> None:
        from arengo.config.heartbeats import Heart
        from arengo.delivery.queue.ownership import Owner

        self._owner = Owner(first=self._caught_up)
        self._heart = Heart("worker", self._sees)
        self._journal = asyncio.Event()
        self._read_once = asyncio.Event()  # what stood in the journal when this process began
        self._reader_thread = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self.name = self._heart.name

    async def run(self, stop: asyncio.Event) -> None:
        tasks = [
            asyncio.create_task(self._keep_going(part))
            for part in (self._listen, self._read, self._owner.run, self._jobs, self._heart.beat_forever)
        ]
        try:
            await stop.wait()
        finally:
            await _end(tasks)
            await self._heart.stop()
            self._reader_thread.shutdown(wait=True)

    async def _keep_going(self, part: Callable[[], Awaitable[None]]) -> None:
        """A part that fails starts again; only the stop ends it."""
        while True:
            try:
                await part()
            except Exception as error:  # noqa: BLE001  # whatever it is, the other parts and the next try go on
                log.error("%s ended (%s); starting it again.", part.__qualname__, named(error))
            await asyncio.sleep(1)

    async def _listen(self) -> None:
        from arengo.core.database import connect
        from arengo.delivery.queue.outbox import WAKE as OUTBOX
        from arengo.delivery.senders.activation import CHANGED as SENDERS
        from arengo.intake.journal import WAKE as JOURNAL

        async with await connect(autocommit=True, name="arengo worker") as database:
            for channel in (JOURNAL, OUTBOX, SENDERS):
                await database.execute(f"LISTEN {channel}")
            self._journal.set()
            self._owner.wake()
            async for notice in database.notifies():
                if notice.channel == JOURNAL:
                    self._journal.set()
                elif notice.channel == OUTBOX:
                    self._owner.wake(int(notice.payload) if notice.payload.isdigit() else None)
                else:
                    self._owner.look_again()

    async def _read(self) -> None:
        from arengo.intake.reader import BATCH, read_batch

        loop = asyncio.get_running_loop()
        while True:
            self._journal.clear()
            began = loop.time()
            read = await loop.run_in_executor(self._reader_thread, _with_fresh_connection(read_batch))
            if read < BATCH:
                self._read_once.set()
            if not read:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_POLL):
                        await self._journal.wait()
            elif read < BATCH:
                await asyncio.sleep(max(0.0, began + _TOGETHER - loop.time()))

    async def _caught_up(self) -> None:
        """Receipts, stops and lost time that the journal tells of come before anything that waits is sent; for a while."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_READ_FIRST):
                await self._read_once.wait()

    async def _jobs(self) -> None:
        from asgiref.sync import sync_to_async
        from django.db import connections
        from procrastinate.contrib.django import app
        from procrastinate.contrib.django.django_connector import DjangoConnector

        # Procrastinate makes the jobs that are due on the connection of Django's own thread, and never gives that one back:
        # after the database was away it would be broken for ever.
        await sync_to_async(connections.close_all)()
        connector = cast(DjangoConnector, app.connector).get_worker_connector()
        worker_app = app.with_connector(connector)
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                concurrency=8,
                install_signal_handlers=False,
                listen_notify=True,
                delete_jobs="successful",
                shutdown_graceful_timeout=5,
            )

    def _sees(self) -> dict[str, Any]:
        """What the heartbeat carries to the pages of the administrator (delivery/senders/status.py, core/machine.py)."""
        from arengo.core.process_metrics import process_metrics
        from arengo.delivery.senders.status import sender_stats

        seen: dict[str, Any] = msgspec.to_builtins(
            {"senders": sender_stats(self._owner), "metrics": process_metrics.snapshot()}
        )
        return seen


async def _end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancels them until each has heard it: libraries lose a cancellation that comes while they connect or start."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _done, pending = await asyncio.wait(pending, timeout=_END_WITHIN)


def _with_fresh_connection(work: Callable[[], T]) -> Callable[[], T]:
    """Django's connection of this thread, closed if it broke: the next call gets a new one."""

    def run() -> T:
        from django.db import close_old_connections, connection

        close_old_connections()
        try:
            return work()
        except Exception:
            connection.close()
            raise

    return run


async def _main() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Worker().run(stop)


def main() -> None:
    import django
    import uvloop

    from arengo.config import process

    process.begin()
    with collector.loading():
        django.setup()
    collector.freeze()
    uvloop.run(_main())


if __name__ == "__main__":
    main()
