# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.utils import timezone
from procrastinate.contrib.django import app

from arengo.core.scope import every_organization
from arengo.delivery import retention_rules
from arengo.delivery.retention import forget_old
from arengo.delivery.sending import doubts


@app.periodic(cron="43 1 * * *")
@app.task(lock="delivery.forget", queueing_lock="delivery.forget")
async def forget_deliveries(timestamp: int) -> None:
    """Recipients are known for as long as they are needed: to try again, to answer for what was sent."""
    began = timezone.now()
    gone = await forget_old(await sync_to_async(retention_rules.times)())
    await sync_to_async(retention_rules.write)(gone, began)


@app.periodic(cron="* * * * *")
@app.task(lock="delivery.weigh_doubts", queueing_lock="delivery.weigh_doubts")
def weigh_doubts(timestamp: int) -> None:
    """Evidence about what is unknown; and of stopped senders, what stayed uncertain."""
    with every_organization("each sender's doubts in turn"):
        doubts.settle_stopped()
        doubts.weigh()
