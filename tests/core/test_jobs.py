# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app

from arengo.core.jobs import forget_signals, take_up_stalled

pytestmark = pytest.mark.django_db(transaction=True)


def status(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job_id])
        return str(cursor.fetchone()[0])


def begun(job_id: int, *, heartbeat_ago: int) -> None:
    """As if a worker had begun it and given a sign of life so many seconds ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [heartbeat_ago],
        )
        worker = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = 0 WHERE id = %s",
            [worker, job_id],
        )


@pytest.mark.parametrize(("heartbeat_ago", "then"), [(120, "todo"), (2, "doing")], ids=["dead", "alive"])
def test_a_job_goes_again_only_when_its_worker_died(heartbeat_ago: int, then: str) -> None:
    job_id = forget_signals.configure(queueing_lock=f"test {then}").defer(timestamp=0)
    begun(job_id, heartbeat_ago=heartbeat_ago)
    async_to_sync(take_up_stalled.func)(SimpleNamespace(app=app), timestamp=0)
    assert status(job_id) == then


def test_a_dead_job_whose_like_waits_already_makes_room_and_stops_nobody() -> None:
    dead = forget_signals.configure(queueing_lock="same").defer(timestamp=0)
    begun(dead, heartbeat_ago=120)
    waiting = forget_signals.configure(queueing_lock="same").defer(timestamp=0)
    other = forget_signals.configure(queueing_lock="other").defer(timestamp=0)
    begun(other, heartbeat_ago=120)
    async_to_sync(take_up_stalled.func)(SimpleNamespace(app=app), timestamp=0)
    assert (status(waiting), status(other)) == ("todo", "todo")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE id = %s", [dead])
        assert cursor.fetchone()[0] == 0


@pytest.fixture(autouse=True)
def _no_jobs() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
