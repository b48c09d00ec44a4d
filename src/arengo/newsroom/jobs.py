# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The newsroom's jobs: one for each update that is sent, never one for each recipient."""

from __future__ import annotations

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from arengo.newsroom import publishing
from arengo.newsroom.outlets.base.contract import NotNow

_ATTEMPTS = 6
_AGAIN = RetryStrategy(max_attempts=_ATTEMPTS, exponential_wait=3, retry_exceptions={NotNow})


@app.task(name=publishing.JOB, retry=_AGAIN, pass_context=True)
def send_update(context: JobContext, organization_id: int, update_id: int) -> None:
    try:
        publishing.carry_out(organization_id, update_id)
    except NotNow:
        if context.job.attempts < _ATTEMPTS:
            raise
        publishing.give_up(organization_id, update_id)


@app.periodic(cron="* * * * *")
@app.task(name="newsroom.resume", queueing_lock="newsroom.resume")
def resume(timestamp: int) -> None:
    """Each minute: updates whose worker was killed go on."""
    publishing.resume()
