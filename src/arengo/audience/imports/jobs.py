# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The work of imports. Each job asks first what is left to do, so that it may run again after its worker was killed."""

from __future__ import annotations

from collections.abc import Callable

from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from arengo.audience.imports import checking, running, verbs
from arengo.audience.imports.models import Import, Part, Row
from arengo.core.console import holds
from arengo.core.scope import every_organization


@app.task(name=verbs.READ)
def read(organization_id: int, import_id: int) -> None:
    _do(checking.read_file, organization_id, import_id)


@app.task(name=verbs.CHECK)
def check(organization_id: int, import_id: int) -> None:
    _do(checking.check_rows, organization_id, import_id)


@app.task(name=verbs.RUN)
def run(organization_id: int, import_id: int) -> None:
    _do(running.run, organization_id, import_id)


@app.task(name=verbs.UNDO)
def undo(organization_id: int, import_id: int) -> None:
    _do(running.undo, organization_id, import_id)


@app.periodic(cron="51 1 * * *")
@app.task(name="audience.forget_imports", queueing_lock="audience.forget_imports")
def forget_imports(timestamp: int) -> None:
    """Files and rows of imports that can no longer be undone, and drafts that nobody took up again."""
    before = timezone.now() - verbs.UNDO_FOR
    with every_organization("retention"):
        over = Import.objects.filter(
            state__in=[Import.State.DONE, Import.State.UNDONE], finished_at__lt=before
        )
        held = holds.held().contacts
        Row.objects.filter(batch__in=over).exclude(identity__contact__in=list(held)).delete()
        Part.objects.filter(batch__in=over).delete()
        Import.objects.filter(state__in=verbs.DRAFT, touched_at__lt=before).delete()


def _do(work: Callable[[int, int], None], organization_id: int, import_id: int) -> None:
    try:
        work(organization_id, import_id)
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
