# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from arengo.audience import retention_rules
from arengo.audience.models import Edited, FormerAddress
from arengo.core.scope import every_organization


@app.periodic(cron="53 1 * * *")
@app.task(queueing_lock="audience.forget_former_addresses")
def forget_former_addresses(timestamp: int) -> None:
    """An address that somebody no longer has is known for as long as what was sent there."""
    with every_organization("retention"):
        FormerAddress.objects.filter(until__lt=timezone.now() - retention_rules.former_addresses()).delete()


@app.periodic(cron="57 1 * * *")
@app.task(queueing_lock="audience.forget_edits")
def forget_edits(timestamp: int) -> None:
    """A message that is older than its edit by this much comes no more."""
    with every_organization("retention"):
        Edited.objects.filter(at__lt=timezone.now() - retention_rules.EDITS).delete()
