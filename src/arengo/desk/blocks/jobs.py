# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Blocks end by themselves."""

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from arengo.desk.blocks import expiry


@app.periodic(cron="*/10 * * * *")
@app.task(name="desk.write_ended_blocks", queueing_lock="desk.write_ended_blocks")
def write_ended_blocks(timestamp: int) -> None:
    """The end of blocks whose last day is past is written down; they had no effect any more."""
    try:
        expiry.write_ended()
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
