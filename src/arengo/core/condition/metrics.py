# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ground, and what goes out by itself, as families of metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from arengo.core.condition.sections import Automatic
from arengo.core.console.conditions import Snapshot
from arengo.core.console.metrics import Family, Gauge, Sample
from arengo.core.machine import Machine


def _automatic(snapshot: Snapshot) -> Iterator[Sample]:
    for lately in snapshot.of(Automatic).lately:
        for outcome, number in (
            ("sent", lately.sent),
            ("too_many_to_one", lately.too_many_to_one),
            ("too_many_in_all", lately.too_many_in_all),
            ("waiting", lately.waiting),
        ):
            yield Sample(number, (str(lately.organization_id), outcome))


def _processes(snapshot: Snapshot) -> Iterator[Sample]:
    for kind in ("web", "worker"):
        yield Sample(snapshot.of(Machine).alive(kind), (kind,))


def _jobs(snapshot: Snapshot) -> Iterator[Sample]:
    for state, number in snapshot.of(Machine).jobs.items():
        yield Sample(number, (state,))


def _table_bytes(snapshot: Snapshot) -> Iterator[Sample]:
    for table in snapshot.of(Machine).tables:
        yield Sample(table.bytes, (table.name,))


def _table_rows(snapshot: Snapshot) -> Iterator[Sample]:
    for table in snapshot.of(Machine).tables:
        if table.rows is not None:
            yield Sample(table.rows, (table.name,))


def _of_machine(value: Callable[[Machine], int]) -> Callable[[Snapshot], list[Sample]]:
    return lambda snapshot: [Sample(value(snapshot.of(Machine)))]


BY_ITSELF: tuple[Family, ...] = (
    Gauge(
        "arengo_automatic_messages_lately",
        "Messages that Arengo sent by itself in this hour and the last, or did not: too many to one person, too many in "
        "all; and those that wait for the pace.",
        _automatic,
        ("organization_id", "outcome"),
    ),
)

GROUND: tuple[Family, ...] = (
    Gauge("arengo_processes", "Processes that live, by kind.", _processes, ("kind",)),
    Gauge("arengo_jobs", "Background jobs by state, counted up to 100,000.", _jobs, ("state",)),
    Gauge(
        "arengo_database_table_bytes",
        "Size of the largest tables, indexes included.",
        _table_bytes,
        ("table",),
    ),
    Gauge(
        "arengo_database_table_rows",
        "Rows of the largest tables as PostgreSQL estimates them.",
        _table_rows,
        ("table",),
    ),
    Gauge(
        "arengo_jobs_failed_last_day",
        "Background jobs that failed within a day.",
        _of_machine(lambda ground: ground.jobs_failed_lately),
    ),
    Gauge(
        "arengo_database_bytes", "Size of the database.", _of_machine(lambda ground: ground.database_bytes)
    ),
    Gauge(
        "arengo_database_connections",
        "Connections to the database server.",
        _of_machine(lambda ground: ground.connections),
    ),
    Gauge(
        "arengo_database_connections_limit",
        "Connections that it allows.",
        _of_machine(lambda ground: ground.most_connections),
    ),
    Gauge(
        "arengo_migrations_pending",
        "Changes of the tables that are not applied.",
        _of_machine(lambda ground: ground.migrations_pending),
    ),
    Gauge(
        "arengo_disk_free_bytes",
        "Free space where the data folder of this web process is.",
        _of_machine(lambda ground: ground.disk_free),
    ),
)
