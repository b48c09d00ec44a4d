# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Is the process alive (``/healthz``); can it serve (``/readyz``)."""

from __future__ import annotations

from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from arengo.core.models import Heartbeat

STALE = timedelta(seconds=15)


def beat(name: str, kind: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"kind": kind, "at": timezone.now()})
    Heartbeat.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()


def worker_lives() -> bool:
    return Heartbeat.objects.filter(kind="worker", at__gte=timezone.now() - STALE).exists()


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and a worker lives; 503 says which one does not."""
    try:
        connection.ensure_connection()
        checks = {"database": "ok", "worker": "ok" if worker_lives() else "missing"}
    except DatabaseError:
        checks = {"database": "missing", "worker": "unknown"}
    ready = set(checks.values()) == {"ok"}
    return JsonResponse({"status": "ok" if ready else "unavailable", **checks}, status=200 if ready else 503)
