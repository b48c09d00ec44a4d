# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Can the process serve (``/readyz``; ``/healthz`` is ``config.web``'s); which processes there are, and what they tell of themselves."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from arengo.core.models import Heartbeat
from arengo.core.starting import is_starting
from arengo.core.tables import migrations_pending

BEAT = 5.0  # seconds between two heartbeats
STALE = timedelta(seconds=15)
PROCESSES = "processes"  # in a heartbeat: process_names() of the process
VAULT_KEYS = "vault_keys"  # in a heartbeat: core.vault.key_marks of the process, so that none is left behind by a new key


def beat(
    name: str, kind: str, *, began_at: datetime | None = None, detail: dict[str, Any] | None = None
) -> None:
    now = timezone.now()
    Heartbeat.objects.update_or_create(
        name=name,
        defaults={"kind": kind, "at": now, "began_at": began_at or now, "detail": detail or {}},
    )
    Heartbeat.objects.filter(at__lt=now - timedelta(days=1)).delete()


def rest(name: str) -> None:
    """The process ends of its own will: nobody needs to wait until its last heartbeat is stale."""
    Heartbeat.objects.filter(name=name).delete()


def living() -> list[Heartbeat]:
    """The processes that gave a sign of life within the last seconds, oldest first."""
    recent = Heartbeat.objects.filter(at__gte=timezone.now() - STALE)
    return [beat for beat in recent.order_by("kind", "began_at", "name") if not _has_ended(beat)]


def worker_lives() -> bool:
    return any(beat.kind == "worker" for beat in living())


def _has_ended(beat: Heartbeat) -> bool:
    """A process of this machine that is gone without a word: known at once, not when its last heartbeat is stale."""
    host, _colon, number = beat.name.rpartition(":")
    if host != socket.gethostname() or beat.detail.get(PROCESSES) != process_names() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def process_names() -> str:
    """The set of processes in which our numbers mean something (Linux: containers have their own); empty elsewhere."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when what is sent from now on is read and answered; 503 says what is missing.

    The database answers, its tables are this program's, a worker lives, and nothing is being made ready any more.
    """
    checks = {"database": "missing", "tables": "unknown", "worker": "unknown"}
    try:
        connection.ensure_connection()
        checks["database"] = "ok"
        checks["tables"] = "old" if migrations_pending() else "ok"
        checks["worker"] = "unknown" if checks["tables"] == "old" else "ok" if worker_lives() else "missing"
    except DatabaseError:
        pass
    checks["installation"] = "starting" if is_starting(settings.DATA) else "ok"
    ready = set(checks.values()) == {"ok"}
    return JsonResponse({"status": "ok" if ready else "unavailable", **checks}, status=200 if ready else 503)
