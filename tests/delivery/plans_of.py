# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The plans of the queries that a test made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def plans(queries: CaptureQueriesContext) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each step that reads a table, of the plan of each query that reads or changes one."""
    for query in list(queries.captured_queries):
        text = re.sub(r"^--.*$", "", query["sql"], flags=re.MULTILINE).strip()
        if text.startswith(("SELECT", "WITH", "UPDATE")):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {text}")
                found = cursor.fetchone()[0]
            whole = json.loads(found) if isinstance(found, str) else found
            for step in _steps(whole[0]["Plan"]):
                yield text, step


def _steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _steps(part)
