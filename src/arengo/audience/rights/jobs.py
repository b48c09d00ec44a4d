# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from procrastinate.contrib.django import app

from arengo.audience.rights import checking
from arengo.core.scope import every_organization


@app.periodic(cron="*/15 * * * *")
@app.task(name="audience.forget_identity_codes", queueing_lock="audience.forget_identity_codes")
def forget_identity_codes(timestamp: int) -> None:
    """Codes that nobody can use any more."""
    with every_organization("retention"):
        checking.forget_old()
