# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is forgotten of what was sent, and when.

Each organization has its own time for both of the first; what was sent to somebody whose data are held stays (``core/console/holds.py``).

1. Single messages past their time keep their outcome, which a conversation shows; address, words and message id go.
2. A mailing past its time keeps its counters and the reasons of what failed, for ever; its deliveries, one a recipient,
   are deleted.
3. What still waits in the outbox is never touched, nor the mailing that it belongs to.
4. What the platform's limits are counted by is of interest for a day, also after the number has another owner; what evidence about
   lost answers is made of, for two.

Batches of one short transaction each (``core/batches.py``). Whatever ends it in the middle, the next run goes on there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import psycopg

from arengo.core import batches
from arengo.core.database import connect
from arengo.delivery.limits import ceilings
from arengo.delivery.sql import statement

BITE = 4000  # deliveries: some tenths of a second

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


@dataclass(frozen=True)
class Times:
    """``days``: of every organization. ``singles``, ``mailings``: organization's id → days, where that is another number.

    ``held``: the hashes of addresses of whom nothing goes.
    """

    days: int
    singles: Mapping[int, int] = field(default_factory=dict)
    mailings: Mapping[int, int] = field(default_factory=dict)
    held: Collection[bytes] = ()


@dataclass(frozen=True)
class Gone:
    """Of each organization: single messages that lost their address, deliveries of mailings that went."""

    singles: Counter[int] = field(default_factory=Counter)
    mailings: Counter[int] = field(default_factory=Counter)


async def forget_old(times: Times) -> Gone:
    """Everything past its time, of all organizations."""
    async with await connect(autocommit=True, name="arengo retention") as database:
        busy = partial(_busy, database)
        for oldest, kept in _REMEMBERED:
            await batches.delete_in_batches(partial(_forget_batch, database, oldest, kept), busy)
        singles = _Singles(database, times)
        await batches.delete_in_batches(singles, busy)
        gone = Gone(singles.gone)
        mailing = _Mailing(0, 0, 0, 0)
        while found := await _next_mailing(database, times, mailing.id):
            mailing = found
            gone.mailings[mailing.organization] += await _empty(database, mailing, times.held)
        return gone


@dataclass
class _Mailing:
    """Its deliveries have ids from ``first`` to ``last``, among those of others; before ``first`` none is left."""

    id: int
    organization: int
    first: int
    last: int


async def _forget_batch(database: _Database, oldest: str, kept: timedelta) -> int:
    return (await database.execute(oldest, {"most": BITE, "kept": kept})).rowcount


class _Singles:
    """Each call takes the next ones, from the oldest on."""

    def __init__(self, database: _Database, times: Times) -> None:
        self._database = database
        self._values = {
            "usual": times.days,
            "least": min([times.days, *times.singles.values()]),
            "days": _written(times.singles),
            "held": list(times.held),
            "most": BITE,
        }
        self._after = datetime.min.replace(tzinfo=UTC)
        self.gone: Counter[int] = Counter()

    async def __call__(self) -> int:
        """How many went; what is under way, held, or kept longer, is passed over."""
        while True:
            values = {**self._values, "after": self._after}
            row = await (await self._database.execute(statement("forget_singles"), values)).fetchone()
            if row is None or row[1] is None:
                return 0
            before, self._after = self._after, row[1]
            went = Counter({int(organization): int(count) for organization, count in row[0].items()})
            self.gone += went
            if went or self._after == before:
                return went.total()


async def _next_mailing(database: _Database, times: Times, after: int) -> _Mailing | None:
    values = {"usual": times.days, "days": _written(times.mailings), "after": after}
    row = await (await database.execute(statement("forget_mailing"), values)).fetchone()
    return _Mailing(*row) if row else None


async def _empty(database: _Database, mailing: _Mailing, held: Collection[bytes]) -> int:
    async def delete_batch() -> int:
        cursor = await database.execute(
            statement("empty_mailing"),
            {
                "fanout": mailing.id,
                "first": mailing.first,
                "last": mailing.last,
                "held": list(held),
                "most": BITE,
            },
        )
        row = await cursor.fetchone()
        if row is None or not row[0]:
            return 0
        mailing.first = row[1] + 1
        return int(row[0])

    gone = await batches.delete_in_batches(delete_batch, partial(_busy, database))
    await database.execute(statement("emptied"), {"fanout": mailing.id})
    return gone


def _written(days: Mapping[int, int]) -> str:
    return json.dumps({str(organization): each for organization, each in days.items()})


async def _busy(database: _Database) -> bool:
    row = await (await database.execute(statement("busy"))).fetchone()
    return bool(row and row[0])
