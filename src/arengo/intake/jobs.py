# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.utils import timezone
from procrastinate.contrib.django import app

from arengo.core.scope import every_organization
from arengo.intake import retention_rules, scrubbing, silence
from arengo.intake.retention import forget_old


@app.periodic(cron="17 3 * * *")
@app.task(lock="intake.forget_webhooks", queueing_lock="intake.forget_webhooks")
async def forget_webhooks(timestamp: int) -> None:
    """Raw webhooks are kept for days, not months: long enough to be read again after a mistake of ours."""
    began = timezone.now()
    of = await sync_to_async(retention_rules.by_sender)()
    gone = await forget_old(days=retention_rules.webhooks().days, of=of)
    await sync_to_async(retention_rules.write)(gone, began)


@app.task(name=scrubbing.JOB, lock=scrubbing.JOB)
async def scrub_journal(timestamp: int) -> None:
    """What mentions a person who was just erased leaves the journal."""
    await scrubbing.scrub()


@app.periodic(cron="*/10 * * * *")
@app.task(lock=scrubbing.JOB, queueing_lock="intake.go_on_scrubbing")
async def go_on_scrubbing(timestamp: int) -> None:
    """What a worker that ended left half done."""
    await scrubbing.scrub()


@app.periodic(cron="7 2 * * *")
@app.task(lock=scrubbing.JOB, queueing_lock="intake.forget_receipts")
async def forget_receipts(timestamp: int) -> None:
    """Before the files are rewritten (``core/rewriting.py``): receipts that came for who is erased."""
    await scrubbing.forget_receipts()


@app.periodic(cron="*/5 * * * *")
@app.task(lock="intake.watch_silences", queueing_lock="intake.watch_silences")
def watch_silences(timestamp: int) -> None:
    """Numbers that are silent for longer than usual."""
    with every_organization("a worker watches the numbers of all organizations"):
        silence.watch()
