# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""PostgreSQL's own files, rewritten at night after an erasure.

1. Each table that an erasure touched is written anew (``VACUUM FULL``), with its indexes: what was changed or deleted is not
   in the new files. It locks the table: a lock that does not come in two seconds is given up, and so is a rewriting that
   takes longer than ``_WITHIN``; one that is larger than ``most_bytes`` is left to the administrator. The next run goes on.
2. The planner's statistics hold samples of values: they are made anew, and their table is written anew too.
3. PostgreSQL's log (WAL) goes on to its next file, and a checkpoint takes the old ones away (``wal_recycle=off``).

An erasure whose tables are done and whose log is past that point is gone. Until then ``Erasure.obstacles`` say why not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from arengo.core.database import connect
from arengo.core.sql import statement

# Three times a night (UTC): a backup that holds an old snapshot, or a busy table, is over an hour later.
HOURS, MINUTE = (2, 3, 4), 30
CRON = f"{MINUTE} {HOURS[0]}-{HOURS[-1]} * * *"

_LOCK = "2s"  # others behind us in the line for a table's lock wait as long as we do
_TRIES, _PAUSE = 5, 3.0  # for the lock; seconds
_WITHIN = "60s"  # of one table, which stands still meanwhile
STATISTICS = "pg_statistic"
_CHECKPOINT = "CHECKPOINT"
_FILLER = 1024 * 1024  # bytes of one message that only makes the log longer
_MOST_FILLERS = 1100  # enough for the largest log file that PostgreSQL has, 1 GB

_PENDING = """
SELECT id, tables, xid FROM core_erasure WHERE gone_at IS NULL AND unfinished = 0 AND rewritten_at IS NULL ORDER BY id
"""
_ONLY_SAMPLES = "SELECT id FROM core_erasure WHERE id = ANY(%s) AND tables <@ ARRAY[%s]::varchar[]"
_SIZE = "SELECT pg_total_relation_size(oid), relfilenode FROM pg_class WHERE oid = to_regclass(%s)"
_CLEARS_STATISTICS = 180000  # PostgreSQL 18 and later
# Where recycled files of the log keep their old content until they are written over, it must have gone round.
_LOG = """
SELECT
  (SELECT redo_lsn FROM pg_control_checkpoint())::text,
  pg_size_bytes(current_setting('wal_segment_size')),
  CASE WHEN current_setting('wal_recycle')::boolean THEN 2 * pg_size_bytes(current_setting('max_wal_size')) ELSE 0 END,
  pg_size_bytes(current_setting('wal_keep_size')),
  (SELECT count(*) FROM pg_replication_slots)
"""
_WRITTEN = """
UPDATE core_erasure SET rewritten_at = now(), log_position = pg_current_wal_insert_lsn()::text
WHERE gone_at IS NULL AND unfinished = 0 AND rewritten_at IS NULL AND tables = '{}' AND id = ANY(%s)
"""
_GONE = """
UPDATE core_erasure SET gone_at = now(), obstacles = '{}'
WHERE gone_at IS NULL AND rewritten_at IS NOT NULL
  AND floor((log_position::pg_lsn - '0/0'::pg_lsn + %(more)s) / %(segment)s) < floor((%(redo)s::pg_lsn - '0/0'::pg_lsn) / %(segment)s)
"""

_Database = psycopg.AsyncConnection[tuple[Any, ...]]

log = logging.getLogger(__name__)


def next_run(after: datetime) -> datetime:
    """When the night's work is tried next."""
    runs = (
        datetime.combine(after.astimezone(UTC).date() + timedelta(days=days), time(hour, MINUTE), tzinfo=UTC)
        for days in (0, 1)
        for hour in HOURS
    )
    return next(run for run in runs if run > after)


@dataclass
class _Night:
    """One run: which erasures wait for which tables, and what stood in the way."""

    database: _Database
    most_bytes: int
    waiting: dict[int, set[str]] = field(default_factory=dict)
    obstacles: dict[int, list[str]] = field(default_factory=dict)

    def hinder(self, obstacle: str, ids: Iterable[int]) -> None:
        for pk in ids:
            self.obstacles.setdefault(pk, []).append(obstacle)

    def wait_for(self, table: str) -> list[int]:
        return [pk for pk, tables in self.waiting.items() if table in tables]


async def rewrite(*, most_bytes: int | None = None) -> int:
    """One run for all organizations. Returns how many erasures are gone with it."""
    limit = settings.ARENGO_REWRITE_MOST_MB * 1024**2 if most_bytes is None else most_bytes
    async with await connect(autocommit=True, name="arengo rewriting") as database:
        night = _Night(database, limit)
        for pk, tables, xid in await (await database.execute(_PENDING)).fetchall():
            if await _value(database, statement("older_snapshot"), {"xid": xid}):
                night.hinder("snapshot", [pk])
            else:
                night.waiting[pk] = set(tables)
        for table in sorted(set().union(*night.waiting.values()) - {STATISTICS}):
            await _table(night, table)
        await _samples(night)
        await database.execute(_WRITTEN, [list(night.waiting)])
        gone = await _log(night)
        # On screen stands why it is not done; what has ended has nothing left to say.
        hindered = "UPDATE core_erasure SET obstacles = %s WHERE id = %s AND gone_at IS NULL"
        for pk, obstacles in night.obstacles.items():
            await database.execute(hindered, [sorted(obstacles), pk])
        return gone


