# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything sealed under an older vault key, sealed again under the first one, while the service runs.

A batch is one short transaction: it locks the rows that nobody else has locked, opens, seals and writes them. What was
locked comes with the next pass. A value says itself under which key it is sealed, so a run that was killed needs no
memory of it: the next one passes over what is done. Between two batches the run rests as long as it worked.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import psycopg
from psycopg import sql

from arengo.core.database import conninfo
from arengo.core.sealed import SealedColumn, sealed_columns
from arengo.core.vault import Vault, VaultError, sealed_under, vault

NAME = "arengo reseal"  # of the database session
_WINDOW = 5000  # rows looked at by one query
_BATCH, _BATCH_BYTES = 500, 4 * 1024 * 1024  # rows, and bytes of sealed values, written by one transaction
_PASSES = 20  # over a table, until none of its rows was in somebody else's hands
_BETWEEN_PASSES = 1.0  # seconds
_UNOPENED = object()
_LOCK = 0x6172656E676F  # advisory: one run at a time ("arengo")

Row = tuple[Any, ...]
Connection = psycopg.Connection[Row]


_pause = time.sleep


class Running(Exception):
    """Another run is at it."""


@dataclass(slots=True)
class Progress:
    """Of one table. ``unopened``: rows with a value that none of the keys opens; they stay as they are."""

    table: str
    looked_at: int = 0
    resealed: int = 0
    busy: int = 0  # rows that somebody else had locked, in the last pass
    unopened: int = 0


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    key: str
    columns: list[SealedColumn]

    def old(self, head: bytes) -> sql.Composable:
        """SQL: whether a row may hold something that another key sealed."""
        tests: list[sql.Composable] = []
        for column in self.columns:
            name = sql.Identifier(column.column)
            if column.plain:
                old = sql.SQL("(octet_length({0}) > 2 AND substring({0} FROM 1 FOR {1}) <> {2})")
                tests.append(old.format(name, sql.Literal(len(head)), sql.Literal(head)))
            else:
                tests.append(sql.SQL("({} IS NOT NULL)").format(name))
        return sql.SQL("coalesce({}, false)").format(sql.SQL(" OR ").join(tests))

    def size(self) -> sql.Composable:
        """SQL: bytes of a row's sealed columns, without reading them where they are bytes."""
        parts = [
            sql.SQL("coalesce(octet_length({}), 0)").format(
                sql.Identifier(column.column)
                if column.plain
                else sql.SQL("{}::text").format(sql.Identifier(column.column))
            )
            for column in self.columns
        ]
        return sql.SQL(" + ").join(parts)


@dataclass(slots=True)
class _Run:
    connection: Connection
    box: Vault
    on_progress: Callable[[Progress], None]


def reseal(on_progress: Callable[[Progress], None] = lambda progress: None) -> list[Progress]:
    """All tables. ``on_progress`` is called after each batch. Running when another run is at it; psycopg.Error as it comes."""
    with _session() as connection:
        (free,) = connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone() or (False,)
        if not free:
            raise Running
        run = _Run(connection, vault(), on_progress)
        # From now on the newest lookup key is known to a holder of the sealing key.
        connection.execute(
            "UPDATE core_lookupkeys SET known_to = known_to || %(id)s::text WHERE NOT %(id)s = ANY(known_to)",
            {"id": run.box.sealing_id},
        )
        return [_reseal_table(run, table) for table in _tables()]


def keys_in_use(*, within: float | None = None) -> dict[str, Counter[str]]:
    """How many values each key still opens, by key id and «table.column»: every registered column is counted.

    ``within``: seconds for one column, then psycopg.errors.QueryCanceled.
    """
    found: dict[str, Counter[str]] = {}
    with _session() as connection:
        if within is not None:
            connection.execute(f"SET statement_timeout = {round(within * 1000)}")
        for table in _tables():
            for column in table.columns:
                for key_id, count in _counted(connection, column).items():
                    found.setdefault(key_id, Counter())[f"{column.table}.{column.column}"] = count
    return found


@contextmanager
def _session() -> Iterator[Connection]:
    with psycopg.connect(conninfo(NAME), autocommit=True) as connection:
        yield connection


def _tables() -> list[_Table]:
    return [
        _Table(name, key, list(columns))
        for (name, key), columns in groupby(sealed_columns(), key=lambda column: (column.table, column.key))
    ]


def _reseal_table(run: _Run, table: _Table) -> Progress:
    progress = Progress(table.name)
    for number in range(_PASSES):
        if number:
            _pause(_BETWEEN_PASSES)
        progress.looked_at = progress.busy = progress.unopened = 0
        for keys, looked_at in _batches(run, table):
            began = time.monotonic()
            if keys:
                _reseal_rows(run, table, keys, progress)
            progress.looked_at += looked_at
            run.on_progress(progress)
            if keys:
                _pause(time.monotonic() - began)
        if not progress.busy:
            break
    return progress


