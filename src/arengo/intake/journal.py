# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journal's writer: many webhooks, one commit.

While one commit is under way, the bodies that arrive wait together and share the next one (group commit). Nobody's
``append`` returns before its own body is on disk; a body that could not be stored raises, and the platform will
bring it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import NamedTuple

import psycopg

from arengo.core.database import BigintArray, ByteaArray, ReconnectingConnection
from arengo.core.logs import named
from arengo.core.vault import Vault, vault

WAKE = "arengo_journal"  # NOTIFY channel: once a commit, not once a row
PURPOSE = "journal"
_MOST_ROWS = 1000
_MOST_BYTES = 16 * 1024 * 1024  # of one commit
_MOST_WAITING = (
    64 * 1024 * 1024
)  # bytes held in memory while the database is slow; beyond it webhooks get 503
# Seconds from one commit to the next while few webhooks share one, or until they are no longer few: at a few thousand a
# second a commit for every three of them costs more than all the rest of storing. The first after a silence is stored at once.
_TOGETHER = 0.004
_FEW = 16

_STORE = """
WITH stored AS (
  INSERT INTO intake_journal (sender_id, body_sealed) SELECT * FROM unnest(%b, %b) RETURNING 1
)
SELECT pg_notify(%s, '') FROM stored LIMIT 1
"""

log = logging.getLogger(__name__)


class JournalUnavailable(Exception):
    """The body was not stored. The platform must not be told that it was."""


class _Entry(NamedTuple):
    sender_id: int
    sealed: bytes
    stored: asyncio.Future[None]


class Journal:
    """One a process; started by the first ``append``, on the running loop."""

    def __init__(self) -> None:
        self._waiting: list[_Entry] = []
        self._bytes = 0
        self._enough = 1  # so many that the writer is woken
        # Looked up once, with the first append: each look costs as much as sealing.
        self._vault: Vault
        self._loop: asyncio.AbstractEventLoop
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._database = ReconnectingConnection("arengo journal", autocommit=True)

    async def append(self, sender_id: int, body: bytes) -> None:
        """Returns when the body is durable; JournalUnavailable when it is not."""
        if self._bytes + len(body) > _MOST_WAITING:
            raise JournalUnavailable("too much waits to be stored")
        if self._writer is None or self._writer.done():
            self._loop = asyncio.get_running_loop()
            self._vault = vault()
            self._writer = self._loop.create_task(self._write_forever())
        sealed = self._vault.seal(body, purpose=PURPOSE)
        stored: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append(_Entry(sender_id, sealed, stored))
        self._bytes += len(sealed)
        if len(self._waiting) >= self._enough:
            self._wake.set()
        await stored

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._writer
        await self._database.drop()

    async def _write_forever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            began = loop.time()
            entries = self._take()
            if not entries:
                self._wake.clear()
                continue
            try:
                await self._store(entries)
            except (psycopg.Error, OSError) as error:
                # The class says enough; a message of the database could quote a row.
                log.error(
                    "The journal could not be written (%s): %d webhooks refused.",
                    named(error),
                    len(entries),
                )
                await self._database.drop()
                for entry in entries:
                    if not entry.stored.done():
                        entry.stored.set_exception(JournalUnavailable("not stored"))
            else:
                for entry in entries:
                    if not entry.stored.done():
                        entry.stored.set_result(None)
                if len(entries) < _FEW:
                    await self._company(began + _TOGETHER)

    async def _company(self, until: float) -> None:
        """Returns when no longer few wait, or at that time of the loop's clock."""
        if len(self._waiting) >= _FEW:
            return
        self._wake.clear()
        self._enough = _FEW
        alarm = asyncio.get_running_loop().call_at(until, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            self._enough = 1
            alarm.cancel()

    def _take(self) -> list[_Entry]:
        size = count = 0
        for entry in self._waiting[:_MOST_ROWS]:
            size += len(entry.sealed)
            count += 1
            if size >= _MOST_BYTES:
                break
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        self._bytes -= size
        return taken

    async def _store(self, entries: list[_Entry]) -> None:
        database = await self._database.get()
        # One statement, so one round trip: it is stored and told, or neither.
        await database.execute(
            _STORE,
            [
                BigintArray([entry.sender_id for entry in entries]),
                ByteaArray([entry.sealed for entry in entries]),
                WAKE,
            ],
        )
