# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mornings."""

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from arengo.desk.follow_ups import verbs


@app.periodic(cron="*/5 * * * *")
@app.task(name="desk.bring_back_follow_ups", queueing_lock="desk.bring_back_follow_ups")
def bring_back_follow_ups(timestamp: int) -> None:
    """What rested until today waits for us again."""
    try:
        verbs.bring_back()
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
