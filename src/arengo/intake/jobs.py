# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from arengo.intake.retention import forget_old


@app.periodic(cron="17 3 * * *")
@app.task(lock="intake.forget_webhooks", queueing_lock="intake.forget_webhooks")
async def forget_webhooks(timestamp: int) -> None:
    """Raw webhooks are kept for days, not months: long enough to be read again after a mistake of ours."""
    await forget_old(days=settings.ARENGO_JOURNAL_DAYS)
