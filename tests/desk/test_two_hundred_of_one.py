# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One person writes two hundred messages within a minute: nothing is lost, the list stays as long as it is, the work is bounded."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arengo.audience.models import Identity
from arengo.core.live_pushes import Viewer
from arengo.core.models import LiveEvent, Person
from arengo.desk.lists.listing import WAITING
from arengo.desk.lists.pushing import pushed
from arengo.desk.models import Conversation
from tests.desk.listing import shown
from tests.desk.road import Writes
from tests.factories.audience import citizen
from tests.factories.desk import said

pytestmark = pytest.mark.django_db

MANY = 200


def spent(write: Writes, identity: Identity, many: int) -> int:
    """Queries of one batch."""
    with CaptureQueriesContext(connection) as captured:
        write(*(said(identity, f"Messaggio {number}") for number in range(many)))
    return len(captured)


def test_none_is_lost_and_the_list_has_one_row(write: Writes, anna: Identity, olga: Person) -> None:
    write(said(citizen("Bruno"), "Buongiorno"))
    for number in range(MANY):  # each in a webhook of its own
        write(said(anna, f"Messaggio {number}"))
    conversation = Conversation.objects.get(identity=anna)
    assert conversation.messages.count() == conversation.unread == MANY
    assert [each.contact.name for each in shown(WAITING, olga)] == ["Bruno", "Anna Esempio"]
    viewer = Viewer(olga.pk, "", "it")
    news = json.loads(pushed([viewer])[viewer])
    assert "99+" in news["rows"]
    assert "Messaggio 199" in news["rows"]
    assert news["waiting"] == 2


def test_a_batch_costs_the_same_however_many_they_are(write: Writes, anna: Identity) -> None:
    write(said(anna, "Buongiorno"))
    few = spent(write, anna, 20)
    before = LiveEvent.objects.count()
    assert spent(write, anna, MANY) <= few
    assert LiveEvent.objects.count() == before + 2  # the list and the conversation, once


def test_the_page_of_it_asks_no_more_than_that_of_a_short_one(
    browse: Callable[..., Any],
    write: Writes,
    anna: Identity,
    conversation: Conversation,
    olga: Person,
    settings: Any,
) -> None:
    settings.ARENGO_LISTS_KEPT_SECONDS = 0
    client = browse(olga)
    page = f"/console/sportello/{conversation.pk}/"
    client.get(page)
    with CaptureQueriesContext(connection) as short:
        client.get(page)
    write(*(said(anna, f"Messaggio {number}") for number in range(MANY)))
    with CaptureQueriesContext(connection) as long:
        assert client.get(page).status_code == 200
    assert len(long) <= len(short)
