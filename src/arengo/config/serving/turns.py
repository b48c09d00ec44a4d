# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many threads ask the database at the same time, whatever for: each has a connection, and those behind wait in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from arengo.config.serving import limits


class TooManyWait(Exception):
    """WAITING_MOST are waiting already."""


class Turns:
    """One a process."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(limits.ANSWERING_MOST)
        self._waiting = 0

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Waits for a turn and holds it. Raises TooManyWait at once."""
        if self._waiting >= limits.WAITING_MOST:
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
