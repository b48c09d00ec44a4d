# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows from a refusal beyond the delivery itself, seconds later and apart from the sending.

A person who wants silence is taken off the list, as if a receipt had said so; who may not be written to today gets a
second try. A worker killed in between leaves the delivery failed, with its reason: the next refusal says it again, or a
person presses «Riprova».
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Collection, Sequence

import psycopg
from django.db import DatabaseError, connection, transaction

from arengo.core import batches
from arengo.core.database import connect
from arengo.core.events import Batch, publish
from arengo.core.logs import named
from arengo.core.scope import organization_scope
from arengo.delivery.events import OptedOut
from arengo.delivery.limits import daily
from arengo.delivery.queue.claimed import Claimed, OwnedSender
from arengo.delivery.sending.results import Results
from arengo.delivery.sql import statement
from arengo.platforms.contract import Address, Remedy

_EVERY = 1.0  # seconds
_FORGET_EVERY = 3600.0
_FORGET_BITE = 5000  # rows
_COUNTS = (
    (
        "DELETE FROM delivery_reached WHERE id = ANY (ARRAY ("
        "SELECT id FROM delivery_reached WHERE organization_id = %(organization)s AND account = %(account)s "
        "AND at < now() - %(day)s ORDER BY at LIMIT %(most)s))"
    ),
    (
        "DELETE FROM delivery_heard WHERE id = ANY (ARRAY ("
        "SELECT id FROM delivery_heard WHERE sender_id = %(sender)s AND at < now() - %(day)s ORDER BY at LIMIT %(most)s))"
    ),
)

log = logging.getLogger(__name__)


class FollowUps:
    """Of one owned sender."""

    def __init__(self, sender: OwnedSender, results: Results) -> None:
        self._sender = sender
        self._results = results
        self._silent: list[Address] = []
        self._next_day: set[int] = set()
        self._forget_at = 0.0

    def refused(self, claimed: Claimed, remedy: Remedy) -> None:
        """Called for what failed for good."""
        if remedy is Remedy.OPTED_OUT:
            self._silent.append(claimed.address)
        elif remedy is Remedy.NEXT_DAY:
            self._next_day.add(claimed.id)

    async def tend_forever(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            try:
                await self.tend()
                await self._forget()
            except (psycopg.Error, DatabaseError, OSError) as error:
                log.warning("What follows from refusals waits for the database (%s).", named(error))

    async def tend(self) -> None:
        silent = list(self._silent)
        if silent:
            await asyncio.to_thread(_opted_out, self._sender, silent)
            del self._silent[: len(silent)]
        # Only what is written as failed can be tried again: the writer may be a moment behind.
        if self._next_day and not self._results.pending:
            asked = set(self._next_day)
            async with await connect(name="arengo follow_ups") as database:
                await database.execute(
                    statement("second_try"), {"sender": self._sender.id, "ids": list(asked)}
                )
            self._next_day -= asked

    async def _forget(self) -> None:
        """The day's counts hold addresses, if only as hashes: what counts no more is not kept."""
        if self._sender.tier is None or time.monotonic() < self._forget_at:
            return
        self._forget_at = time.monotonic() + _FORGET_EVERY
        values = {
            "organization": self._sender.organization_id,
            "account": daily.account_of(self._sender.credentials),
            "sender": self._sender.id,
            "day": daily.DAY,
            "most": _FORGET_BITE,
        }
        async with await connect(autocommit=True, name="arengo follow_ups") as database:
            for oldest in _COUNTS:

                async def delete_batch(oldest: str = oldest) -> int:
                    return (await database.execute(oldest, values)).rowcount

                await batches.delete_in_batches(delete_batch, _calm)


async def _calm() -> bool:
    return False


def _opted_out(sender: OwnedSender, addresses: Sequence[Address]) -> None:
    """In a thread: who listens is the rest of the house, which speaks Django."""
    try:
        with organization_scope(sender.organization_id), transaction.atomic():
            events = [OptedOut(sender.platform, address) for address in addresses]
            publish(OptedOut, Batch(sender.organization_id, sender.id, events, sender.platform))
    finally:
        with contextlib.suppress(DatabaseError):
            connection.close()


def try_again_next_day(sender_id: int, delivery_ids: Collection[int]) -> None:
    """The same for what failed after it was accepted. Called where receipts are applied, in their transaction."""
    with connection.cursor() as cursor:
        cursor.execute(statement("second_try"), {"sender": sender_id, "ids": list(delivery_ids)})
