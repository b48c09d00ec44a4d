# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each morning."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.newsroom.reminders import reminding

log = logging.getLogger(__name__)


@app.periodic(cron="30 7 * * 1-5")
@app.task(name="newsroom.remind", queueing_lock="newsroom.remind")
def remind(timestamp: int) -> None:
    for organization in Organization.objects.order_by("pk"):
        try:
            with organization_scope(organization.pk):
                reminding.remind(organization)
        except Exception:  # the next organization is not to wait for it
            log.exception("Drafts of organization %d could not be remembered.", organization.pk)
