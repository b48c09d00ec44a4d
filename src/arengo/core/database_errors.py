# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a database error says without anybody's data: PostgreSQL's class and code, names of the schema, a known cause.

The message itself may quote a value («invalid input syntax for type integer: "…"»), so it is never repeated.
"""

from __future__ import annotations

import django.db
import psycopg

from arengo.core.database_trouble import postgres_error

# Of errors without a code: libpq's and the pool's. (what the message contains, in small letters; what is said)
_CAUSES = (
    ("connection refused", "connection refused"),
    ("no such file or directory", "no server on its socket"),
    ("couldn't get a connection", "no connection free in time"),
    ("timeout", "no answer in time"),
    ("timed out", "no answer in time"),
    ("could not translate host name", "its host name is not known"),
    ("name or service not known", "its host name is not known"),
    ("no route to host", "no route to its host"),
    ("network is unreachable", "no route to its host"),
    ("permission denied", "no permission for its socket"),
    ("authentication failed", "password or user refused"),
    ("certificate", "its certificate is not trusted"),
    ("ssl", "no secure connection"),
    ("starting up", "it is starting"),
    ("shutting down", "it is shutting down"),
    ("recovery mode", "it recovers after a crash"),
    ("too many clients", "all connections are taken"),
    ("remaining connection slots", "all connections are taken"),
    ("terminating connection", "the connection was ended"),
    ("closed the connection", "the connection was lost"),
    ("connection is closed", "the connection was lost"),
    ("connection is lost", "the connection was lost"),
    ("connection reset", "the connection was lost"),
    ("broken pipe", "the connection was lost"),
    ("does not exist", "no such database or user"),
    ("not yet accepting connections", "it is starting"),
    ("not accepting connections", "it accepts no connections"),
)
_UNKNOWN = "its cause is not known"


def reason(error: BaseException) -> str:
    """Why, e.g. ``DeadlockDetected 40P01`` or ``connection refused``; empty for what is no error of the database."""
    found = postgres_error(error)
    if found is None:
        return _known(str(error)) if isinstance(error, django.db.Error) else ""
    if not found.sqlstate:
        return _known(str(found))
    words = [_class_of(found.sqlstate), found.sqlstate]
    diag = found.diag
    names = (diag.table_name, diag.column_name, diag.constraint_name)
    words += [f"«{name}»" for name in names if name]
    return " ".join(words)


def _class_of(sqlstate: str) -> str:
    try:
        return psycopg.errors.lookup(sqlstate).__name__
    except KeyError:
        return "Error"


def _known(message: str) -> str:
    small = message.lower()
    return next((said for mark, said in _CAUSES if mark in small), _UNKNOWN)
