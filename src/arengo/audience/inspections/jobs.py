# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from django.db import close_old_connections, connection
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from arengo.audience.inspections import making, verbs
from arengo.audience.inspections.models import Inspection, Piece
from arengo.core.scope import every_organization


@app.task(name=verbs.MAKE)
def make(organization_id: int, inspection_id: int) -> None:
    try:
        making.make(organization_id, inspection_id)
    finally:
        if not connection.in_atomic_block:
            close_old_connections()


@app.periodic(cron="49 1 * * *")
@app.task(name="audience.forget_inspections", queueing_lock="audience.forget_inspections")
def forget_inspections(timestamp: int) -> None:
    """Archives that were taken, that nobody took in a week, or that never became ready in that time."""
    now = timezone.now()
    over = Q(taken_at__lt=now - verbs.AGAIN) | Q(created_at__lt=now - verbs.KEPT)
    with every_organization("retention"):
        gone = Inspection.objects.filter(over).exclude(state=Inspection.State.GONE)
        Piece.objects.filter(inspection__in=gone).delete()
        gone.update(state=Inspection.State.GONE)
