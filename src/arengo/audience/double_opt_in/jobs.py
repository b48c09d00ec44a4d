# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from arengo.audience.double_opt_in.models import Pending
from arengo.core.scope import every_organization


@app.periodic(cron="17 * * * *")
@app.task(name="audience.forget_pending", queueing_lock="audience.forget_pending")
def forget_pending(timestamp: int) -> None:
    """Joins that nobody confirmed in time; the line of the log stays."""
    with every_organization("retention"):
        Pending.objects.filter(expires_at__lte=timezone.now()).delete()
