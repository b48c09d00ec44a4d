# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes by itself after a while."""

from __future__ import annotations

from procrastinate.contrib.django import app

from arengo.core.scope import every_organization
from arengo.desk.hours import notice


@app.periodic(cron="55 3 * * *")
@app.task(queueing_lock="desk.forget_notices")
def forget_notices(timestamp: int) -> None:
    """Notices of closed periods that are long over."""
    with every_organization("retention is the installation's"):
        notice.forget_old()
