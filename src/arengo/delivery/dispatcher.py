# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The dispatcher of one sender: claims, sends within the pace, hands results to the pen.

1. Claim a fraction of a second's worth of deliveries, most urgent first, and commit the claim.
2. Send each: no faster than the number's pace, many at once, to one address in order.
3. Hand each answer to ``Results``. Accepted, refused for good, refused for now, or uncertain: nothing is guessed.
4. Stop at a refusal that concerns the sender itself; what was claimed goes back into the outbox.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import logging
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import msgspec
import psycopg

from arengo.core.database import connect
from arengo.core.vault import vault
from arengo.delivery.models import DeliveryState, Urgency
from arengo.delivery.moves import Move, reason_of
from arengo.delivery.pace import Pace
from arengo.delivery.results import Requeue, Results
from arengo.delivery.statements import statement
from arengo.platforms.contract import Address, Credentials, Outgoing, Refusal, Remedy
from arengo.platforms.registry import platform

_HORIZON = 0.25  # seconds' worth of deliveries claimed ahead: the longest that an alert waits behind others
_MOST_IN_FLIGHT = 512
_MOST_ATTEMPTS = 10
_LONGEST_BACKOFF = 300.0  # seconds
_POLL = 1.0  # seconds: deliveries whose ``not_before`` has come announce themselves to nobody
PATIENCE = 60.0  # seconds that an uncertain delivery waits for its receipt
_SETTLE_EVERY = 5.0  # seconds
_LONGEST_OUTAGE = 30.0  # seconds between two tries while nothing answers

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OwnedSender:
    """A sender while this process owns it."""

    id: int
    organization_id: int
    platform: str
    credentials: Credentials
    rate: int
    epoch: int


@dataclass(frozen=True)
class _Claimed:
    id: int
    fanout_id: int | None
    urgency: int
    address: Address
    lane: bytes
    outgoing: Outgoing
    attempts: int


