# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from procrastinate.contrib.django import app

from arengo.audience.personal import links
from arengo.core.scope import every_organization


@app.periodic(cron="*/15 * * * *")
@app.task(name="audience.forget_personal_links", queueing_lock="audience.forget_personal_links")
def forget_personal_links(timestamp: int) -> None:
    """Links that nobody can open any more."""
    with every_organization("retention"):
        links.forget_old()
