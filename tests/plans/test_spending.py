# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""After a mailing, where there are 300,000 consents and deliveries: who left after it, and whom a second try reaches."""

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
from arengo.delivery.models import Budget, Fanout, Sender, Urgency
from arengo.delivery.spending import budgets, figures
from arengo.delivery.spending.silence import silences
from arengo.newsroom.outlets.whatsapp_list import leaving
from arengo.newsroom.outlets.whatsapp_list.effect import who_left
from tests.plans import filling
from tests.plans.capturing import Captured, capturing
from tests.plans.explaining import explain, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

TABLES = (
    "audience_consent",
    "audience_contact",
    "audience_identity",
    "delivery_delivery",
    "delivery_fanout",
    "delivery_charge",
    "newsroom_update",
    "newsroom_placement",
)
LARGE = {"audience_consent", "audience_identity", "delivery_delivery"}


@pytest.fixture
def many(esempio: Organization, sender: Sender) -> Iterator[Organization]:
    with organization_scope(esempio):
        Budget.objects.create(organization=esempio, amount=600)
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
            steps = explain(database, one, run=True)
            found += [f"{one.origin}: {fault}\n{one.shape[:400]}" for fault in faults(steps, LARGE)]
    return found


def test_what_a_mailing_brought_about_is_found_along_indexes(many: Organization, sender: Sender) -> None:
    fanout = Fanout.objects.order_by("pk")[3]
    fanout.organization_id = many.pk
    fanout.first_accepted_at = timezone.now() - timedelta(days=3)
    fanout.last_accepted_at = timezone.now() - timedelta(days=2, hours=23)
    with capturing() as captured:
        who_left(fanout)
        list(leaving.due(timezone.now()))
    assert any("who_left" in one.origin for one in captured)
    assert not wrong(captured)


def test_a_month_a_budget_and_a_silence_are_read_along_indexes(many: Organization, sender: Sender) -> None:
    with capturing() as captured:
        figures.months(figures.this_month(many), 6)
        budgets.weigh(many, Urgency.NEWS, [])
        silences([sender])
    assert not wrong(captured)
