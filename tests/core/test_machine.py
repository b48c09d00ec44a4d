# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from arengo.core import health, machine, tables
from arengo.core.models import Heartbeat
from arengo.core.process_metrics import ProcessMetrics
from arengo.core.starting import starting

pytestmark = pytest.mark.django_db


def _told(number: int) -> dict[str, object]:
    process_metrics = ProcessMetrics()
    process_metrics.count("accepted", 1, number)
    return {"metrics": msgspec.to_builtins(process_metrics.snapshot())}


def _job(status: str, hours_ago: float = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'a.job', %s) RETURNING id",
            [status],
        )
        (job_id,) = cursor.fetchone() or (0,)
        if status == "failed":
            cursor.execute(
                "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'failed', now() - make_interval(hours => %s))",
                [job_id, int(hours_ago)],
            )


def test_only_who_lives_is_counted_and_what_they_tell_is_added_up(tmp_path: Path) -> None:
    health.beat("one:1", "worker", detail=_told(2))
    health.beat("two:2", "worker", detail=_told(3))
    health.beat("three:3", "web")
    health.beat("dead:4", "worker", detail=_told(100))
    Heartbeat.objects.filter(name="dead:4").update(at=timezone.now() - timedelta(minutes=1))
    found = machine.read(tmp_path)
    assert (found.alive("worker"), found.alive("web")) == (2, 1)
    assert found.metrics.count("accepted", 1).total == 5


def test_who_ends_of_its_own_will_is_off_the_books_at_once() -> None:
    health.beat("one:1", "worker")
    assert health.worker_lives()
    health.rest("one:1")
    assert not health.worker_lives()


def test_a_process_of_this_machine_that_was_killed_lives_no_more() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    here, elsewhere = health.process_names(), "pid:[1]"
    health.beat(f"{socket.gethostname()}:{gone.pid}", "worker", detail={health.PROCESSES: here})
    assert not health.worker_lives()
    # The same number in another container, or on another machine, says nothing.
    health.beat(f"{socket.gethostname()}:{gone.pid}", "worker", detail={health.PROCESSES: elsewhere})
    assert health.worker_lives()
    Heartbeat.objects.all().delete()
    health.beat(f"another:{gone.pid}", "worker", detail={health.PROCESSES: here})
    health.beat(f"{socket.gethostname()}:{os.getpid()}", "web", detail={health.PROCESSES: here})
    assert len(health.living()) == 2


def _ready(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_it_is_ready_only_when_nothing_is_being_made_ready(
    client: Client, tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path
    assert _ready(client) == (
        503,
        {
            "status": "unavailable",
            "database": "ok",
            "tables": "ok",
            "worker": "missing",
            "installation": "ok",
        },
    )
    health.beat("one:1", "worker")
    assert _ready(client)[0] == 200
    with starting(tmp_path):
        assert _ready(client)[1]["installation"] == "starting"
        assert _ready(client)[0] == 503
    assert _ready(client)[0] == 200


def test_it_is_not_ready_on_tables_of_another_program(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    health.beat("one:1", "worker")
    monkeypatch.setattr(health, "migrations_pending", lambda: 1)
    assert _ready(client)[0] == 503
    assert _ready(client)[1]["tables"] == "old"


def test_a_heartbeat_remembers_since_when_the_process_lives() -> None:
    began = timezone.now() - timedelta(hours=3)
    health.beat("one:1", "worker", began_at=began)
    health.beat("one:1", "worker", began_at=began)
    [heart] = health.living()
    assert heart.began_at == began


def test_jobs_are_counted_by_what_became_of_them_and_old_failures_are_told_apart(tmp_path: Path) -> None:
    before = machine.read(tmp_path)
    for status in ("todo", "todo", "doing", "failed", "succeeded"):
        _job(status)
    _job("failed", hours_ago=50)
    after = machine.read(tmp_path)
    assert {name: after.jobs[name] - before.jobs[name] for name in after.jobs} == {
        "todo": 2,
        "doing": 1,
        "failed": 2,
    }
    assert after.jobs_failed_lately - before.jobs_failed_lately == 1


def test_the_database_tells_its_size_and_its_largest_tables_without_counting(tmp_path: Path) -> None:
    found = machine.read(tmp_path)
    assert found.database_bytes > 1_000_000
    assert 0 < found.connections <= found.most_connections
    assert len(found.tables) == 5
    assert [table.bytes for table in found.tables] == sorted(
        (table.bytes for table in found.tables), reverse=True
    )
    assert found.disk_free > 0


def test_tables_that_are_not_up_to_date_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_up_to_date", False)
    assert machine.read(tmp_path).migrations_pending == 0
    monkeypatch.setattr(tables, "_up_to_date", False)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'core' "
            "AND name = (SELECT max(name) FROM django_migrations WHERE app = 'core')"
        )
    assert machine.read(tmp_path).migrations_pending >= 1
