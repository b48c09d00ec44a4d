# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A switchboard of its own for a test, and what is heard from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from arengo.core import live
from arengo.core.live import Switchboard
from tests.waiting import NEVER


def parsed(frame: bytes) -> tuple[int, str] | None:
    fields = dict(
        line.split(": ", 1) for line in frame.decode().splitlines() if ": " in line and line[0] != ":"
    )
    return (int(fields["id"]), fields["event"]) if "event" in fields else None


async def heard(stream: AsyncIterator[bytes], many: int) -> list[str]:
    """The topics of the next so many events."""
    topics: list[str] = []

    async def collect() -> None:
        async for frame in stream:
            if event := parsed(frame):
                topics.append(event[1])
                if len(topics) == many:
                    return

    await asyncio.wait_for(collect(), NEVER)
    return topics


async def opened(switchboard: Switchboard, *args: object) -> AsyncIterator[bytes]:
    """A stream that listens already."""
    stream = switchboard.stream(*args)  # type: ignore[arg-type]  # handed through
    await anext(stream)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.wait_for(switchboard._ready.wait(), NEVER)

    async def go_on() -> AsyncIterator[bytes]:
        yield await waiting
        async for frame in stream:
            yield frame

    return go_on()


@pytest.fixture
async def hung_up() -> AsyncIterator[None]:
    """Ends the listening connection and those of asgiref's thread, so that the test's database can go."""
    yield
    for board in _boards:
        if board._task and not board._task.done():
            board._task.cancel()
            await asyncio.gather(board._task, return_exceptions=True)
    live.switchboard._task, live.switchboard._ready = None, asyncio.Event()
    await sync_to_async(connections.close_all)()


_boards: list[Switchboard] = [live.switchboard]


@pytest.fixture
async def switchboard(hung_up: None) -> Switchboard:
    _boards[1:] = [Switchboard()]
    return _boards[1]


async def all_of(stream: AsyncIterator[bytes]) -> list[bytes]:
    return [frame async for frame in stream]
