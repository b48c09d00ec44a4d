# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Times and days as they are read from the database: no stored one can break a page.

PostgreSQL holds times that Python cannot (``infinity``, the year 20000), and Python holds times that cannot be shown (the last
hours of 9999 have no name in Rome). Whatever lies outside of the years 1000–9000 is read as the nearer end of them: it is
wrong either way, can be counted with, and shows that it is wrong.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg.abc import Buffer
from psycopg.pq import Format
from psycopg.types.datetime import DateLoader

_FIRST, _LAST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_NAMES = ("timestamptz", "date")


@lru_cache(maxsize=16)
def _bounded(loader: type[Any], kind: str) -> type[Any]:
    """``loader``, and never outside of the ends."""
    zone = getattr(loader, "timezone", None)
    first: date = _FIRST.date() if kind == "date" else _FIRST.replace(tzinfo=zone)
    last: date = _LAST.date() if kind == "date" else _LAST.replace(tzinfo=zone)

    class Bounded(loader):  # type: ignore[misc]  # which loader is known when the connection is
        bounded = True

        def load(self, data: Buffer) -> date:
            try:
                found: date = super().load(data)
            except (psycopg.DataError, ValueError, OverflowError):  # what Python has no date for
                text = bytes(data)
                return first if text.startswith(b"-") or text.endswith(b"BC") else last
            within: date = min(max(found, first), last)
            return within

    return Bounded


def _on_connection(connection: BaseDatabaseWrapper, **_given: Any) -> None:
    adapters = connection.connection.adapters
    for kind in _NAMES:
        loader = adapters.get_loader(adapters.types[kind].oid, Format.TEXT)
        if loader is None or not getattr(loader, "bounded", False):
            # Of times Django brings its own loader; that of days may be the compiled one, which cannot be derived from.
            base = loader if loader is not None and kind != "date" else DateLoader
            adapters.register_loader(kind, _bounded(base, kind))


def connect() -> None:
    """Called once, when Django is set up."""
    connection_created.connect(_on_connection, dispatch_uid="arengo.stored_times")
