# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which worker sends for which number: one at a time, evenly many each, and another within seconds when one dies.

1. All the locks of a worker are advisory locks of one session. It goes when the process dies, and PostgreSQL ends it
   when the process is silent: frozen, suspended, cut off (``lease``). Then the numbers are free.
2. Twice a second each worker looks who lives and who owns what, and makes its part of the rebalancing (``rebalancing``).
3. Each new owner raises the number's epoch. Claims ask for the epoch: who lost its numbers without noticing claims
   nothing, and gives back only what nobody claimed since; ``lease.holds()`` keeps it from sending what it had claimed.
4. A number that is given up is wound up first: what was claimed and not sent goes back, results are written.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec
import psycopg

from arengo.core.database import LOST, connect
from arengo.core.logs import named
from arengo.core.sentences import stored
from arengo.core.vault import VaultError, vault
from arengo.delivery.queue import lease, rebalancing
from arengo.delivery.queue.rebalancing import LEAVING, LIVES, OWNED, REBALANCING, World
from arengo.delivery.sending.dispatcher import Dispatcher, OwnedSender
from arengo.delivery.sql import statement
from arengo.delivery.timeline.keeping import Keeper
from arengo.platforms.connections import session
from arengo.platforms.contract import Credentials

LOCK_CLASS = OWNED
LOOK_EVERY = 0.5  # seconds
_SOON = 0.05  # seconds: another worker is making its step
_MOST_TAKEOVERS = 4  # at once
_WITHIN = 30.0  # seconds
_LOST = (*LOST, TimeoutError)

# Locked first and asked then: a worker that has the lock later raises the epoch later, so the owner's epoch is the highest.
_LOCK_ROW = "SELECT FROM delivery_sender WHERE id = %s FOR NO KEY UPDATE"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Active:
    """A sender that wants an owner, with its credentials opened."""

    id: int
    organization_id: int
    platform: str
    credentials: Credentials
    rate: int
    epoch: int
    tier: int | None


@dataclass
class _Held:
    """A number whose lock is ours: taken over, then dispatched, until its task ends."""

    wanted: _Active
    task: asyncio.Task[None]
    dispatcher: Dispatcher | None = None
    leaving: bool = False

    def outdated(self, now: _Active | None) -> bool:
        """Stopped, given other credentials or another rate, or taken over by somebody else: it ends, or starts anew."""
        if now is None or self.dispatcher is None:
            return now is None
        sender = self.dispatcher.sender
        before = (sender.credentials, sender.rate, sender.tier)
        return (now.credentials, now.rate, now.tier) != before or now.epoch > sender.epoch


