# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that are brought over and handed over, as the worker does it, with a platform that does as told."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from arengo.desk import jobs, transfers
from arengo.desk.models import Attachment, Message
from arengo.platforms.whatsapp.platform import WhatsApp

_numbers = count(1)


def job() -> Any:
    """The context of a new job."""
    return SimpleNamespace(job=SimpleNamespace(id=next(_numbers)))


def platform_does(monkeypatch: pytest.MonkeyPatch, verb: str, outcome: Any) -> list[tuple[Any, ...]]:
    """The platform's ``verb`` answers with ``outcome`` (or raises it); returns the calls that it got."""
    calls: list[tuple[Any, ...]] = []

    async def answer(_self: WhatsApp, *args: Any, **options: Any) -> Any:
        calls.append((*args[2:], options))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(WhatsApp, verb, answer)
    return calls


def fetch(attachment: Attachment) -> None:
    jobs.fetch_media(job(), attachment.organization_id, attachment.pk)
    attachment.refresh_from_db()


def send(message: Message) -> None:
    attachment = Attachment.objects.get(message=message)
    jobs.send_media(job(), message.organization_id, attachment.pk)


def later(attachment: Attachment, **time: float) -> None:
    """As if so much time had passed for this file."""
    past = timedelta(**time)
    attachment.refresh_from_db()
    for name in ("next_at", "kept_until", "busy_until", "tried_at"):
        if (value := getattr(attachment, name)) is not None:
            setattr(attachment, name, value - past)
    attachment.save()


def run_due() -> int:
    """What the worker does in a minute: takes up what is due, and runs those jobs."""
    before = set(ProcrastinateJob.objects.values_list("id", flat=True))
    jobs.take_up_files(0)
    new = ProcrastinateJob.objects.exclude(id__in=before).order_by("id")
    for row in new:
        context = type("Context", (), {"job": type("Job", (), {"id": row.id})})
        task = {transfers.FETCH: jobs.fetch_media, transfers.SEND: jobs.send_media}[row.task_name]
        task(context, **row.args)
    return len(new)
