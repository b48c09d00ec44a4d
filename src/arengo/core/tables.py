# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the database's tables are those of this program."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

_up_to_date = False  # once nothing is pending nothing will be: this process' code does not change


def migrations_pending() -> int:
    """How many migrations of this program the database lacks."""
    global _up_to_date
    if _up_to_date:
        return 0
    with transaction.atomic():
        executor = MigrationExecutor(connection)
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _up_to_date = pending == 0
    return pending