class Owner:
    """This worker's share of the numbers, with a dispatcher for each."""

    def __init__(self, name: str = "", first: Callable[[], Awaitable[None]] | None = None) -> None:
        """``first`` is awaited before this worker takes any number."""
        self.name = name or f"{socket.gethostname()}:{os.getpid()}"
        self.lease = lease.Lease()
        self._keeper = Keeper()
        self._first = first
        self._locks: psycopg.AsyncConnection[Any] | None = None
        self._session = 0  # the process id of the lock session: how other workers know this one
        self._held: dict[int, _Held] = {}
        self._http: aiohttp.ClientSession | None = None
        self._look = asyncio.Event()
        self._takeovers = asyncio.Semaphore(_MOST_TAKEOVERS)
        self._opened: dict[int, tuple[bytes, Credentials | None]] = {}
        self._away = False

    def wake(self, sender_id: int | None = None) -> None:
        """The outbox of this sender (or of any) may hold something new."""
        for known_id, held in self._held.items():
            if sender_id in (None, known_id) and held.dispatcher is not None:
                held.dispatcher.wake()

    def look_again(self) -> None:
        """Senders were added, resumed or changed."""
        self._look.set()

    @property
    def owned(self) -> list[int]:
        return sorted(
            sender_id for sender_id, held in self._held.items() if held.dispatcher and not held.leaving
        )

    @property
    def dispatchers(self) -> list[Dispatcher]:
        """What runs now, to be looked at."""
        return [held.dispatcher for held in self._held.values() if held.dispatcher is not None]

    async def run(self) -> None:
        async with session(within=_WITHIN, most=0, keep=60) as self._http:
            try:
                while True:
                    pause = LOOK_EVERY
                    try:
                        pause = await self._look_around()
                    except _LOST as error:
                        await self._lose(error)
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(pause):
                            await self._look.wait()
                    self._look.clear()
            finally:
                await asyncio.shield(self._leave())

    # --- the session that holds the locks ---

    async def _join(self) -> psycopg.AsyncConnection[Any]:
        """A new session. First everything of an old one is wound up, as soon as the database is there to write it."""
        if self._held:
            async with await connect(name="arengo owner"):
                pass
            await self._wind_up()
        await self._keeper.look()  # whether this database is older than it was: before anything of it is sent
        if self._first is not None:
            await self._first()
        locks = await connect(
            autocommit=True, name=rebalancing.session_name(self.name), silence=lease.SILENCE
        )
        try:
            await locks.execute("SELECT pg_advisory_lock_shared(%s, 0)", [LIVES])
        except BaseException:
            await locks.close()
            raise
        self._locks, self._session = locks, locks.info.backend_pid
        self._away = False
        return locks

    async def _lose(self, error: BaseException) -> None:
        """Nothing is sent from now on; what runs is wound up by ``_join``, when the database is back."""
        self.lease.lose()
        if not self._away:
            log.warning("The senders' locks were lost (%s); dispatching pauses.", named(error))
        self._away = True
        await self._close()

    async def _close(self) -> None:
        if self._locks is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await self._locks.close()
            self._locks = None

    async def _leave(self) -> None:
        """Ends in order: the locks stay ours until what was claimed is back in the outbox."""
        ending = asyncio.create_task(self._wind_up())
        while not ending.done():
            await asyncio.wait([ending], timeout=LOOK_EVERY)
            if self._locks is not None and not ending.done():
                try:
                    async with asyncio.timeout(lease.SILENCE):
                        asked_at = lease.now()
                        await self._locks.execute("SELECT 1")
                        self.lease.renew(asked_at)
                except _LOST as error:
                    await self._lose(error)
        await self._close()
        self.lease.lose()
        await self._keeper.end()

    async def _wind_up(self) -> None:
        tasks = [held.task for held in self._held.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._held.clear()

    # --- look, and act ---

    async def _look_around(self) -> float:
        """One look; the seconds until the next."""
        locks = self._locks or await self._join()
        self._keeper.tend()
        async with asyncio.timeout(lease.SILENCE):
            asked_at = lease.now()
            active = await self._read_active(locks)
            world = await _read_world(locks)
            self.lease.renew(asked_at)
            await self._reap(locks, active)
            for sender_id, held in self._held.items():
                if held.outdated(active.get(sender_id)):
                    held.task.cancel()
            if not rebalancing.decide(self._session, active, world):
                return LOOK_EVERY
            return await self._step(locks)

    async def _read_active(self, locks: psycopg.AsyncConnection[Any]) -> dict[int, _Active]:
        cursor = await locks.execute(statement("active_senders"))
        found: dict[int, _Active] = {}
        for sender_id, organization_id, platform, sealed, rate, epoch, tier in await cursor.fetchall():
            credentials = self._open(sender_id, bytes(sealed))
            if credentials is not None:
                found[sender_id] = _Active(
                    sender_id, organization_id, platform, credentials, rate, epoch, tier
                )
        return found

    def _open(self, sender_id: int, sealed: bytes) -> Credentials | None:
        """None for a sender that nobody can send for; said once each time its credentials change."""
        known = self._opened.get(sender_id)
        if known is not None and known[0] == sealed:
            return known[1]
        credentials: Credentials | None = None
        try:
            credentials = msgspec.json.decode(vault().open(sealed, purpose="credentials"), type=Credentials)
        except (VaultError, msgspec.MsgspecError):
            log.error("The credentials of sender %d cannot be opened.", sender_id)
        self._opened[sender_id] = (sealed, credentials)
        return credentials

    async def _reap(self, locks: psycopg.AsyncConnection[Any], active: dict[int, _Active]) -> None:
        """Of the numbers whose task ended, those that stay ours start anew and the others' locks are let go."""
        for sender_id, held in list(self._held.items()):
            if not held.task.done():
                continue
            if not held.task.cancelled() and (error := held.task.exception()):
                log.error(
                    "The dispatcher of sender %d ended (%s); starting it anew.",
                    sender_id,
                    named(error),
                )
            halted = held.dispatcher is not None and held.dispatcher.halted is not None
            if sender_id in active and not held.leaving and not halted:
                self._start(active[sender_id])
                continue
            del self._held[sender_id]
            await locks.execute("SELECT pg_advisory_unlock(%s, %s)", [OWNED, sender_id])
            if held.leaving:
                await locks.execute("SELECT pg_advisory_unlock(%s, %s)", [LEAVING, sender_id])

    async def _step(self, locks: psycopg.AsyncConnection[Any]) -> float:
        """Takes and gives up, on what is true while no other worker does; the seconds until the next look."""
        async with locks.transaction():
            if not await _truth(locks, "SELECT pg_try_advisory_xact_lock(%s, 0)", REBALANCING):
                return _SOON
            active = await self._read_active(locks)
            step = rebalancing.decide(self._session, active, await _read_world(locks))
            for sender_id in step.take:
                if await _truth(locks, "SELECT pg_try_advisory_lock(%s, %s)", OWNED, sender_id):
                    self._start(active[sender_id])
            for sender_id in step.give:
                held = self._held.get(sender_id)
                if held is not None and await _truth(
                    locks, "SELECT pg_try_advisory_lock(%s, %s)", LEAVING, sender_id
                ):
                    held.leaving = True
                    held.task.cancel()
        return LOOK_EVERY

    # --- one number ---

    def _start(self, wanted: _Active) -> None:
        task = asyncio.create_task(self._serve(wanted))
        task.add_done_callback(self._ended)
        self._held[wanted.id] = _Held(wanted, task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is None:  # what failed waits for the next look in its turn
            self._look.set()

    async def _serve(self, wanted: _Active) -> None:
        """Takes the number over and sends for it, until it is given up or the platform refuses it."""
        epoch = await self._take_over(wanted.id)
        if epoch is None or self._http is None:
            return
        dispatcher = Dispatcher(
            OwnedSender(
                wanted.id,
                wanted.organization_id,
                wanted.platform,
                wanted.credentials,
                wanted.rate,
                epoch,
                wanted.tier,
            ),
            self._http,
            self.lease.holds,
        )
        self._held[wanted.id].dispatcher = dispatcher
        await dispatcher.run()
        await stop_if_refused(dispatcher)

    async def _take_over(self, sender_id: int) -> int | None:
        """The new epoch; None if the lock is not ours any more. Waits for claims that are being committed."""
        async with self._takeovers, await connect(name="arengo owner") as database:
            await database.execute(_LOCK_ROW, [sender_id])
            cursor = await database.execute(
                statement("raise_epoch"), {"sender": sender_id, "pid": self._session, "class": OWNED}
            )
            raised = await cursor.fetchone()
            if raised is None:
                return None
            await database.execute(statement("take_over"), {"sender": sender_id, "epoch": raised[0]})
            return int(raised[0])


async def stop_if_refused(dispatcher: Dispatcher) -> None:
    """After a dispatcher's end: stops its sender where the platform refused it, until a person mends it; the console says why.

    Nothing happens where the dispatcher ended otherwise, or to a sender that a later epoch owns.
    """
    refusal, sender = dispatcher.halted, dispatcher.sender
    if refusal is None:
        return
    async with await connect(name="arengo owner") as database:
        await database.execute(
            statement("stop_sender"),
            {
                "sender": sender.id,
                "epoch": sender.epoch,
                "code": refusal.code,
                "reason": stored(refusal.details or refusal.title),
            },
        )
        await database.execute("SELECT arengo_announce(%s, %s)", [sender.organization_id, ["senders"]])
    log.error("Sender %d stopped: the platform refuses it (code %d).", sender.id, refusal.code)


async def _read_world(locks: psycopg.AsyncConnection[Any]) -> World:
    cursor = await locks.execute(statement("owners"), {"kinds": [LIVES, OWNED, LEAVING]})
    return rebalancing.look(await cursor.fetchall())


async def _truth(locks: psycopg.AsyncConnection[Any], query: str, *parameters: int) -> bool:
    cursor = await locks.execute(query, parameters)
    row = await cursor.fetchone()
    return bool(row and row[0])
