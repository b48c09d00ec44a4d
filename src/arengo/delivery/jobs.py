# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from arengo.delivery.retention import forget_old


@app.periodic(cron="43 1 * * *")
@app.task(lock="delivery.forget", queueing_lock="delivery.forget")
async def forget_deliveries(timestamp: int) -> None:
    """Who was written to is known for as long as it is needed: to try again, to answer for it."""
    await forget_old(days=settings.ARENGO_DELIVERY_DAYS)