async def _table(night: _Night, table: str) -> None:
    """The table and the planner's samples of it; the erasures that waited for it know."""
    ids = night.wait_for(table)
    obstacle = await _write_anew(night, table) or await _sample_anew(night.database, table)
    if obstacle:
        night.hinder(f"{obstacle}:{table}", ids)
        return
    await night.database.execute(
        "UPDATE core_erasure SET tables = array_remove(tables, %s) WHERE id = ANY(%s)", [table, ids]
    )


async def _samples(night: _Night) -> None:
    """The table of the samples, for the erasures that wait for nothing else."""
    cursor = await night.database.execute(_ONLY_SAMPLES, [list(night.waiting), STATISTICS])
    ids = [pk for (pk,) in await cursor.fetchall()]
    obstacle = await _vacuum_full(night.database, STATISTICS) if ids else ""
    if obstacle:
        night.hinder(f"{obstacle}:{STATISTICS}", ids)
    else:
        await night.database.execute("UPDATE core_erasure SET tables = '{}' WHERE id = ANY(%s)", [ids])


async def _write_anew(night: _Night, table: str) -> str:
    """The obstacle, or nothing."""
    database = night.database
    before = await (await database.execute(_SIZE, [table])).fetchone()
    if before is None:  # a later version of Arengo has no such table: its files are gone
        return ""
    if before[0] > night.most_bytes:
        await database.execute(sql.SQL("VACUUM {}").format(sql.Identifier(table)))
        return "large"
    obstacle = await _vacuum_full(database, table)
    if obstacle:
        return obstacle
    after = await (await database.execute(_SIZE, [table])).fetchone()
    return "denied" if after is not None and after[1] == before[1] else ""


async def _vacuum_full(database: _Database, table: str) -> str:
    for _try in range(_TRIES):
        try:
            async with _limits(database):
                await database.execute(sql.SQL("VACUUM (FULL) {}").format(sql.Identifier(table)))
        except psycopg.errors.LockNotAvailable:
            await asyncio.sleep(_PAUSE)
        except psycopg.errors.QueryCanceled:
            return "slow"
        except psycopg.errors.InsufficientPrivilege:
            return "denied"
        except (psycopg.errors.DiskFull, psycopg.errors.OutOfMemory):
            return "space"
        else:
            return ""
    return "busy"


class _limits:  # used like a function
    """How long a statement may wait for a lock, and last; afterwards as before."""

    def __init__(self, database: _Database) -> None:
        self._database = database

    async def __aenter__(self) -> None:
        await self._database.execute(f"SET lock_timeout = '{_LOCK}'; SET statement_timeout = '{_WITHIN}'")

    async def __aexit__(self, *_error: object) -> None:
        await self._database.execute("RESET lock_timeout; RESET statement_timeout")


async def _sample_anew(database: _Database, table: str) -> str:
    """ANALYZE leaves the samples of an empty table as they were: they are cleared first. Returns the obstacle, or nothing."""
    if not await _value(database, "SELECT to_regclass(%s) IS NOT NULL", [table]):
        return ""
    try:
        async with _limits(database):
            await _clear_statistics(database, table)
            await database.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
    except psycopg.errors.LockNotAvailable:
        return "busy"
    except psycopg.errors.QueryCanceled:
        return "slow"
    return ""


async def _clear_statistics(database: _Database, table: str) -> None:
    columns = await (await database.execute(statement("sampled_columns"), {"table": table})).fetchall()
    if database.info.server_version >= _CLEARS_STATISTICS:
        for column, _type in columns:
            await database.execute(
                "SELECT pg_clear_attribute_stats(current_schema(), %s, %s, false)", [table, column]
            )
    elif not await _value(database, sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table))):
        # A change of type, to the same one, forgets the samples; of an empty table it costs nothing.
        for column, type_name in columns:
            await database.execute(
                sql.SQL("ALTER TABLE {} ALTER COLUMN {} TYPE {}").format(
                    sql.Identifier(table), sql.Identifier(column), sql.SQL(type_name)
                )
            )


async def _log(night: _Night) -> int:
    """Erasures whose log is gone too. Where the role may not ask for a checkpoint, PostgreSQL makes one by itself in minutes."""
    database = night.database
    left = "SELECT array_agg(id) FROM core_erasure WHERE gone_at IS NULL AND rewritten_at IS NOT NULL"
    if not await _value(database, left):
        return 0
    await _next_file(database)
    try:
        await database.execute(_CHECKPOINT)
    except psycopg.errors.InsufficientPrivilege:
        log.info("This role may not ask PostgreSQL for a checkpoint: the next one of its own will do.")
    row = await (await database.execute(_LOG)).fetchone()
    assert row is not None  # noqa: S101  # a SELECT without FROM
    redo, segment, more, keep, slots = row
    gone = 0
    if not slots:
        cursor = await database.execute(_GONE, {"redo": redo, "segment": segment, "more": more + keep})
        gone = cursor.rowcount
    night.hinder(
        "slots" if slots else "recycled" if more + keep else "log", await _value(database, left) or []
    )
    return gone


async def _next_file(database: _Database) -> None:
    """What follows is in another file of the log. (pg_switch_wal() is not for everyone; messages are.)"""
    name = "SELECT pg_walfile_name(pg_current_wal_insert_lsn())"
    current = await _value(database, name)
    for _filler in range(_MOST_FILLERS):
        if await _value(database, name) != current:
            return
        await database.execute("SELECT pg_logical_emit_message(false, 'arengo', repeat('-', %s))", [_FILLER])


async def _value(database: _Database, query: str | sql.Composed, values: Any = None) -> Any:
    row = await (await database.execute(query, values)).fetchone()
    return row[0] if row else None
