# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Raw webhooks are forgotten after days, and with them the marks of the messages that they brought.

A row that still waits to be read is never touched. Batches of one short transaction each (``core/batches.py``); each goes on
where the one before ended, for the index is full of what has just gone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import psycopg

from arengo.core import batches
from arengo.core.database import connect
from arengo.intake.sql import statement

BITE = 5000  # rows: some tenths of a second


_Database = psycopg.AsyncConnection[tuple[Any, ...]]


async def forget_old(*, days: int) -> int:
    """Webhooks older than ``days``, of all organizations. What was seen stays a day longer. Returns how many rows went."""
    async with await connect(autocommit=True, name="arengo retention") as database:
        busy = partial(_busy, database)
        gone = await batches.delete_in_batches(_Batch(database, "forget_journal", days), busy)
        return gone + await batches.delete_in_batches(_Batch(database, "forget_seen", days + 1), busy)


class _Batch:
    """Each call takes the next ones, from the oldest on."""

    def __init__(self, database: _Database, name: str, days: int) -> None:
        self._database = database
        self._statement = statement(name)
        self._days = days
        self._after = datetime.min.replace(tzinfo=UTC)

    async def __call__(self) -> int:
        """How many went; what still waits to be read is passed over."""
        while True:
            cursor = await self._database.execute(
                self._statement, {"after": self._after, "days": self._days, "most": BITE}
            )
            row = await cursor.fetchone()
            if row is None or row[1] is None:
                return 0
            before, self._after = self._after, row[1]
            if row[0] or self._after == before:
                return int(row[0])


async def _busy(database: _Database) -> bool:
    row = await (await database.execute(statement("busy"))).fetchone()
    return bool(row and row[0])
