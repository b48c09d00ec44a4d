# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from procrastinate.contrib.django import app

from arengo.audience.people_list import counts


@app.periodic(cron="*/5 * * * *")
@app.task(name="audience.count_people", queueing_lock="audience.count_people")
def count_people(timestamp: int) -> None:
    """How many people each list has: a page of a long one shows what was counted here."""
    counts.keep()
