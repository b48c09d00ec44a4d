# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker's parts around the reader: it reads while webhooks come, waits when none does, and ends when it is told to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from arengo.config.worker import Worker
from arengo.intake import reader

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
