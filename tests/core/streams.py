# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is heard from a stream of the switchboard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from arengo.core.live import Switchboard
from tests.support.waiting import NEVER


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


async def all_of(stream: AsyncIterator[bytes]) -> list[bytes]:
    return [frame async for frame in stream]
