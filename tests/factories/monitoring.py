# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Processes that say that they live, and what they have done."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from arengo.core import health
from arengo.core.process_metrics import ACCEPTED, RECEIPTS, ProcessMetrics
from arengo.delivery.models import Sender
from arengo.delivery.senders import status as delivery_status
from arengo.delivery.senders.status import SenderStats


def put_to_work(
    sender: Sender,
    patch: pytest.MonkeyPatch,
    *,
    accepted: int,
    receipts: int,
    delay: float,
    pace: float,
    in_flight: int = 0,
    host: str = "host",
) -> None:
    """A web process lives, and a worker that owns the number; both numbers are of the last minute, ``delay`` in seconds."""
    process_metrics = ProcessMetrics()
    process_metrics.count(ACCEPTED, sender.pk, accepted)
    process_metrics.count(RECEIPTS, sender.pk, receipts)
    process_metrics.delay(RECEIPTS, sender.pk, [delay] * receipts)
    stats = SenderStats(sender=sender.pk, epoch=0, pace=pace, backlog=0, in_flight=in_flight)
    detail: dict[str, Any] = msgspec.to_builtins({"senders": [stats], "metrics": process_metrics.snapshot()})
    health.beat(f"{host}:1", "worker", detail=detail)
    health.beat(f"{host}:2", "web")
    patch.setattr(delivery_status, "owners", lambda: {sender.pk: f"{host}:1"})