def _batches(run: _Run, table: _Table) -> Iterator[tuple[list[Any], int]]:
    """Primary keys of rows to seal again, in their order, and how many rows were looked at to find them."""
    key, name = sql.Identifier(table.key), sql.Identifier(table.name)
    look = sql.SQL("SELECT {key}, {old}, {size} FROM {table} WHERE {after} ORDER BY {key} LIMIT {window}")
    last: Any = None
    while True:
        after = sql.SQL("true") if last is None else sql.SQL("{} > {}").format(key, sql.Literal(last))
        window = run.connection.execute(
            look.format(
                key=key,
                old=table.old(run.box.head),
                size=table.size(),
                table=name,
                after=after,
                window=sql.Literal(_WINDOW),
            )
        ).fetchall()
        batch: list[Any] = []
        weight = looked_at = 0
        for number, old, size in window:
            if batch and old and (len(batch) == _BATCH or weight + size > _BATCH_BYTES):
                yield batch, looked_at
                batch, weight, looked_at = [], 0, 0
            looked_at += 1
            if old:
                batch.append(number)
                weight += size
        yield batch, looked_at
        if len(window) < _WINDOW:
            return
        last = window[-1][0]


def _reseal_rows(run: _Run, table: _Table, keys: list[Any], progress: Progress) -> None:
    key, name = sql.Identifier(table.key), sql.Identifier(table.name)
    columns = [sql.Identifier(column.column) for column in table.columns]
    take = sql.SQL(
        "SELECT {}, {} FROM {} WHERE {} = ANY(%s) ORDER BY {} FOR NO KEY UPDATE SKIP LOCKED"
    ).format(key, sql.SQL(", ").join(columns), name, key, key)
    write = sql.SQL("UPDATE {} SET {} WHERE {} = %s").format(
        name, sql.SQL(", ").join(sql.SQL("{} = %s").format(column) for column in columns), key
    )
    with run.connection.transaction():
        taken = run.connection.execute(take, (keys,)).fetchall()
        changed: list[Row] = []
        for number, *values in taken:
            renewed = [
                _renewed(run.box, column, value) for column, value in zip(table.columns, values, strict=True)
            ]
            progress.unopened += any(value is _UNOPENED for value in renewed)
            kept = [old if new is _UNOPENED else new for old, new in zip(values, renewed, strict=True)]
            if kept != values:
                changed.append((*map(_written, kept), number))
        if changed:
            run.connection.cursor().executemany(write, changed)
        gone = run.connection.execute(
            sql.SQL("SELECT count(*) FROM {} WHERE {} = ANY(%s)").format(name, key), (keys,)
        ).fetchone()
    progress.resealed += len(changed)
    progress.busy += (gone[0] if gone else 0) - len(taken)


def _renewed(box: Vault, column: SealedColumn, value: Any) -> Any:
    def each(sealed: bytes, purpose: str) -> bytes:
        return box.reseal(sealed, purpose=purpose)

    try:
        return value if value is None else column.rewrite(value, each)
    except VaultError:
        return _UNOPENED


def _written(value: Any) -> Any:
    return psycopg.types.json.Jsonb(value) if isinstance(value, (dict, list)) else value


def _counted(connection: Connection, column: SealedColumn) -> Counter[str]:
    name, table = sql.Identifier(column.column), sql.Identifier(column.table)
    if column.plain:
        count = sql.SQL(
            "SELECT substring({0} FROM 1 FOR 2 + get_byte({0}, 1)), count(*) FROM {1}"
            " WHERE octet_length({0}) > 2 GROUP BY 1"
        ).format(name, table)
        found: Counter[str] = Counter()
        for head, number in connection.execute(count):
            key_id = sealed_under(head)
            if key_id is not None:
                found[key_id] += number
        return found
    return _counted_inside(connection, column)


def _counted_inside(connection: Connection, column: SealedColumn) -> Counter[str]:
    """Opens nothing: it asks the rewriter to put everything back as it was, and looks at what passes."""
    found: Counter[str] = Counter()

    def look(sealed: bytes, purpose: str) -> bytes:
        key_id = sealed_under(sealed)
        if key_id is not None:
            found[key_id] += 1
        return sealed

    statement = sql.SQL("SELECT {0} FROM {1} WHERE {0} IS NOT NULL").format(
        sql.Identifier(column.column), sql.Identifier(column.table)
    )
    with connection.transaction(), connection.cursor(name="sealed_inside") as rows:
        for (value,) in rows.execute(statement):
            column.rewrite(value, look)
    return found
