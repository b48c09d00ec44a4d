# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate import JobContext
from procrastinate.contrib.django import app

from arengo.core.retention import running


@app.periodic(cron=running.CRON)
@app.task(
    name="core.forget_what_is_over",
    lock="core.forget_what_is_over",
    queueing_lock="core.forget_what_is_over",
    pass_context=True,
)
def forget_what_is_over(context: JobContext, timestamp: int) -> None:
    """Each night: what is older than its organization keeps it."""
    try:
        running.run_all(context.should_abort)
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
