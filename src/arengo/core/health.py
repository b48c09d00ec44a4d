# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Can the process serve (``/readyz``; ``/healthz`` is ``config.web``'s); which processes there are, and what they tell of themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from arengo.core.models import Heartbeat

BEAT = 5.0  # seconds between two heartbeats
STALE = timedelta(seconds=15)
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
    return list(Heartbeat.objects.filter(at__gte=timezone.now() - STALE).order_by("kind", "began_at", "name"))


def worker_lives() -> bool:
    return Heartbeat.objects.filter(kind="worker", at__gte=timezone.now() - STALE).exists()


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and a worker lives; 503 says which one does not."""
    try:
        connection.ensure_connection()
        checks = {"database": "ok", "worker": "ok" if worker_lives() else "missing"}
    except DatabaseError:
        checks = {"database": "missing", "worker": "unknown"}
    ready = set(checks.values()) == {"ok"}
    return JsonResponse({"status": "ok" if ready else "unavailable", **checks}, status=200 if ready else 503)
