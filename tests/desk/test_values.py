# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Values that would break the desk's pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.desk.models import Conversation
from tests.desk.road import Writes
from tests.factories.desk import said

_SPOIL = (
    "UPDATE desk_message SET sent_at = %(at)s, received_at = %(at)s",
    "UPDATE desk_conversation SET waiting_since = %(at)s, citizen_wrote_at = %(at)s, last_message_at = %(at)s, opened_at = %(at)s",
    "UPDATE audience_identity SET last_wrote_at = %(at)s",
    "UPDATE audience_contact SET created_at = %(at)s",
)


@pytest.mark.parametrize("at", ["9999-12-31 23:59:59+00", "infinity", "20000-01-01", "0044-03-15 BC"])
def test_a_time_that_was_stored_wrongly_breaks_no_page(
    alice: Person, browse: Callable[..., Client], conversation: Conversation, at: str
) -> None:
    with connection.cursor() as cursor:
        for statement in _SPOIL:
            cursor.execute(statement, {"at": at})
    client = browse(alice)
    for path in (
        f"/console/sportello/{conversation.pk}/",
        "/console/sportello/",
        "/console/sportello/?lista=libere",
        f"/console/iscritti/{conversation.contact_id}/",
    ):
        assert client.get(path).status_code == 200


def test_a_message_says_when_its_time_is_that_of_receipt(
    olga: Person, browse: Callable[..., Client], write: Writes, anna: Identity
) -> None:
    write(said(anna, "Con l'orologio giusto"))
    write(said(anna, "Con l'orologio rotto", time_of_receipt=True))
    page = browse(olga).get(f"/console/sportello/{Conversation.objects.get().pk}/").content.decode()
    assert page.count("ora di ricezione") == 1
