# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every statement of the two roads reads large tables along their indexes, and little of them.

The roads run with real traffic while their statements are captured; each is then explained where every table that grows has
300,000 rows: without statistics, with those of a queue that was long a minute ago, with true ones, for the values that were
used and for any. What may read a whole table stands in ``ALLOWED``, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set

import psycopg
import pytest
from django.db import connection

from arengo.audience.defaults import create_defaults
from arengo.core.database import conninfo
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.plans import filling, roads, written
from tests.plans.capturing import Captured, capturing
from tests.plans.explaining import MOST_READ, Step, explain, explain_generic, faults, reads

# Sequences begin again: the large tables refer to the first rows, whatever ran in this database before.
pytestmark = [
    pytest.mark.django_db(transaction=True, reset_sequences=True),
    pytest.mark.long,
    pytest.mark.timeout(1200),
]

# origin: why it may read a whole table
ALLOWED: dict[str, str] = {
    "audience/topics/sorts.py:run": "an administrator asks who chose a topic, or moves them: all who chose it, in one statement",
    "audience/recipients.py:reach": "an editor asks, before sending, how many of the list are meant: the list, and who of it chose topics",
    "delivery/queue/outbox.py:_count": "only before PostgreSQL ever looked at the tables: it takes those who are meant for few",
    "audience/people_list/counts.py:keep": "every five minutes, by a job: how many there are, for the head of the page",
    "audience/overview/keeping.py:now": "once a night: how many are on the list, want each topic, or only ask",
    "audience/renewals/counting.py:by_state": "an administrator looks how far a renewal is, or it ends: all who were asked",
    "audience/unreached/verbs.py:ceiling": "once a mailing was looked at, and somebody is to leave: how many are on the list",
    "delivery/limits/tier.py:outlook": "an editor asks, before sending, how many of the list wrote or were reached today: all of that day",
    "delivery/limits/daily.py:_places": "counts who was reached today, where places may have become scarce: at most the account's limit",
    "delivery/limits/daily.py:admit": "plans when each of today's places comes free: at most the account's limit",
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


def found_wrong(steps: Callable[[], list[Step]], tables: Set[str], *, carried_out: bool = False) -> list[str]:
    """What is wrong with a statement. One that PostgreSQL cannot explain is wrong as well."""
    try:
        return faults(steps(), tables)
    except psycopg.IntegrityError:
        # Carried out, it was planned all the same: the rows of the large tables are others.
        return [] if carried_out else ["cannot be explained: IntegrityError"]
    except psycopg.Error as error:
        return [f"cannot be explained: {error}"]


def test_a_statement_that_nobody_explained_is_a_fault(db: None) -> None:
    """One that is captured and cannot be explained, and one that refers to what the large tables do not have."""
    one = Captured("delivery/somewhere.py:verb", "SELECT absent FROM desk_message", None, client=True)
    with psycopg.connect(conninfo("arengo plans"), autocommit=True) as database:
        assert found_wrong(lambda: explain(database, one), {"desk_message"})
        assert found_wrong(lambda: explain_generic(database, one), {"desk_message"})


def test_what_is_written_and_never_sent_is_found() -> None:
    """What is not driven in ``roads.py`` is not watched."""
    tables = {"delivery_outbox"}
    everything = {text for _where, text in written.written()}
    assert not written.unused(everything, tables)
    claim = {text for where, text in written.written() if where == "delivery/sql/claim.sql"}
    assert written.unused(everything - claim, tables) == ["delivery/sql/claim.sql"]
    assert any(where.startswith("desk/references.py:") for where in written.unused(set(), {"desk_message"}))


def test_every_statement_of_the_roads_reads_large_tables_along_their_indexes(
    captured: list[Captured], database: psycopg.Connection[object]
) -> None:
    tables = filling.watched()
    never = written.unused({written.in_one_line(one.text) for one in captured}, set(filling.growing()))
    assert not never, "not driven in tests/plans/roads.py:\n" + "\n".join(never)
    wrong: list[str] = []
    needed: set[str] = set()

    def look(mood: str, how: Callable[[Captured], list[Step]], among: list[Captured]) -> None:
        for one in among:
            found = found_wrong(lambda: how(one), tables, carried_out=mood == "carried out")  # noqa: B023  # called at once
            if found and one.origin in ALLOWED:
                needed.add(one.origin)
                continue
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
    assert needed == ALLOWED.keys(), "what is allowed and needs no allowance"
