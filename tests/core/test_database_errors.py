# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line of the log says what happened to the database, and nobody's data."""

from __future__ import annotations

import logging
import os
import threading
import uuid

import django.db
import psycopg
import pytest
from django.db import connection, transaction
from psycopg_pool import PoolTimeout

from arengo.core.database_errors import reason
from arengo.core.logs import Formatter, named

PHONE = "+393331234567"


def _raised(statement: str, *values: object) -> django.db.Error:
    with pytest.raises(django.db.Error) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return caught.value


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELECT %s::integer", "NumericValueOutOfRange 22003"),
        ("SELECT %s::uuid", "InvalidTextRepresentation 22P02"),
        ("INSERT INTO core_organization (slug, name) VALUES (%s, NULL)", "NotNullViolation 23502 «core_organization»"),
        ("DO $$ BEGIN RAISE EXCEPTION 'of %%', %s; END $$", "RaiseException P0001"),
        ("SELECT * FROM core_organization WHERE nothing = %s", "UndefinedColumn 42703"),
    ],
)  # fmt: skip
def test_the_code_and_the_names_of_the_schema_are_said_and_no_value(statement: str, said: str) -> None:
    error = _raised(statement, PHONE)
    assert reason(error).startswith(said)
    record = logging.LogRecord("arengo", logging.ERROR, "", 1, "It failed: %s", (error,), None)
    line = Formatter().format(record)
    assert said.split()[1] in line
    assert PHONE not in line


@pytest.mark.django_db
def test_a_unique_value_that_is_taken_names_the_constraint() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE phones (phone text CONSTRAINT one_each UNIQUE)")
        cursor.execute("INSERT INTO phones VALUES (%s)", [PHONE])
    error = _raised("INSERT INTO phones VALUES (%s)", PHONE)
    assert named(error) == "IntegrityError [UniqueViolation 23505 «phones» «one_each»]"


def test_a_dead_lock_is_called_one() -> None:
    """Two sessions, each with a lock that the other wants."""
    name = uuid.uuid4().int % 2**31
    errors: list[BaseException] = []
    both = threading.Barrier(2)

    def lock(first: int, second: int) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"]) as session:
            session.execute("SET deadlock_timeout = '50ms'") if _may_set(session) else None
            session.execute("SELECT pg_advisory_xact_lock(%s, %s)", [name, first])
            both.wait()
            try:
                session.execute("SELECT pg_advisory_xact_lock(%s, %s)", [name, second])
            except psycopg.Error as error:
                errors.append(error)

    threads = [threading.Thread(target=lock, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [error] = errors
    assert named(error) == "DeadlockDetected [DeadlockDetected 40P01]"


def _may_set(session: psycopg.Connection[object]) -> bool:
    found = session.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(found and found[0])  # type: ignore[index]  # a row is a tuple here


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://arengo:geheim@127.0.0.1:1/arengo", "connection refused"),
        ("postgresql://arengo@/arengo?host=/nowhere/at/all", "no server on its socket"),
        ("postgresql://arengo@nowhere.invalid/arengo", "its host name is not known"),
    ],
)
def test_a_server_that_is_away_is_told_from_one_that_is_slow(url: str, said: str) -> None:
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect(url, connect_timeout=5)
    assert reason(caught.value) == said


def test_what_is_not_known_is_not_repeated() -> None:
    assert reason(psycopg.OperationalError(f"who is {PHONE}?")) == "its cause is not known"
    assert named(psycopg.OperationalError(f"who is {PHONE}?")) == "OperationalError [its cause is not known]"
    assert reason(PoolTimeout("couldn't get a connection after 10.00 sec")) == "no connection free in time"
    assert reason(ValueError("timeout")) == ""
    assert named(OSError(28, f"No space left for {PHONE}")) == "OSError [ENOSPC]"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("FATAL:  the database system is not yet accepting connections\nDETAIL:  Consistent recovery state", "it is starting"),
        ("FATAL:  the database system is not accepting connections", "it accepts no connections"),
        (f"something that nobody has seen before: {PHONE}", "its cause is not known"),
    ],
)  # fmt: skip
def test_no_error_of_the_database_is_logged_without_a_word(message: str, said: str) -> None:
    assert named(psycopg.OperationalError(message)) == f"OperationalError [{said}]"
    assert PHONE not in named(psycopg.OperationalError(message))
