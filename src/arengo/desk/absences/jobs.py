# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mornings on which somebody is not there."""

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from arengo.desk.absences import rules, verbs


@app.periodic(cron="*/10 * * * *")
@app.task(name="desk.look_at_absences", queueing_lock="desk.look_at_absences")
def look_at_absences(timestamp: int) -> None:
    """What an absent colleague had in hand comes free; absences of long ago are forgotten."""
    try:
        verbs.begin_all()
        rules.forget_old()
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
