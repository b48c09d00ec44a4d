# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The overview of a list of 300,000 and as many consents: days are counted along an index, a page reads what was kept."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from arengo.audience import consent_pages
from arengo.audience.models import Consent, Topic
from arengo.audience.overview import figures, keeping, ways
from arengo.audience.overview.periods import Span
from arengo.audience.reasons import Reason
from arengo.core.database import conninfo
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.plans import filling
from tests.plans.capturing import Captured, capturing
from tests.plans.explaining import explain, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

TABLES = (
    "audience_consent",
    "audience_contact",
    "audience_identity",
    "audience_subscription",
    "audience_subscription_topics",
)
# origin: why it may read the whole list
_ALLOWED = {
    "audience/overview/keeping.py:now": "once a night",
    "audience/recipients.py:reach": "how many are on the list and stopped news: nothing else can say it, and the index does",
}


@pytest.fixture
def many(esempio: Organization, sender: Sender) -> Iterator[Organization]:
    with organization_scope(esempio):
        for number in range(1, 6):
            Topic.objects.create(pk=number, name=f"Tema {number}")
        filling.fill(esempio.pk, sender.pk, TABLES)
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"VACUUM (ANALYZE) {filling.SCHEMA}.{table}")  # as autovacuum leaves them
            cursor.execute(f"SET search_path = {filling.SCHEMA}, public")
        try:
            yield esempio
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET search_path = DEFAULT")
            filling.drop()


def wrong(captured: list[Captured]) -> list[str]:
    found = []
    with psycopg.connect(conninfo("arengo plans"), autocommit=True) as database:
        for one in captured:
            if one.origin in _ALLOWED:
                continue
            steps = explain(database, one, run=True)
            found += [f"{one.origin}: {fault}\n{one.shape[:400]}" for fault in faults(steps, set(TABLES))]
    return found


def test_a_fortnight_is_counted_along_the_index_and_a_page_reads_what_was_kept(many: Organization) -> None:
    while days := keeping.due(many):  # the first time, all of it
        keeping.keep(many, days)
    with capturing() as captured:
        keeping.first_day(many)
        last = keeping.today(many)
        keeping.count(many, last, last)
        for span in Span:
            figures.read(many, span)
    assert {"audience/overview/keeping.py:count"} <= {one.origin for one in captured}
    assert not wrong(captured)


def test_the_people_behind_a_bar_are_found_fifty_at_a_time(many: Organization) -> None:
    left = Consent.objects.filter(action="withdrawn", effective=True)
    came = Consent.objects.filter(action="given", effective=True)
    with capturing() as captured:
        for rows in (
            left,
            left.filter(reason=Reason.INVALID),
            left.filter(reason=Reason.ERASED),
            came,
            ways.of_way(came, "message"),
            ways.of_way(came, "import"),
        ):
            page = consent_pages.page_of(rows, None)
            if page.older:
                consent_pages.page_of(rows, str(page.older))
    assert len(captured) >= 6
    assert not wrong(captured)
