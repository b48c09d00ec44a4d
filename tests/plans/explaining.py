# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How PostgreSQL would answer a captured statement on the large tables, and how many rows it reads for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg._queries import PostgresQuery
from psycopg.adapt import Transformer

from tests.plans.capturing import Captured
from tests.plans.filling import SCHEMA

MOST_READ = (
    12_000  # rows of one table for one statement: two batches of retention, and what a busy batch touches
)


@dataclass(frozen=True)
class Step:
    """One node of a plan that reads a table."""

    kind: str
    table: str
    read: float  # rows, where it was run


def explain(database: psycopg.Connection[Any], one: Captured, *, run: bool = False) -> list[Step]:
    """With the values as they were used. ``run``: it is carried out and undone, and the rows it reads are counted."""
    how = "ANALYZE, TIMING OFF, BUFFERS OFF, " if run else ""
    cursor = psycopg.ClientCursor(database) if one.client else database.cursor()
    with cursor, database.transaction(force_rollback=True):
        cursor.execute(f"SET LOCAL search_path = {SCHEMA}, public")
        if not one.client:
            cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        cursor.execute(f"EXPLAIN ({how}FORMAT JSON)\n{one.text}", one.values)
        return list(_steps(cursor.fetchone()))


def explain_generic(database: psycopg.Connection[Any], one: Captured) -> list[Step]:
    """The plan that a prepared statement ends with: for whatever values."""
    query = PostgresQuery(Transformer(database))
    query.convert(one.text, one.values)
    with database.cursor() as cursor, database.transaction(force_rollback=True):
        cursor.execute(f"SET LOCAL search_path = {SCHEMA}, public")
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        types = []
        for oid in query.types:
            row = cursor.execute("SELECT format_type(%s, NULL)", [oid or 705]).fetchone()
            types.append(row[0] if row else "unknown")
        declared = f"({', '.join(types)})" if types else ""
        nothing = f"({', '.join(['NULL'] * len(types))})" if types else ""
        cursor.execute(f"PREPARE plan_of_it {declared} AS\n{query.query.decode()}")
        try:
            cursor.execute(f"EXPLAIN (FORMAT JSON) EXECUTE plan_of_it {nothing}")
            return list(_steps(cursor.fetchone()))
        finally:
            cursor.execute("DEALLOCATE plan_of_it")


def reads(steps: list[Step], tables: Set[str]) -> bool:
    return any(step.table in tables for step in steps)


def faults(steps: list[Step], tables: Set[str]) -> list[str]:
    """What is wrong with the plan; nothing if each of ``tables`` is read along an index, and little of it."""
    found = [
        f"{step.kind} on {step.table}"
        for step in steps
        if step.kind.endswith("Seq Scan") and step.table in tables
    ]
    read: dict[str, float] = {}
    for step in steps:
        if step.table in tables:
            read[step.table] = read.get(step.table, 0) + step.read
    return found + [f"reads {rows:.0f} rows of {table}" for table, rows in read.items() if rows > MOST_READ]


def _steps(answer: Any) -> Iterator[Step]:
    assert answer is not None, "EXPLAIN said nothing"
    whole = json.loads(answer[0]) if isinstance(answer[0], str) else answer[0]
    yield from _of(whole[0]["Plan"])


def _of(plan: dict[str, Any]) -> Iterator[Step]:
    name = plan["Node Type"]
    if "Relation Name" in plan and name != "ModifyTable":
        loops = plan.get("Actual Loops", 0)
        rows = plan.get("Actual Rows", 0) + plan.get("Rows Removed by Filter", 0)
        yield Step(name, plan["Relation Name"], loops * (rows + plan.get("Rows Removed by Index Recheck", 0)))
    for part in plan.get("Plans", []):
        yield from _of(part)
