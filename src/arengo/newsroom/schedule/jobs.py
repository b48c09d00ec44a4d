# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The schedule's jobs."""

from __future__ import annotations

from procrastinate.contrib.django import app

from arengo.core.scope import organization_scope
from arengo.newsroom.schedule import telling, verbs


@app.periodic(cron="* * * * *")
@app.task(name="newsroom.leave_due", queueing_lock="newsroom.leave_due")
def leave_due(timestamp: int) -> None:
    """Each minute: what is due leaves."""
    verbs.leave_due()


@app.task(name=verbs.TELL)
def tell_lapsed(organization_id: int, appointment_id: int) -> None:
    with organization_scope(organization_id):
        telling.lapsed(appointment_id)
