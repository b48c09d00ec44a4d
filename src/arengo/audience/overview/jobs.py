# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from arengo.audience.overview import keeping
from arengo.core.models import Organization
from arengo.core.scope import organization_scope


@app.periodic(cron="11 * * * *")
@app.task(name="audience.count_list_days", lock="audience.overview", queueing_lock="audience.count_list_days")
def count_list_days(timestamp: int) -> None:
    """Every hour: after midnight the two weeks that may still change, at any hour what was never counted."""
    try:
        for organization in Organization.objects.order_by("pk"):
            with organization_scope(organization):
                keeping.keep(organization, keeping.due(organization))
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
