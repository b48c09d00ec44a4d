# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list's own job: who left after each mailing is counted once, while it is still known who got it."""

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.newsroom.outlets.whatsapp_list import leaving


@app.periodic(cron="17 * * * *")
@app.task(name="newsroom.count_who_left", queueing_lock="newsroom.count_who_left")
def count_who_left(timestamp: int) -> None:
    """Each hour: mailings whose window is over."""
    try:
        for organization in Organization.objects.order_by("pk"):
            with organization_scope(organization):
                leaving.keep_due()
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
