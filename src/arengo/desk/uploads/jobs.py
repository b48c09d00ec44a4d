# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What nobody sent is forgotten."""

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from arengo.core.scope import every_organization
from arengo.desk.uploads import drafts, verbs


@app.periodic(cron="11 * * * *")
@app.task(name="desk.forget_drafts", queueing_lock="desk.forget_drafts")
def forget_drafts(timestamp: int) -> None:
    """Uploads of yesterday, drafts of a month ago."""
    try:
        with every_organization("a worker serves all organizations"):
            verbs.forget_old()
            drafts.forget_old()
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
