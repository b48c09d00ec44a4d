# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every statement of the two roads reads large tables along their indexes, and little of them.

The roads run with real traffic while their statements are captured; each is then explained where every table that grows has
300,000 rows: without statistics, with those of a queue that was long a minute ago, with true ones, for the values that were
used and for any. What may read a whole table stands in ``ALLOWED``, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files

import psycopg
import pytest
from django.db import connection

from arengo.audience.defaults import create_defaults
from arengo.core.database import conninfo
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.plans import filling, roads
from tests.plans.capturing import Captured, capturing
from tests.plans.explaining import MOST_READ, Step, explain, explain_generic, faults, reads

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long, pytest.mark.timeout(1200)]

# origin: why it may read a whole table
ALLOWED: dict[str, str] = {
    "delivery/tier.py:outlook": "an editor asks, before sending, how many of the list wrote or were reached today: all of that day",
    "delivery/daily.py:_places": "counts who was reached today, where places may have become scarce: at most the account's limit",
    "delivery/retention.py:forget_old": "each night, of the acceptances of two or three days, those of the day that is over",
    "delivery/daily.py:admit": "plans when each of today's places comes free: at most the account's limit",
}


# Driven once in the life of a database, after a restore; their plans are not watched here.
UNDRIVEN = {
    "withhold.sql": "reads the whole outbox, which is small: once, when a timeline begins",
    "withhold_mailings.sql": "likewise",
    "release.sql": "a person decides, once",
    "drop.sql": "a person decides, once",
    "receipts_tell.sql": "its plan is checked in tests/delivery/test_message_plans.py",
    "weigh.sql": "its plan is checked in tests/delivery/test_doubts.py",
    "unknown.sql": "its plan is checked in tests/delivery/test_doubts.py",
}


@pytest.fixture
def captured(esempio: Organization, sender: Sender, olga: Person) -> list[Captured]:
    with organization_scope(esempio):
        create_defaults(esempio)
        with capturing() as found:
            roads.everything(esempio, sender, olga)
    return found


@pytest.fixture
def database(captured: list[Captured], sender: Sender) -> Iterator[psycopg.Connection[object]]:
    """The large tables, without statistics."""
    filling.fill(sender.organization_id, sender.pk)
    with psycopg.connect(conninfo("arengo plans"), autocommit=True) as opened:
        yield opened
    filling.drop()


def test_a_table_read_from_end_to_end_or_too_much_of_it_is_a_fault() -> None:
    tables = {"desk_message"}
    assert faults([Step("Seq Scan", "desk_message", 0)], tables)
    assert faults([Step("Parallel Seq Scan", "desk_message", 0)], tables)
    assert faults(
        [Step("Index Scan", "desk_message", MOST_READ), Step("Index Scan", "desk_message", 1)], tables
    )
    assert not faults(
        [Step("Index Scan", "desk_message", 10), Step("Seq Scan", "delivery_sender", 3)], tables
    )


def _assert_all_sql_is_used(captured: list[Captured]) -> None:
    """What is not driven in ``roads.py`` is not watched."""
    sent = {" ".join(one.text.split()) for one in captured}
    for file in (files("arengo.delivery") / "sql").iterdir():
        if file.name in UNDRIVEN:
            continue
        head = " ".join(file.read_text("utf-8").split())[:120]
        assert any(text.startswith(head) for text in sent), f"{file.name} is not used in tests/plans/roads.py"


def test_every_statement_of_the_roads_reads_large_tables_along_their_indexes(
    captured: list[Captured], database: psycopg.Connection[object]
) -> None:
    _assert_all_sql_is_used(captured)
    tables = filling.watched()
    wrong: list[str] = []

    def look(mood: str, how: Callable[[Captured], list[Step]], among: list[Captured]) -> None:
        for one in among:
            if one.origin in ALLOWED:
                continue
            try:
                found = faults(how(one), tables)
            except (
                psycopg.IntegrityError
            ):  # the rows of the large tables are others: it was planned all the same
                continue
            except psycopg.Error as error:
                found = [f"cannot be explained: {error}"]
            wrong.extend(f"{one.origin}, {mood}: {fault}\n    {one.shape[:300]}" for fault in found)

    def as_used(one: Captured) -> list[Step]:
        return explain(database, one)

    concerned = [one for one in captured if reads(as_used(one), tables)]
    assert len(concerned) > 100, "the roads were not driven"
    prepared = [one for one in concerned if not one.client]
    look("without statistics", as_used, concerned)
    filling.analyze()
    look("as it is", as_used, concerned)
    look("prepared", lambda one: explain_generic(database, one), prepared)
    look("carried out", lambda one: explain(database, one, run=True), concerned)
    with connection.cursor() as cursor:  # the queues were long when they were last looked at
        cursor.execute(f"UPDATE {filling.SCHEMA}.intake_journal SET state = 0")  # noqa: S608  # our own
        cursor.execute(f"UPDATE {filling.SCHEMA}.delivery_outbox SET state = 0")  # noqa: S608  # our own
    filling.analyze()
    look("after long queues", as_used, concerned)
    look("prepared after long queues", lambda one: explain_generic(database, one), prepared)
    assert not wrong, f"{len(wrong)} faults:\n" + "\n".join(wrong)
