# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Raw webhooks are forgotten after days, and with them the marks of the messages that they brought.

A row that still waits to be read is never touched. Batches of one short transaction each (``core/batches.py``); each goes on
where the one before ended, for the index is full of what has just gone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import psycopg

from arengo.core import batches
from arengo.core.database import connect
from arengo.intake.sql import statement

BITE = 4000  # rows: some tenths of a second


_Database = psycopg.AsyncConnection[tuple[Any, ...]]


async def forget_old(*, days: int, of: Mapping[int, int] | None = None) -> Counter[int]:
    """Webhooks older than ``days``, of all organizations; ``of``: sender's id → days, where that is another number.

    What was seen stays a day longer. Returns how many rows went, of each sender.
    """
    async with await connect(autocommit=True, name="arengo retention") as database:
        busy = partial(_busy, database)
        webhooks = _Batch(database, "forget_journal", days, of or {})
        marks = _Batch(database, "forget_seen", days, of or {}, longer=1)
        for each in (webhooks, marks):
            await batches.delete_in_batches(each, busy)
        return webhooks.gone + marks.gone


class _Batch:
    """Each call takes the next ones, from the oldest on."""

    def __init__(
        self, database: _Database, name: str, days: int, of: Mapping[int, int], *, longer: int = 0
    ) -> None:
        self._database = database
        self._statement = statement(name)
        by_sender = {str(sender): each + longer for sender, each in of.items()}
        self._values = {
            "usual": days + longer,
            "least": min([days + longer, *by_sender.values()]),
            "days": json.dumps(by_sender),
            "most": BITE,
        }
        self._after = datetime.min.replace(tzinfo=UTC)
        self.gone: Counter[int] = Counter()

    async def __call__(self) -> int:
        """How many went; what still waits to be read, or is kept longer, is passed over."""
        while True:
            cursor = await self._database.execute(self._statement, {**self._values, "after": self._after})
            row = await cursor.fetchone()
            if row is None or row[1] is None:
                return 0
            before, self._after = self._after, row[1]
            went = Counter({int(sender): int(count) for sender, count in row[0].items()})
            self.gone += went
            if went or self._after == before:
                return went.total()


async def _busy(database: _Database) -> bool:
    row = await (await database.execute(statement("busy"))).fetchone()
    return bool(row and row[0])
