# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Jobs that belong to no room: what a killed worker left is taken up again, and old signals are forgotten."""

from __future__ import annotations

import logging

from django.contrib.sessions.backends.db import SessionStore
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from arengo.core import attempts, governor, rewriting
from arengo.core.live import forget_old
from arengo.core.scope import every_organization

log = logging.getLogger(__name__)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="core.forget_signals")
def forget_signals(timestamp: int) -> None:
    """Signals to screens are of use for an hour."""
    forget_old()


@app.periodic(cron=rewriting.CRON)
@app.task(lock="core.rewrite_erased", queueing_lock="core.rewrite_erased")
async def rewrite_erased(timestamp: int) -> None:
    """What an erasure took away goes from PostgreSQL's own files too."""
    await rewriting.rewrite()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="core.forget_attempts")
def forget_attempts(timestamp: int) -> None:
    """Counters of attempts whose window is over."""
    attempts.forget_old()


@app.periodic(cron="50 3 * * *")
@app.task(queueing_lock="core.forget_automatic_counts")
def forget_automatic_counts(timestamp: int) -> None:
    """How many messages Arengo sent by itself, an hour and kind: of some weeks."""
    with every_organization("retention is the installation's"):
        governor.forget_old()


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="core.forget_sessions")
def forget_sessions(timestamp: int) -> None:
    """Sessions whose twelve hours are over, and that nobody ended."""
    SessionStore.clear_expired()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="core.take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Jobs of workers that died in the middle go again. Every job of ours may: it asks first what is left to do."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        log.warning("Job %s of a worker that died is tried again.", job.task_name)
        try:
            await manager.retry_job(job)
        except ConnectorException:  # its like waits already, under the same queueing lock, and does its work
            if job.id is None:
                raise
            await manager.finish_job_by_id_async(job_id=job.id, status=Status.FAILED, delete_job=True)
