# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who sends for which number: one worker at a time, and another within seconds when it dies.

The lock is PostgreSQL's advisory lock, held by one connection of the worker: it goes with the connection. Each new
owner raises the sender's epoch; claims ask for the epoch, so an owner that lost its lock without noticing claims nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

import aiohttp
import msgspec
import psycopg

from arengo.core.database import connect
from arengo.core.vault import VaultError, vault
from arengo.delivery.dispatcher import Dispatcher, OwnedSender
from arengo.delivery.statements import statement
from arengo.platforms.contract import Credentials

LOCK_CLASS = 0x41524E  # «ARN»: the first half of the advisory locks' keys
_LOOK_EVERY = 2.0  # seconds
_TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)

log = logging.getLogger(__name__)


class Owner:
    """Takes every sender that nobody has, and runs a dispatcher for each."""

    def __init__(self) -> None:
        self._locks: psycopg.AsyncConnection[Any] | None = None
        self._running: dict[int, tuple[Dispatcher, asyncio.Task[None]]] = {}
        self._http: aiohttp.ClientSession | None = None
        self._look = asyncio.Event()

    def wake(self, sender_id: int | None = None) -> None:
        """The outbox of this sender (or of any) may hold something new."""
        for known_id, (dispatcher, _task) in self._running.items():
            if sender_id in (None, known_id):
                dispatcher.wake()

    def look_again(self) -> None:
        """Senders were added, resumed or changed."""
        self._look.set()

    @property
    def owned(self) -> list[int]:
        return sorted(self._running)

    async def run(self) -> None:
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60, ttl_dns_cache=60)
        async with aiohttp.ClientSession(connector=connector, timeout=_TIMEOUT) as self._http:
            try:
                while True:
                    try:
                        await self._look_around()
                    except (psycopg.OperationalError, OSError) as error:
                        log.warning(
                            "The senders' locks were lost (%s); dispatching pauses.", type(error).__name__
                        )
                        await self._let_go_of_all()
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(_LOOK_EVERY):
                            await self._look.wait()
                    self._look.clear()
            finally:
                await asyncio.shield(self._let_go_of_all())

    async def _look_around(self) -> None:
        if self._locks is None or self._locks.closed:
            self._locks = await connect(autocommit=True, name="arengo locks")
        cursor = await self._locks.execute(
            "SELECT id, organization_id, platform, credentials_sealed, rate, epoch FROM delivery_sender WHERE state = 'active'"
        )
        active = {row[0]: row for row in await cursor.fetchall()}
        for sender_id in list(self._running):
            await self._check(sender_id, active.get(sender_id))
        for sender_id, row in active.items():
            if sender_id not in self._running:
                await self._try_to_take(row)

    async def _check(self, sender_id: int, row: tuple[Any, ...] | None) -> None:
        dispatcher, task = self._running[sender_id]
        if dispatcher.halted is not None:
            await self._let_go_of(sender_id)
            await self._stop_sender(dispatcher)
        elif (
            row is None
            or task.done()
            or row[5] != dispatcher.sender.epoch
            or _changed(dispatcher.sender, row)
        ):
            if task.done() and not task.cancelled() and (error := task.exception()):
                log.error(
                    "The dispatcher of sender %d ended (%s); starting it anew.",
                    sender_id,
                    type(error).__name__,
                )
            await self._let_go_of(sender_id)

    async def _try_to_take(self, row: tuple[Any, ...]) -> None:
        if self._locks is None or self._http is None:
            return
        sender_id, organization_id, platform, sealed, rate, _epoch = row
        cursor = await self._locks.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, sender_id])
        got = await cursor.fetchone()
        if not got or not got[0]:
            return
        try:
            credentials = msgspec.json.decode(vault().open(sealed, purpose="credentials"), type=Credentials)
        except (VaultError, msgspec.MsgspecError):
            log.error("The credentials of sender %d cannot be opened.", sender_id)
            await self._locks.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, sender_id])
            return
        async with self._locks.transaction():
            cursor = await self._locks.execute(
                "UPDATE delivery_sender SET epoch = epoch + 1 WHERE id = %s RETURNING epoch", [sender_id]
            )
            raised = await cursor.fetchone()
            epoch = int(raised[0]) if raised else 0
            await self._locks.execute(statement("take_over"), {"sender": sender_id, "epoch": epoch})
        dispatcher = Dispatcher(
            OwnedSender(sender_id, organization_id, platform, credentials, rate, epoch), self._http
        )
        task = asyncio.create_task(dispatcher.run())
        task.add_done_callback(lambda _task: self._look.set())
        self._running[sender_id] = (dispatcher, task)

    async def _stop_sender(self, dispatcher: Dispatcher) -> None:
        """Nothing of this sender goes until a person mends it; the console says why and what to do."""
        if self._locks is None or dispatcher.halted is None:
            return
        refusal, sender = dispatcher.halted, dispatcher.sender
        await self._locks.execute(
            "UPDATE delivery_sender SET state = 'stopped', stopped_at = now(), stop_code = %s, stop_reason = %s "
            "WHERE id = %s AND epoch = %s",
            [refusal.code, refusal.details or refusal.title, sender.id, sender.epoch],
        )
        await self._locks.execute("SELECT arengo_announce(%s, %s)", [sender.organization_id, ["senders"]])
        log.error("Sender %d stopped: the platform refuses it (code %d).", sender.id, refusal.code)

    async def _let_go_of(self, sender_id: int) -> None:
        dispatcher, task = self._running.pop(sender_id)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if self._locks is not None and not self._locks.closed:
            await self._locks.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, dispatcher.sender.id])

    async def _let_go_of_all(self) -> None:
        tasks = [task for _dispatcher, task in self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._running.clear()
        if self._locks is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await self._locks.close()
            self._locks = None


def _changed(sender: OwnedSender, row: tuple[Any, ...]) -> bool:
    """Other credentials or another rate than we send with: start anew. Sealing is not deterministic, so compare opened."""
    credentials = msgspec.json.decode(vault().open(row[3], purpose="credentials"), type=Credentials)
    return bool(credentials != sender.credentials or row[4] != sender.rate)
