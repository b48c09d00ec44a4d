# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of people at 300,000: each page, each filter and each search reads a little along an index."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from arengo.audience.models import Topic
from arengo.audience.people_list import finding, rows
from arengo.audience.people_list.asking import Asked
from arengo.audience.people_list.counts import counts
from arengo.audience.people_list.walking import WALKED, walk
from arengo.core.database import conninfo
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.plans import filling
from tests.plans.capturing import capturing
from tests.plans.explaining import explain, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

TABLES = (
    "audience_contact",
    "audience_identity",
    "audience_subscription",
    "audience_subscription_topics",
    "audience_consent",
)


@pytest.fixture
def many(esempio: Organization, sender: Sender) -> Iterator[None]:
    with organization_scope(esempio):
        for number in range(1, 6):
            Topic.objects.create(pk=number, name=f"Tema {number}")
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


def test_every_page_reads_little_along_an_index(many: None) -> None:
    deep = Asked().start()
    with capturing() as captured:
        for wanted in (
            Asked(),
            Asked(left=True),
            Asked(topic=1),
            Asked(stopped=True),
            Asked(way="staff"),  # fits nobody: the walk goes as far as it may
            Asked(left=True, topic=1, way="import", stopped=True),
        ):
            step = walk(wanted, deep)
            rows.of_subscriptions(step.found)
        for typed in ("anna", "an", "esempio4711", "cl esempio12", "zzz", "pio11 nicc"):
            query = finding.read(typed)
            rows.of_contacts(finding.find(query).contacts, query)
        counts()
    asked = [one for one in captured if "people_list" in one.origin]
    assert len(asked) >= 12
    with psycopg.connect(conninfo("arengo plans"), autocommit=True) as database:
        for one in asked:
            steps = explain(database, one, run=True)
            assert not faults(steps, set(TABLES)), one.text
            assert all(step.read <= 2 * WALKED for step in steps), (one.text, steps)


def test_a_page_is_as_long_wherever_it_begins(many: None) -> None:
    first = walk(Asked(), Asked().start())
    assert len(first.found) == 50
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT since, id FROM audience_subscription WHERE active ORDER BY since OFFSET 60 LIMIT 1"
        )
        since, pk = cursor.fetchone()
    assert first.next is not None
    deep = walk(Asked(), type(first.next)(since, pk))
    assert len(deep.found) == 50
    assert deep.next is not None
