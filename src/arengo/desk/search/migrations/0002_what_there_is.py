# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Indexes what there is already, 5,000 rows a transaction: locks nothing but the new entries, and arrivals go on meanwhile.

Cut off, it begins anew and skips what is indexed. The triggers are there already, so nothing slips through in between.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, migrations

from arengo.desk.search import indexing

_BATCH = 5_000
_SOURCES = (
    ("desk_message", "message", indexing.MESSAGES),
    ("desk_attachment", "file", indexing.FILES),
    ("desk_conversation", "name", indexing.NAMES),
)


def index(_apps: Any, _schema: Any) -> None:
    with connection.cursor() as cursor:
        for table, kind, select in _SOURCES:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608  # tables of ours
            [(last,)] = cursor.fetchall()
            batch = f"(SELECT * FROM {table} WHERE id > %s AND id <= %s)"  # noqa: S608  # tables of ours
            fill = indexing.filling(kind, select.replace("{rows}", batch))
            for first in range(0, last, _BATCH):
                cursor.execute(fill, [first, first + _BATCH])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("desk_search", "0001_index")]
    operations = [migrations.RunPython(index, migrations.RunPython.noop)]
