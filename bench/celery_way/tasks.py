# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``celery -A bench.celery_way.tasks worker``: one task a recipient, with what makes it fast.

Tasks are acknowledged early (Celery's default, and the fastest), no results are kept, many are prefetched, each
process keeps its connections to the platform and to PostgreSQL.
"""

from __future__ import annotations

import os

import django

django.setup()

import requests  # noqa: E402
from celery import Celery  # type: ignore[import-untyped]  # noqa: E402 - it has no types
from django.utils import timezone  # noqa: E402

from bench.celery_way.models import Recipient  # noqa: E402
from bench.messages import body, headers  # noqa: E402

app = Celery("celery_way", broker=os.environ["BENCH_BROKER"])
app.conf.update(
    task_ignore_result=True,
    worker_prefetch_multiplier=64,
    worker_send_task_events=False,
    task_serializer="json",
    broker_connection_retry_on_startup=True,
    CELERY_DB_REUSE_MAX=1_000_000_000,
)
_session = requests.Session()
_session.trust_env = False
_address = os.environ["BENCH_MESSAGES"]


@app.task(name="send")  # type: ignore[untyped-decorator]  # as above
def send(recipient_id: int) -> None:
    recipient = Recipient.objects.get(pk=recipient_id)
    answer = _session.post(_address, data=body(recipient_id - 1), headers=headers(), timeout=30)
    answer.raise_for_status()
    recipient.message_id = answer.json()["messages"][0]["id"]
    recipient.status = "sent"
    recipient.sent_at = timezone.now()
    recipient.save(update_fields=["message_id", "status", "sent_at"])
