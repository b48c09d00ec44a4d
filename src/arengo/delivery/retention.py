# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is forgotten of what was sent, and when.

1. Single messages past their time keep their outcome, which a conversation shows; address, words and message id go.
2. A mailing past its time keeps its counters and the reasons of what failed, for ever; its deliveries, one a recipient,
   are deleted.
3. What still waits in the outbox is never touched, nor the mailing that it belongs to.
4. What the platform's limits are counted by is of interest for a day, also after the number has another owner; what evidence about
   lost answers is made of, for two.

Batches of one short transaction each (``core/batches.py``). Whatever ends it in the middle, the next run goes on there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg

from arengo.core import batches
from arengo.core.database import connect
from arengo.delivery.limits import ceilings
from arengo.delivery.sql import statement

BITE = 5000  # deliveries: some tenths of a second

_OLDEST = """
DELETE FROM {table} WHERE {key} = ANY (ARRAY (
  SELECT {key} FROM {table} WHERE at < now() - %(kept)s ORDER BY at LIMIT %(most)s
))
"""

# What is remembered for days only, and how long. Each deletes one batch of it, the oldest, along the index that knows its age.
_REMEMBERED = (
    (statement("forget_reached"), ceilings.PEOPLE_KEPT),
    (statement("forget_heard"), ceilings.PEOPLE_KEPT),
    (statement("forget_acceptances"), ceilings.ACCEPTANCES_KEPT),
    (_OLDEST.format(table="delivery_inbound", key="id"), timedelta(hours=1)),
    (_OLDEST.format(table="delivery_secondtry", key="delivery_id"), timedelta(days=30)),
    (_OLDEST.format(table="delivery_copy", key="id"), timedelta(days=40)),  # Meta: tries for up to 30 days
)

_Database = psycopg.AsyncConnection[tuple[Any, ...]]


async def forget_old(*, days: int) -> int:
    """Everything older than ``days``, of all organizations. Returns how many deliveries went or lost their address."""
    async with await connect(autocommit=True, name="arengo retention") as database:
        for oldest, kept in _REMEMBERED:
            await batches.delete_in_batches(
                partial(_forget_batch, database, oldest, kept), partial(_busy, database)
            )
        gone = await batches.delete_in_batches(
            partial(_forget_singles, database, days), partial(_busy, database)
        )
        mailing = _Mailing(0, 0, 0)
        while found := await _next_mailing(database, days, mailing.id):
            mailing = found
            gone += await _empty(database, mailing)
        return gone


@dataclass
class _Mailing:
    """Its deliveries have ids from ``first`` to ``last``, among those of others; before ``first`` none is left."""

    id: int
    first: int
    last: int


async def _forget_batch(database: _Database, oldest: str, kept: timedelta) -> int:
    return (await database.execute(oldest, {"most": BITE, "kept": kept})).rowcount


async def _forget_singles(database: _Database, days: int) -> int:
    cursor = await database.execute(statement("forget_singles"), {"days": days, "most": BITE})
    return cursor.rowcount


async def _next_mailing(database: _Database, days: int, after: int) -> _Mailing | None:
    cursor = await database.execute(statement("forget_mailing"), {"days": days, "after": after})
    row = await cursor.fetchone()
    return _Mailing(*row) if row else None


async def _empty(database: _Database, mailing: _Mailing) -> int:
    async def delete_batch() -> int:
        cursor = await database.execute(
            statement("empty_mailing"),
            {"fanout": mailing.id, "first": mailing.first, "last": mailing.last, "most": BITE},
        )
        row = await cursor.fetchone()
        if row is None or not row[0]:
            return 0
        mailing.first = row[1] + 1
        return int(row[0])

    gone = await batches.delete_in_batches(delete_batch, partial(_busy, database))
    await database.execute(statement("emptied"), {"fanout": mailing.id})
    return gone


async def _busy(database: _Database) -> bool:
    row = await (await database.execute(statement("busy"))).fetchone()
    return bool(row and row[0])
