# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signals to screens, however many at once."""

from __future__ import annotations

import json

import psycopg
import pytest

from arengo.core.database import conninfo
from arengo.core.live import announce
from arengo.core.models import LiveEvent, Organization
from tests.support.waiting import NEVER


@pytest.mark.django_db(transaction=True)
def test_a_thousand_topics_are_announced_in_one_transaction(esempio: Organization) -> None:
    topics = [f"conversation:{number:060d}" for number in range(1000)]
    with psycopg.connect(conninfo(), autocommit=True) as listener:
        listener.execute("LISTEN arengo_live")
        announce(esempio.pk, *topics)
        heard = [
            topic
            for notice in listener.notifies(timeout=NEVER, stop_after=17)
            for _id, topic in json.loads(notice.payload)[1]
        ]
    assert sorted(heard) == topics
    assert LiveEvent.objects.filter(organization_id=esempio.pk).count() == 1000
