# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""psycopg connections of our own, beside Django's: for LISTEN, for the hot paths, for locks that live as long as a process."""

from __future__ import annotations

import contextlib
import functools
import logging
import random
import struct
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import psycopg
from django.conf import settings
from psycopg.adapt import Dumper
from psycopg.conninfo import make_conninfo
from psycopg.pq import Format

from arengo.core.database_trouble import sqlstate
from arengo.core.logs import named

# A process that is frozen in the middle of a transaction holds row locks that its successor waits for: PostgreSQL ends
# such a session after these seconds. Our transactions are a few statements long and wait for nothing else between them.
ABANDONED = 6.0
# What the next query of a lost connection raises, however it was lost.
LOST = (psycopg.OperationalError, psycopg.errors.IdleInTransactionSessionTimeout, OSError)
# A peer that vanished without a word is noticed within about ten seconds, on both sides. Means nothing on a unix socket.
_CLIENT_NOTICES = {
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
_SERVER_NOTICES = {"tcp_keepalives_idle": 5, "tcp_keepalives_interval": 2, "tcp_keepalives_count": 3}


# PostgreSQL undid a transaction for another's sake, and it may be done again: deadlock_detected, serialization_failure.
_UNDONE = frozenset({"40P01", "40001"})
_MOST_TIMES = 4
_PAUSE = 0.05  # seconds, times the tries so far, half of it by chance: who met once does not meet again

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


def is_undone(error: BaseException) -> bool:
    """Whether PostgreSQL undid the transaction because of others: nothing is wrong with what it was to do."""
    return sqlstate(error) in _UNDONE


def again_if_undone(verb: Callable[P, T]) -> Callable[P, T]:
    """A verb that opens its own transaction does it again, a few times, when PostgreSQL undid it for another's sake.

    Inside somebody's transaction the error goes on to them: theirs is undone as well.
    """

    @functools.wraps(verb)
    def tried(*args: P.args, **values: P.kwargs) -> T:
        from django.db import OperationalError, connection

        for times in range(1, _MOST_TIMES):
            try:
                return verb(*args, **values)
            except OperationalError as error:
                if connection.in_atomic_block or not is_undone(error):
                    raise
                log.warning("%s was undone (%s): once more.", verb.__qualname__, named(error))
                time.sleep(_PAUSE * times * random.uniform(0.5, 1))  # noqa: S311  # spreads load; no secret
        return verb(*args, **values)

    return tried


def conninfo(name: str = "arengo", *, silence: float | None = None) -> str:
    """The same database that Django uses (the test database in tests).

    ``silence``: seconds without a query after which PostgreSQL itself ends the session, and with it what it locked.
    """
    from django.db import connection

    values = connection.settings_dict
    server: dict[str, int] = {
        "idle_in_transaction_session_timeout": round(min(silence or ABANDONED, ABANDONED) * 1000),
        **_SERVER_NOTICES,
    }
    if silence is not None:
        server["idle_session_timeout"] = round(silence * 1000)
    return make_conninfo(
        host=values["HOST"] or None,
        port=values["PORT"] or None,
        dbname=values["NAME"],
        user=values["USER"] or None,
        password=values["PASSWORD"] or None,
        application_name=name,
        connect_timeout=settings.ARENGO_CONNECT_TIMEOUT,
        options=" ".join(f"-c {option}={value}" for option, value in server.items()),
        **_CLIENT_NOTICES,
        **{key: value for key, value in values["OPTIONS"].items() if key.startswith("ssl")},
    )


async def connect(
    *, autocommit: bool = False, name: str = "arengo", silence: float | None = None
) -> psycopg.AsyncConnection[tuple[Any, ...]]:
    return await psycopg.AsyncConnection.connect(conninfo(name, silence=silence), autocommit=autocommit)


class ReconnectingConnection:
    """One connection for one task at a time: opened when it is first needed, and anew after it was lost."""

    def __init__(self, name: str, *, autocommit: bool = False) -> None:
        self._name = name
        self._autocommit = autocommit
        self._connection: psycopg.AsyncConnection[tuple[Any, ...]] | None = None

    async def get(self) -> psycopg.AsyncConnection[tuple[Any, ...]]:
        """Raises one of LOST while the database is away. A connection that died unnoticed raises at its next query."""
        if self._connection is None or self._connection.closed:
            self._connection = await connect(autocommit=self._autocommit, name=self._name)
        return self._connection

    async def drop(self) -> None:
        """At the end, and after an error that leaves it in doubt. The next ``get`` opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await connection.close()


class BigintArray(list[int]):
    """A ``bigint[]`` parameter in PostgreSQL's binary form, made in one go: element by element it costs more than the insert."""


class ByteaArray(list[bytes]):
    """A ``bytea[]`` parameter, likewise."""


_EMPTY = struct.Struct("!iiI")
_HEAD = struct.Struct("!iiIii")  # dimensions, flags, type of the elements, how many, the first one's number
_LENGTH = struct.Struct("!i")


class _BigintArrayDumper(Dumper):
    format = Format.BINARY
    oid = psycopg.adapters.types["int8"].array_oid

    def dump(self, obj: BigintArray) -> bytes:
        if not obj:
            return _EMPTY.pack(0, 0, psycopg.adapters.types["int8"].oid)
        head = _HEAD.pack(1, 0, psycopg.adapters.types["int8"].oid, len(obj), 1)
        return head + struct.pack("!" + "iq" * len(obj), *(part for value in obj for part in (8, value)))


class _ByteaArrayDumper(Dumper):
    format = Format.BINARY
    oid = psycopg.adapters.types["bytea"].array_oid

    def dump(self, obj: ByteaArray) -> bytes:
        if not obj:
            return _EMPTY.pack(0, 0, psycopg.adapters.types["bytea"].oid)
        parts = [_HEAD.pack(1, 0, psycopg.adapters.types["bytea"].oid, len(obj), 1)]
        for value in obj:
            parts.append(_LENGTH.pack(len(value)))
            parts.append(value)
        return b"".join(parts)


psycopg.adapters.register_dumper(BigintArray, _BigintArrayDumper)
psycopg.adapters.register_dumper(ByteaArray, _ByteaArrayDumper)
