# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker's parts: the reader reads while webhooks come and ends when it is told to; jobs outlive the database's absence."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections

from arengo.cli import supervisor
from arengo.config import worker
from arengo.config.worker import Worker, _end
from arengo.delivery.sending import dispatcher
from arengo.intake import reader
from tests.support.waiting import NEVER

pytestmark = pytest.mark.django_db(transaction=True)


class _Reading:
    """A reader that finds what it is told to, batch after batch, and then ``rest`` for ever."""

    def __init__(self, *found: int, rest: int = 0) -> None:
        self._found = list(found)
        self._rest = rest
        self.calls = 0
        self._reached: dict[int, threading.Event] = {}

    def __call__(self) -> int:
        self.calls += 1
        for count, reached in self._reached.items():
            if self.calls >= count:
                reached.set()
        return self._found.pop(0) if self._found else self._rest

    async def called(self, times: int) -> None:
        reached = self._reached.setdefault(times, threading.Event())
        if self.calls >= times:
            reached.set()
        assert await asyncio.to_thread(reached.wait, 30)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[_Reading], _Reading]:
    def install(reading: _Reading) -> _Reading:
        monkeypatch.setattr(reader, "read_batch", reading)
        # Nothing but a signal, or more to read, wakes it.
        monkeypatch.setattr("arengo.config.worker._POLL", 3600.0)
        return reading

    return install


async def test_it_reads_on_until_nothing_waits_and_again_when_it_is_told(
    reads: Callable[[_Reading], _Reading],
) -> None:
    reading = reads(_Reading(reader.BATCH, 3, 1))
    worker = Worker()
    task = asyncio.create_task(worker._read())
    await reading.called(4)  # the fourth finds nothing
    await asyncio.sleep(0.3)
    assert reading.calls == 4
    worker._journal.set()
    await reading.called(5)
    task.cancel()
    worker._reader_thread.shutdown(wait=True)


async def test_it_ends_while_webhooks_come_without_end(reads: Callable[[_Reading], _Reading]) -> None:
    reading = reads(_Reading(rest=reader.BATCH))
    worker = Worker()
    task = asyncio.create_task(worker._read())
    await reading.called(3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.to_thread(worker._reader_thread.shutdown, wait=True)
    calls = reading.calls
    await asyncio.sleep(0.2)
    assert reading.calls == calls


def _break_the_connection() -> None:
    """As after a restart of PostgreSQL: Django believes that it has a connection."""
    connection.ensure_connection()
    connection.connection.close()


def _due() -> int:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_periodic_defers")
            return int(cursor.fetchone()[0])
    finally:
        connection.close()  # of this thread: nobody else would


async def test_jobs_that_are_due_are_made_again_after_the_database_was_away() -> None:
    await sync_to_async(_break_the_connection)()
    jobs = asyncio.create_task(Worker()._keep_going(Worker()._jobs))
    try:
        async with asyncio.timeout(NEVER):
            while not await sync_to_async(_due, thread_sensitive=False)():
                await asyncio.sleep(0.05)
    finally:
        await _end([jobs])
        await sync_to_async(connections.close_all)()


async def test_it_says_again_to_end_to_a_part_that_did_not_hear_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arengo.config.worker._END_WITHIN", 0.05)
    deaf = 3

    async def part() -> None:
        nonlocal deaf
        while deaf:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                deaf -= 1

    task = asyncio.create_task(part())
    await asyncio.sleep(0)
    await asyncio.wait_for(_end([task]), NEVER)
    assert deaf == 0


def test_a_part_is_told_again_after_its_own_patience_and_before_it_is_killed() -> None:
    assert sum(dispatcher._IN_HASTE) < worker._END_WITHIN < supervisor._STOP_WITHIN
