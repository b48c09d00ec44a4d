# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Statements that PostgreSQL prepares once: for the few of a page that everybody opens all day.

Django writes the values into the text of a statement, so that PostgreSQL reads, and plans, each anew; of one with ten joins that takes
several times as long as to run it. Here they travel beside the text. The second time that a connection sends the same text it is
prepared, and PostgreSQL keeps its plan where that costs no more than one made for the values. psycopg keeps at most 100 a connection.

Only for a text that does not change with the values: no list of ids in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor

_FROM = 2  # the time from which a text is prepared


@contextmanager
def prepared() -> Iterator[None]:
    """What Django asks of the database inside the block, in this thread."""
    connection.ensure_connection()
    session = connection.connection
    before = session.cursor_factory, session.prepare_threshold
    session.cursor_factory, session.prepare_threshold = ServerBindingCursor, _FROM
    try:
        yield
    finally:
        session.cursor_factory, session.prepare_threshold = before
