# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The search over 300,000 entries: frequent and rare words, of all desks and of a small one, along an index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from arengo.core.database import conninfo
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk.models import Conversation, Desk
from arengo.desk.search import finding, query
from arengo.desk.search.finding import MOST, Filters, Order, Results
from tests.plans import filling
from tests.plans.capturing import capturing
from tests.plans.explaining import explain, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

TABLES = ("desk_search_entry", "desk_conversation")
_MOST_READ = 6 * MOST  # rows of one step: two kinds of text, and what is passed over on the way


@pytest.fixture
def many(esempio: Organization, sender: Sender) -> Iterator[None]:
    with organization_scope(esempio):
        Desk.objects.create(name="URP", slug="urp")  # of the large table's conversations
        filling.fill(esempio.pk, sender.pk, TABLES)
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ANALYZE {filling.SCHEMA}.{table}")
            cursor.execute(f"SET search_path = {filling.SCHEMA}, public")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET search_path = DEFAULT")
            filling.drop()


def _searched(typed: str, filters: Filters) -> Results:
    """What is found; fails where a table is read from end to end, or much more than is shown."""
    with capturing() as captured:
        found = finding.search(query.read(typed), filters, order=Order.BEST)
    [one] = [each for each in captured if "finding" in each.origin and "found AS" in each.text]
    with psycopg.connect(conninfo("arengo plans"), autocommit=True) as database:
        steps = explain(database, one, run=True)
    assert not faults(steps, {"desk_search_entry"}), one.text
    assert all(step.read <= _MOST_READ for step in steps), steps
    return found


@pytest.mark.parametrize(
    ("typed", "desks", "many_messages"),
    [
        ("buongiorno", (1, 2), MOST + 1),  # in every second message
        ("contravvenzione", (1, 2, 3), 300),
        ("lampione", (1, 2, 3), 6),
        ("lampione buongiorno", (1, 2, 3), 0),
        ("inesistente", (1, 2, 3), 0),
        ('"parola7 grazie"', (1, 2), 100),
    ],
)
def test_words_frequent_and_rare(typed: str, desks: tuple[int, ...], many_messages: int, many: None) -> None:
    found = _searched(typed, Filters(desks=desks))
    assert found.counts.get("message", 0) == many_messages


def test_a_small_desk_finds_its_own_among_all(many: None) -> None:
    found = _searched("buongiorno", Filters(desks=(3,)))
    assert found.counts["message"] == 300


def test_days_long_ago_are_found_as_quickly(many: None) -> None:
    first = timezone.localdate() - timedelta(days=300)
    found = _searched("buongiorno", Filters(desks=(1, 2), first=first, last=first + timedelta(days=1)))
    assert found.counts["message"] > 0


def test_the_hits_of_one_conversation_are_read_alone(many: None) -> None:
    with capturing() as captured:
        finding.within(query.read("grazie"), Filters(desks=(1, 2)), Conversation(pk=4))
    [one] = [each for each in captured if "AS found" in each.text]
    with psycopg.connect(conninfo("arengo plans"), autocommit=True) as database:
        assert not faults(explain(database, one, run=True), {"desk_search_entry"})