class Dispatcher:
    def __init__(self, sender: OwnedSender, http: aiohttp.ClientSession) -> None:
        self.sender = sender
        self.pace = Pace(sender.rate)
        self.results = Results(sender.id, sender.organization_id, sender.epoch)
        self._http = http
        self._platform = platform(sender.platform)
        self._backlog: list[tuple[int, int, _Claimed]] = []  # a heap: urgency, then age
        self._more = asyncio.Event()  # something is in the backlog
        self._look = asyncio.Event()  # the outbox may hold something new
        self._look.set()
        self._slots = asyncio.Semaphore(_MOST_IN_FLIGHT)
        self._lanes: dict[bytes, asyncio.Lock] = {}
        self._in_flight: set[asyncio.Task[None]] = set()
        self._fanouts: dict[int, Outgoing] = {}
        self._database: psycopg.AsyncConnection[Any] | None = None
        self._outage = 0.0  # seconds to hold still: nobody answers at the platform's address
        self.halted: Refusal | None = None

    def wake(self) -> None:
        self._look.set()

    async def run(self) -> None:
        """Until cancelled, or until the platform refuses the sender itself. Ends clean: what was not sent is given back."""
        pen = asyncio.create_task(self.results.write_forever())
        workers = [
            asyncio.create_task(work())
            for work in (self._claim_forever, self._send_forever, self._settle_forever)
        ]
        try:
            done, _ = await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in workers:
                task.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            await asyncio.shield(self._wind_up(pen))

    async def _wind_up(self, pen: asyncio.Task[None]) -> None:
        if (
            self._in_flight
        ):  # give answers under way a moment; what has none becomes uncertain at the next owner
            await asyncio.wait(self._in_flight, timeout=5)
        now = datetime.now(UTC)
        for _urgency, _id, claimed in self._backlog:
            self.results.add(Requeue(claimed.id, now, counts=False))
        self._backlog.clear()
        pen.cancel()
        await asyncio.gather(pen, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(3):
                await self.results.write()
        await self.results.close()
        await self._drop_connection()

    # --- claim ---

    async def _claim_forever(self) -> None:
        horizon = max(10, int(self.sender.rate * _HORIZON))
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_POLL):
                    await self._look.wait()
            self._look.clear()
            full = len(self._backlog) >= horizon
            # With a full backlog only what overtakes is worth claiming: alerts and replies.
            least_urgent = Urgency.REPLY if full else Urgency.NEWS
            if full and len(self._backlog) >= 4 * horizon:
                continue
            try:
                claimed = await self._claim(horizon, least_urgent)
            except (psycopg.OperationalError, OSError) as error:
                log.warning("Claiming waits for the database (%s).", type(error).__name__)
                await self._drop_connection()
                await asyncio.sleep(0.5)
                self._look.set()
                continue
            for item in claimed:
                heapq.heappush(self._backlog, (item.urgency, item.id, item))
            if claimed:
                self._more.set()

    async def _claim(self, limit: int, least_urgent: int) -> list[_Claimed]:
        if self._database is None or self._database.closed:
            self._database = await connect(name="arengo dispatcher")
        async with self._database.transaction(), self._database.cursor() as cursor:
            await cursor.execute(
                statement("claim"),
                {
                    "sender": self.sender.id,
                    "epoch": self.sender.epoch,
                    "limit": limit,
                    "least_urgent": int(least_urgent),
                },
            )
            rows = await cursor.fetchall()
            await self._learn_fanouts(
                cursor, {row[1] for row in rows if row[5] is None and row[1] is not None}
            )
        return [
            claimed for row in sorted(rows, key=lambda row: (row[2], row[0])) if (claimed := self._open(row))
        ]

    async def _learn_fanouts(self, cursor: psycopg.AsyncCursor[Any], wanted: set[int]) -> None:
        missing = [fanout_id for fanout_id in wanted if fanout_id not in self._fanouts]
        if missing:
            await cursor.execute("SELECT id, outgoing FROM delivery_fanout WHERE id = ANY(%s)", [missing])
            for fanout_id, outgoing in await cursor.fetchall():
                self._fanouts[fanout_id] = msgspec.json.decode(outgoing, type=Outgoing)

    def _open(self, row: tuple[Any, ...]) -> _Claimed | None:
        delivery_id, fanout_id, urgency, address_sealed, lane, outgoing_sealed, attempts = row
        try:
            address = msgspec.json.decode(vault().open(address_sealed, purpose="address"), type=Address)
            outgoing = (
                self._fanouts[fanout_id]
                if outgoing_sealed is None
                else msgspec.json.decode(vault().open(outgoing_sealed, purpose="outgoing"), type=Outgoing)
            )
        except Exception as error:  # noqa: BLE001  # one unreadable row must not hold up the sender; it is on screen as failed
            log.error("Delivery %d cannot be opened (%s).", delivery_id, type(error).__name__)
            self.results.add(_failed(delivery_id, 0, type(error).__name__))
            return None
        return _Claimed(delivery_id, fanout_id, urgency, address, bytes(lane), outgoing, attempts)

    # --- send ---

    async def _send_forever(self) -> None:
        horizon = max(10, int(self.sender.rate * _HORIZON))
        while self.halted is None:
            while not self._backlog:
                self._more.clear()
                await self._more.wait()
            await self._slots.acquire()
            if self._outage:
                await asyncio.sleep(self._outage)
            await self.pace.wait()
            if not self._backlog or self.halted is not None:
                self._slots.release()
                continue
            _urgency, _id, claimed = heapq.heappop(self._backlog)
            if len(self._backlog) < horizon // 2:
                self._look.set()
            task = asyncio.create_task(self._send(claimed))
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)

    async def _send(self, claimed: _Claimed) -> None:
        lane = self._lanes.setdefault(claimed.lane, asyncio.Lock())
        try:
            async with lane:  # two messages to one person arrive in the order in which they were written
                self.results.add(await self._attempt(claimed))
        finally:
            if not lane.locked() and self._lanes.get(claimed.lane) is lane:
                del self._lanes[claimed.lane]
            self._slots.release()

    async def _attempt(self, claimed: _Claimed) -> Move | Requeue:
        try:
            accepted = await self._platform.send(
                self._http, self.sender.credentials, claimed.address, claimed.outgoing, str(claimed.id)
            )
        except Refusal as refusal:
            return self._refused(claimed, refusal)
        except Exception as error:  # noqa: BLE001  # a bug of ours in one message: this one fails, on screen, the others go on
            log.error("Delivery %d could not be sent (%s).", claimed.id, type(error).__name__)
            return Move(claimed.id, state=DeliveryState.UNCERTAIN)
        self._outage = 0.0
        return Move(
            claimed.id,
            state=DeliveryState.ACCEPTED,
            message_id=accepted.message_id,
            accepted_at=datetime.now(UTC),
        )

    def _refused(self, claimed: _Claimed, refusal: Refusal) -> Move | Requeue:
        if refusal.slow_down:
            self.pace.slow_down()
        if not refusal.certain:
            return Move(claimed.id, state=DeliveryState.UNCERTAIN)
        reason = reason_of(refusal.title, refusal.details)
        now = datetime.now(UTC)
        if refusal.code == 0 and refusal.remedy is Remedy.RETRY:
            # Nobody answers: no message's fault, so it costs none an attempt, however long it lasts. Everybody waits.
            self._outage = min(_LONGEST_OUTAGE, max(0.5, self._outage * 2))
            return Requeue(claimed.id, now + timedelta(seconds=self._outage), reason=reason, counts=False)
        self._outage = 0.0
        if refusal.remedy is Remedy.STOP_SENDER:
            self.halted = self.halted or refusal
            return Requeue(claimed.id, now, refusal.code, reason, counts=False)
        if refusal.remedy in (Remedy.RETRY, Remedy.RETRY_LATER) and claimed.attempts < _MOST_ATTEMPTS:
            return Requeue(claimed.id, now + _backoff(claimed.attempts, refusal), refusal.code, reason)
        return _failed(claimed.id, refusal.code, reason)

    # --- settle ---

    async def _settle_forever(self) -> None:
        while True:
            await asyncio.sleep(_SETTLE_EVERY)
            try:
                async with await connect(name="arengo settle") as database:
                    cursor = await database.execute(
                        statement("settle"), {"sender": self.sender.id, "patience": PATIENCE}
                    )
                    topics = [str(row[1]) for row in await cursor.fetchall()]
                    if topics:
                        await database.execute(
                            "SELECT arengo_announce(%s, %s)", [self.sender.organization_id, topics]
                        )
            except (psycopg.OperationalError, OSError) as error:
                log.warning("Settling waits for the database (%s).", type(error).__name__)

    async def _drop_connection(self) -> None:
        if self._database is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await self._database.close()
            self._database = None


def _failed(delivery_id: int, code: int, reason: str) -> Move:
    return Move(delivery_id, failed_at=datetime.now(UTC), code=code, reason=reason)


def _backoff(attempts: int, refusal: Refusal) -> timedelta:
    """Full jitter over a doubling ceiling; what the platform itself asks for is the least."""
    ceiling = min(_LONGEST_BACKOFF, 2.0**attempts)
    least = refusal.retry_after or 0.0
    return timedelta(seconds=least + random.uniform(0, ceiling))  # noqa: S311  # spreads load; no secret
