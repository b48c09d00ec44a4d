# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from arengo.audience.retention import verbs


@app.periodic(cron="40 * * * *")
@app.task(name="audience.end_holds", queueing_lock="audience.end_holds")
def end_holds(timestamp: int) -> None:
    """Holds whose last day is past are written down as ended; they held nothing any more."""
    try:
        verbs.end_due()
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
