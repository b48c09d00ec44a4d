# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ground that everything stands on: processes, jobs, database, disk.

Every question is answered from a small table or from PostgreSQL's own books: none counts the rows of a large table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from arengo.core import disk, process_metrics
from arengo.core.health import living
from arengo.core.process_metrics import MetricsSnapshot
from arengo.core.sql import statement
from arengo.core.tables import migrations_pending

_COUNTED_UP_TO = 100_000  # jobs: beyond it the number says nothing more


@dataclass(frozen=True)
class Process:
    """A process of ours that lives. ``name`` is its machine and number; ``metrics``: what it counted since it began."""

    name: str
    kind: str  # worker | web
    began_at: datetime
    at: datetime
    metrics: MetricsSnapshot


@dataclass(frozen=True)
class Table:
    """``rows`` is PostgreSQL's estimate, None until it has looked for the first time; ``bytes`` includes the indexes."""

    name: str
    rows: int | None
    bytes: int


@dataclass(frozen=True)
class Machine:
    processes: tuple[Process, ...]
    jobs: dict[str, int]  # of Procrastinate: todo, doing, failed
    jobs_failed_lately: int  # within the last day
    database_bytes: int
    tables: tuple[Table, ...]  # the largest ones
    connections: int
    most_connections: int
    migrations_pending: int
    disk_free: int  # bytes, where the data folder is

    @property
    def metrics(self) -> MetricsSnapshot:
        """By all of them together."""
        return MetricsSnapshot.merged(process.metrics for process in self.processes)

    @property
    def workers(self) -> tuple[Process, ...]:
        return tuple(process for process in self.processes if process.kind == "worker")

    def alive(self, kind: str) -> int:
        return sum(1 for process in self.processes if process.kind == kind)


def read(data: Path) -> Machine:
    """``data``: the folder of our files, whose disk is looked at."""
    jobs, failed_lately = _jobs()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database()), sum(numbackends)::int, "
            " current_setting('max_connections')::int FROM pg_stat_database"
        )
        size, connections, most = cursor.fetchone() or (0, 0, 0)
        cursor.execute(
            statement("largest_tables")
        )  # by PostgreSQL's books; a partitioned table counts as one
        tables = tuple(Table(str(name), rows, int(size)) for name, rows, size in cursor.fetchall())
    return Machine(
        processes=tuple(
            Process(heart.name, heart.kind, heart.began_at, heart.at, process_metrics.read(heart.detail))
            for heart in living()
        ),
        jobs=jobs,
        jobs_failed_lately=failed_lately,
        database_bytes=int(size),
        tables=tables,
        connections=int(connections),
        most_connections=int(most),
        migrations_pending=migrations_pending(),
        disk_free=disk.free(data),
    )


def _jobs() -> tuple[dict[str, int], int]:
    """Jobs that succeeded are deleted, so the table holds what waits, runs or failed."""
    with connection.cursor() as cursor:
        cursor.execute(statement("jobs_by_status"), {"most": _COUNTED_UP_TO})
        counted = {"todo": 0, "doing": 0, "failed": 0} | {
            str(status): int(number) for status, number in cursor.fetchall()
        }
        cursor.execute(statement("jobs_failed_lately"))
        row = cursor.fetchone()
    return counted, int(row[0]) if row else 0
