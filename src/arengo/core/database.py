# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""psycopg connections of our own, beside Django's: for LISTEN, for the hot paths, for locks that live as long as a process."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from psycopg.conninfo import make_conninfo


def conninfo(name: str = "arengo") -> str:
    """The same database that Django uses (the test database in tests)."""
    from django.db import connection

    values = connection.settings_dict
    return make_conninfo(
        host=values["HOST"] or None,
        port=values["PORT"] or None,
        dbname=values["NAME"],
        user=values["USER"] or None,
        password=values["PASSWORD"] or None,
        application_name=name,
        connect_timeout=settings.ARENGO_CONNECT_TIMEOUT,
        **{key: value for key, value in values["OPTIONS"].items() if key.startswith("ssl")},
    )


async def connect(
    *, autocommit: bool = False, name: str = "arengo"
) -> psycopg.AsyncConnection[tuple[Any, ...]]:
    return await psycopg.AsyncConnection.connect(conninfo(name), autocommit=autocommit)
