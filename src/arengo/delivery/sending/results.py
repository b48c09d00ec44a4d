# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of each send, written to the database in bulk, and never lost while the process lives.

A result is the only proof that a message left: while the database is away results wait here and are written when it
is back. A process that dies with unwritten results leaves claimed rows, which its successor treats as uncertain.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from arengo.core.database import LOST, ReconnectingConnection
from arengo.core.logs import named
from arengo.core.process_metrics import ACCEPTED, process_metrics
from arengo.delivery.models import DeliveryState
from arengo.delivery.sending.moves import Move, overtaken, parameters
from arengo.delivery.sql import statement

_GATHER = 0.02  # seconds in which results come together for one commit
_MOST = 1000  # results a commit
_UNCERTAIN = int(DeliveryState.UNCERTAIN)
_SCREENS_EVERY = 0.5  # seconds between two signals for the same mailing's screen

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Requeue:
    """Back into the outbox. ``counts``: it was an attempt (refused for now), not merely a claim given back; ``outage``: nobody
    was there to refuse it.
    """

    delivery_id: int
    not_before: datetime
    code: int = 0
    reason: str = ""
    counts: bool = True
    outage: bool = False


@dataclass
class Results:
    """The writer of one dispatcher."""

    sender_id: int
    organization_id: int
    epoch: int
    _moves: list[Move] = field(default_factory=list)
    _requeues: list[Requeue] = field(default_factory=list)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _database: ReconnectingConnection = field(
        default_factory=lambda: ReconnectingConnection("arengo results")
    )
    _screens: dict[str, float] = field(default_factory=dict)
    _late_topics: set[str] = field(default_factory=set)

    def add(self, result: Move | Requeue) -> None:
        if isinstance(result, Move):
            self._moves.append(result)
        else:
            self._requeues.append(result)
        self._wake.set()

    @property
    def pending(self) -> int:
        return len(self._moves) + len(self._requeues)

    async def write_forever(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_SCREENS_EVERY):
                    await self._wake.wait()
            if self._wake.is_set() and self.pending < _MOST:
                await asyncio.sleep(_GATHER)
            self._wake.clear()
            await self.write()

    async def write(self) -> None:
        """Writes all that is pending; waits for the database as long as it takes."""
        delay, most = 0.2, _MOST
        while self.pending or self._late_topics:
            moves = self._moves[:most]
            requeues = self._requeues[: most - len(moves)] if most == 1 else self._requeues[:most]
            try:
                await self._store(moves, requeues)
            except LOST as error:
                log.warning("Results of sends wait for the database (%s).", named(error))
                await self._database.drop()
                await asyncio.sleep(delay)
                delay = min(delay * 2, 5.0)
                continue
            except psycopg.DataError as error:
                # Something in one of them (the platform's own words) cannot be stored: one by one, then without the words.
                if most == 1:
                    log.error("A result could not be stored as it was (%s).", named(error))
                    if not moves:
                        del self._requeues[: len(requeues)]
                    elif moves[0].reason or moves[0].code:
                        moves[0].reason, moves[0].code = "", 0
                    elif moves[0].state > _UNCERTAIN:
                        # Forgotten it would be claimed for ever, and given back as if it had never left.
                        self._moves[0] = Move(moves[0].delivery_id, state=_UNCERTAIN)
                    else:
                        del self._moves[0]
                most = 1
                continue
            del self._moves[: len(moves)], self._requeues[: len(requeues)]
            if not moves and not requeues:
                break

    async def close(self) -> None:
        await self._database.drop()

    async def _store(self, moves: list[Move], requeues: list[Requeue]) -> None:
        database = await self._database.get()
        topics: set[str] = set()
        async with database.transaction(), database.cursor() as cursor:
            if moves:
                values = parameters(self.sender_id, moves)
                await cursor.execute(statement("move"), values)
                rows = await cursor.fetchall()
                if overtaken(rows):
                    await cursor.execute(statement("move"), values)
                topics = {str(row[1]) for row in rows if row[1]}
            due = self._due(topics)
            if due:
                await cursor.execute("SELECT arengo_announce(%s, %s)", [self.organization_id, sorted(due)])
        if requeues:  # by themselves: both statements lock deliveries before mailings
            async with database.transaction(), database.cursor() as cursor:
                await cursor.execute(
                    statement("requeue"),
                    {
                        "epoch": self.epoch,
                        "ids": [row.delivery_id for row in requeues],
                        "not_before": [row.not_before for row in requeues],
                        "codes": [row.code for row in requeues],
                        "reasons": [row.reason for row in requeues],
                        "counts": [row.counts for row in requeues],
                        "outages": [row.outage for row in requeues],
                    },
                )
        process_metrics.count(ACCEPTED, self.sender_id, sum(move.accepted_at is not None for move in moves))
        self._late_topics = (self._late_topics | topics) - due
        self._screens.update(dict.fromkeys(due, time.monotonic()))

    def _due(self, topics: set[str]) -> set[str]:
        """The screens to tell now. A busy mailing's screen hears twice a second, not a thousand times."""
        now = time.monotonic()
        self._screens = {topic: at for topic, at in self._screens.items() if now - at < _SCREENS_EVERY}
        return {topic for topic in topics | self._late_topics if topic not in self._screens}
