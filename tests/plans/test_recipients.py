# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list of 300,000 with topics: counted in less than a second or two, walked page by page, asked by hash along an index."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection, transaction

from arengo.audience import standing
from arengo.audience.models import Quarter, Topic
from arengo.audience.recipients import Purpose, Recipients
from arengo.core.database import conninfo
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.plans import filling
from tests.plans.capturing import Captured, capturing
from tests.plans.explaining import explain, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

TABLES = (
    "audience_subscription",
    "audience_identity",
    "audience_subscription_topics",
    "audience_subscription_quarters",
)
_SECONDS = 4.0  # on a machine that is busy with other tests; alone it takes half a second, where everybody chose a quarter


@pytest.fixture
def many(esempio: Organization, sender: Sender) -> Iterator[Recipients]:
    """Recipients of news on one of five topics; their list is read where it is long."""
    with organization_scope(esempio):
        for number in range(1, 6):
            Topic.objects.create(pk=number, name=f"Tema {number}")
            Quarter.objects.create(pk=number, name=f"Quartiere {number}")
        filling.fill(esempio.pk, sender.pk, TABLES)
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ANALYZE {filling.SCHEMA}.{table}")
            cursor.execute(f"SET search_path = {filling.SCHEMA}, public")
        try:
            yield Recipients(sender.pk, topics=(1,), excluded=(7, 8), quarters=(1, 2))
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET search_path = DEFAULT")
            filling.drop()


def _wants(number: int, topic: int) -> bool:
    """As the large tables are filled: two of five chose two or three topics, the others want all."""
    place, which = divmod(number - 1, 5)
    if which > 1:
        return True
    chooser = place * 2 + which
    rounds = [0, 1, 2] if chooser <= filling.ROWS - 240_000 else [0, 1]
    return topic in {(place + each) % 5 + 1 for each in rounds if (chooser, each) != (0, 0)}


def test_counting_for_a_topic_takes_no_seconds_and_is_right(many: Recipients) -> None:
    spent = []
    for _try in range(3):
        began = time.perf_counter()
        reach = many.reach()
        spent.append(time.perf_counter() - began)
    listed = [number for number in range(1, filling.ROWS + 1) if number % 3]
    left = [number for number in listed if number % 50 != 1]
    wanting = [number for number in left if _wants(number, 1)]
    assert (reach.listed, reach.stopped) == (len(listed), len(listed) - len(left))
    assert reach.other_topics == len(left) - len(wanting)
    here = [number for number in wanting if number % 5 in (0, 1)]  # each says where they live
    assert reach.other_quarters == len(wanting) - len(here)
    often = [number for number in here if number % 50 != 3]  # the others want only digests
    assert reach.other_frequency == len(here) - len(often)
    assert reach.reached == len([number for number in often if number not in (7, 8)])
    assert min(spent) < _SECONDS


def test_walking_the_list_reads_each_page_along_an_index(many: Recipients) -> None:
    with capturing() as captured:
        walk = many.addresses()
        with pytest.raises(StopIteration):
            next(walk)  # nobody of the large table has an address to open
    pages = [one for one in captured if "_walk" in one.origin]
    assert len(pages) == 3  # of each shape a few are kept
    _assert_read_little(pages, most=6_000)


def test_who_is_still_meant_is_asked_hash_by_hash(many: Recipients) -> None:
    hashes = [number.to_bytes(32, "big") for number in range(500)]
    with capturing() as captured:
        assert many.among(hashes) == 0
        assert Recipients(purpose=Purpose.ALERT).among(hashes) == 0
    _assert_read_little([one for one in captured if "recipients" in one.origin], most=1_500)


def test_where_linked_people_are_reached_is_asked_and_locked_along_indexes(many: Recipients) -> None:
    with capturing() as captured, transaction.atomic():
        assert standing.lock(range(2_995, 2_998))[0] == [2_995, 2_996, 2_997]
        assert standing.lock([3_000])[0] == [2_999, 3_000]
    _assert_read_little([one for one in captured if "standing" in one.origin], most=100)


def _assert_read_little(captured: list[Captured], *, most: int) -> None:
    assert captured
    with psycopg.connect(conninfo("arengo plans"), autocommit=True) as database:
        for one in captured:
            steps = explain(database, one, run=True)
            assert not faults(steps, set(TABLES)), one.text
            assert all(step.read <= most for step in steps), (one.text, steps)
