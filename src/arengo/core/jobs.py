# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from procrastinate.contrib.django import app

from arengo.core.live import forget_old


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="core.forget_signals")
def forget_signals(timestamp: int) -> None:
    """Signals to screens are of use for an hour."""
    forget_old()
