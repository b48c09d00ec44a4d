# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures over 300,000 messages: a day is counted along indexes, three years are read without looking at one message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from arengo.audience.models import Subscription
from arengo.core.database import conninfo
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk.models import Conversation, Desk, Message
from arengo.insights import agreement, figures, keeping, people
from arengo.insights.models import CountedDay, OperatorAgreement
from arengo.insights.periods import Period
from tests.factories.desk import make_label
from tests.plans import filling
from tests.plans.capturing import Captured, capturing
from tests.plans.explaining import explain, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

# What a day is counted from, what its groups are asked of, and what is kept of it.
TABLES = (
    "desk_message",
    "desk_conversation",
    "desk_assignment",
    "desk_attachment",
    "delivery_delivery",
    "desk_blocks_block",
    "desk_blocks_reprimand",
    "desk_redirects_redirected",
    "desk_labels_labelled",
    "audience_contact",
    "audience_identity",
    "audience_consent",
    "audience_subscription",
    "insights_countedday",
    "insights_operatorday",
)
_ONCE_A_NIGHT = "insights/keeping.py:keep_day"  # counts who is on the list


@pytest.fixture
def many(esempio: Organization, sender: Sender, alice: Person) -> Iterator[Organization]:
    with organization_scope(esempio):
        Desk.objects.create(name="URP", slug="urp")  # of the large table's conversations
        make_label("Anagrafe")
        filling.fill(esempio.pk, sender.pk, TABLES)
        OperatorAgreement.objects.create(agreed_on="2020-01-01", reference="RSU", by=alice)
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
    """What reads a table from end to end, or much of it."""
    found = []
    with psycopg.connect(conninfo("arengo plans"), autocommit=True) as database:
        for one in captured:
            steps = explain(database, one, run=True)
            if one.origin == _ONCE_A_NIGHT and "audience_subscription" in one.text:
                # Nothing else can say how many they are: PostgreSQL counts them in the index, and gives one number back.
                assert [step.kind for step in steps] == ["Index Only Scan"]
                assert "COUNT(*)" in one.text
                continue
            found += [f"{one.origin}: {fault}\n{one.shape[:400]}" for fault in faults(steps, set(TABLES))]
    return found


def _a_request_of(many: Organization) -> datetime:
    """When a citizen said something."""
    found: datetime = Message.objects.filter(organization=many, direction="in").latest("pk").sent_at
    return found


def test_a_day_is_counted_and_kept_along_indexes(many: Organization) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    busy = min(timezone.localdate(_a_request_of(many)), yesterday)
    with capturing() as captured:
        for day in {yesterday, busy}:
            keeping.keep_day(many, day)
        assert keeping.due(many)
        keeping.forget_old(many)
    assert {"insights/sources.py:_events", "insights/sources.py:_open_requests"} <= {
        one.origin for one in captured
    }
    assert not wrong(captured)
    assert CountedDay.objects.filter(day=busy).exists()


def test_three_years_are_read_without_a_message(many: Organization) -> None:
    today = timezone.localdate()
    desks = range(1, 301)
    began = keeping.first_day(many)
    with capturing() as captured:
        figures.read(
            many, Period(today - timedelta(days=1000), today - timedelta(days=1)), desks, began=began
        )
        figures.by_operator(Period(today - timedelta(days=1000), today), desks)
    assert not wrong(captured)
    assert not [one for one in captured if "desk_message" in one.text]
    with capturing() as captured:
        figures.read(many, Period(today, today), desks, began=began)
    assert not wrong(captured)


def test_somebody_is_found_in_the_days_and_figures_by_operator_go(many: Organization, alice: Person) -> None:
    contact = Conversation.objects.values_list("contact_id", flat=True)[0]
    with capturing() as captured:
        people.export(contact)
        with transaction.atomic():
            people.contacts_merged(contact, contact + 1)
        agreement.switch_off(many, by=alice)
    # All of them go, when they are switched off.
    assert not [
        each for each in wrong(captured) if not each.startswith("insights/agreement.py:switch_off: reads")
    ]
    assert Subscription.objects.filter(active=True).exists()
