# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from arengo.audience.unreached import verbs
from arengo.core.models import Organization
from arengo.core.scope import organization_scope


@app.periodic(cron="27 * * * *")
@app.task(name="audience.look_at_mailings", lock="audience.unreached", queueing_lock="audience.unreached")
def look_at_mailings(timestamp: int) -> None:
    """Each mailing once, two days after it left: whom it did not reach, and who leaves for that."""
    try:
        for organization in Organization.objects.order_by("pk"):
            with organization_scope(organization):
                verbs.run(organization)
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
