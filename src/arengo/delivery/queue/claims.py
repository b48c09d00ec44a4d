# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The owner's hand in the outbox: what to send next, what time has come for, what stayed uncertain."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import msgspec
import psycopg

from arengo.core.database import ReconnectingConnection, connect
from arengo.core.vault import vault
from arengo.delivery.limits.daily import Daily
from arengo.delivery.models import Urgency
from arengo.delivery.queue.claimed import Claimed, OwnedSender
from arengo.delivery.sending.doubts import settling
from arengo.delivery.sql import statement
from arengo.platforms.contract import Address, Outgoing

log = logging.getLogger(__name__)

_HEAR_EVERY = 0.5  # seconds between two looks at what came in, while something leaves
# What the readers counted, taken away; what nobody asked for in time is of no interest any more (and goes at night).
_HEAR = """
DELETE FROM delivery_inbound WHERE id = ANY (ARRAY (
  SELECT id FROM delivery_inbound WHERE sender_id = %(sender)s ORDER BY id DESC LIMIT 1000
)) RETURNING CASE WHEN at > now() - interval '2 seconds' THEN messages ELSE 0 END
"""

_decode_address = msgspec.json.Decoder(Address).decode
_decode_outgoing = msgspec.json.Decoder(Outgoing).decode


class Claims:
    """``unreadable`` hears of deliveries that cannot be opened: their id and the kind of error; ``inbound`` how many
    messages came in while others left.
    """

    def __init__(
        self,
        sender: OwnedSender,
        unreadable: Callable[[int, str], None],
        inbound: Callable[[int], None] = lambda _messages: None,
    ) -> None:
        self._sender = sender
        self._unreadable = unreadable
        self._inbound = inbound
        self._hear_at = 0.0
        self._daily = Daily(sender, sender.tier) if sender.tier is not None else None
        self._database = ReconnectingConnection("arengo dispatcher")
        self._fanouts: dict[int, Outgoing] = {}
        self._after = dict.fromkeys(Urgency.values, 0)

    async def take(self, limit: int, least_urgent: int, *, afresh: bool) -> list[Claimed]:
        """Claims up to ``limit`` deliveries and commits.

        ``afresh``: from the oldest on, and those whose time has come; otherwise after what was claimed before, which is
        all that a busy queue needs. What commits late with a small id waits for the next time afresh.
        """
        database = await self._database.get()
        sender = {"sender": self._sender.id, "epoch": self._sender.epoch}
        async with database.transaction(), database.cursor(binary=True) as cursor:
            if afresh:
                self._after = dict.fromkeys(Urgency.values, 0)
                await cursor.execute(statement("promote"), sender)
            urgencies = [urgency for urgency in self._after if urgency <= least_urgent]
            await cursor.execute(
                statement("claim"),
                {
                    **sender,
                    "limit": limit,
                    "urgencies": urgencies,
                    "after": [self._after[urgency] for urgency in urgencies],
                },
            )
            rows = await cursor.fetchall()
            wanted = {row[1] for row in rows if row[5] is None}
            missing = [fanout_id for fanout_id in wanted if fanout_id not in self._fanouts]
            if missing:
                self._fanouts = {known: self._fanouts[known] for known in wanted if known in self._fanouts}
                await cursor.execute("SELECT id, outgoing FROM delivery_fanout WHERE id = ANY(%s)", [missing])
                for fanout_id, outgoing in await cursor.fetchall():
                    self._fanouts[fanout_id] = _decode_outgoing(outgoing)
            if rows and time.monotonic() >= self._hear_at:
                await self._hear(cursor)
            if self._daily is not None:
                return await self._daily.admit(cursor, self._opened(rows))
        return self._opened(rows)

    def _opened(self, rows: list[tuple[Any, ...]]) -> list[Claimed]:
        for row in rows:
            if row[0] > self._after[row[2]]:
                self._after[row[2]] = row[0]
        return [claimed for row in rows if (claimed := self._open(row))]

    async def _hear(self, cursor: psycopg.AsyncCursor[Any]) -> None:
        self._hear_at = time.monotonic() + _HEAR_EVERY
        await cursor.execute(_HEAR, {"sender": self._sender.id})
        messages = sum(row[0] for row in await cursor.fetchall())
        if messages:
            self._inbound(messages)

    async def unclaim(self, known: list[int]) -> int:
        """Gives back what is claimed in our name and not ``known`` to us. Only while nothing is under way."""
        database = await self._database.get()
        async with database.transaction():
            cursor = await database.execute(
                statement("unclaim"),
                {"sender": self._sender.id, "epoch": self._sender.epoch, "known": known},
            )
            row = await cursor.fetchone()
        return int(row[0]) if row else 0

    async def settle(self) -> None:
        """Decides what has been uncertain for longer than patience lasts (``ceilings``)."""
        async with await connect(name="arengo settle") as database:
            cursor = await database.execute(statement("settle"), settling(self._sender.id))
            topics = [str(row[1]) for row in await cursor.fetchall()]
            if topics:
                await database.execute(
                    "SELECT arengo_announce(%s, %s)", [self._sender.organization_id, topics]
                )

    async def close(self) -> None:
        await self._database.drop()

    def _open(self, row: tuple[Any, ...]) -> Claimed | None:
        delivery_id, fanout_id, urgency, address_sealed, lane, outgoing_sealed, attempts, outages = row
        try:
            address = _decode_address(vault().open(address_sealed, purpose="address"))
            outgoing = (
                self._fanouts[fanout_id]
                if outgoing_sealed is None
                else _decode_outgoing(vault().open(outgoing_sealed, purpose="outgoing"))
            )
        except Exception as error:  # noqa: BLE001  # one unreadable row must not hold up the sender; it is on screen as failed
            log.error("Delivery %d cannot be opened (%s).", delivery_id, type(error).__name__)
            self._unreadable(delivery_id, type(error).__name__)
            return None
        return Claimed(
            delivery_id,
            urgency,
            address,
            bytes(lane),
            outgoing,
            attempts,
            outages,
            single=fanout_id is None,
        )
