# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many threads ask the database at the same time, whatever for: each has a connection, and those behind wait in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class TooManyWait(Exception):
    """As many as may wait are waiting already."""


class Turns:
    """``at_once`` hold a turn, ``waiting`` wait for one. A process has two such queues: the console's and the readers'."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most = waiting
        self._waiting = 0

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Waits for a turn and holds it. Raises TooManyWait at once."""
        if self._waiting >= self._most:
            raise TooManyWait
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()
