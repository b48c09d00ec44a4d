# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation goes to the register as a PDF, and its number comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.console import personal_data
from arengo.core.models import AuditEntry, Organization, Person
from arengo.desk import replying
from arengo.desk.models import Conversation
from arengo.desk.notes import verbs as notes
from arengo.desk.protocol.document import document
from arengo.desk.protocol.models import Registered
from tests.desk.road import Writes, page_of
from tests.factories.desk import photo_said, said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


def test_the_pdf_holds_what_was_said_and_no_notes(
    write: Writes,
    esempio: Organization,
    conversation: Conversation,
    anna: Identity,
    olga: Person,
    browse: Browse,
) -> None:
    write(photo_said(anna, "La buca"), said(anna, '#panic("no") *b* سلام 😀'))
    replying.reply(conversation, by=olga, text="Alle *9*.\nBuona giornata", key="k")
    notes.write(conversation, text="Segreta", by=olga)
    conversation.refresh_from_db()
    made = document(conversation, esempio, None)
    lines = made.data["lines"]
    assert isinstance(lines, list)
    assert [line["who"] for line in lines].count("Anna Esempio") == 3
    assert ["Alle 9.", "Buona giornata"] in [line["text"] for line in lines]
    assert "Segreta" not in str(made.data)
    answer = browse(olga).post(f"{page_of(conversation)}protocollo/conversazione.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer["Cache-Control"] == "no-store"
    line = AuditEntry.objects.get(verb="desk.downloaded_conversation")
    assert (line.person, line.object_id) == (olga, str(conversation.pk))


def test_the_number_is_written_down_once(
    conversation: Conversation, olga: Person, rita: Person, carlo: Person, browse: Browse
) -> None:
    address, today = f"{page_of(conversation)}protocollo/", f"{timezone.localdate():%Y-%m-%d}"
    for _click in range(2):
        given = {"number": " 0012345/2026 ", "day": today}
        assert browse(olga).post(address, given).status_code == 302
    registered = Registered.objects.get()
    assert (registered.number, registered.messages) == ("0012345/2026", 1)
    assert AuditEntry.objects.get(verb="desk.noted_protocol").person == olga
    assert "0012345/2026" in browse(olga).get(address).content.decode()
    tomorrow = f"{timezone.localdate() + timedelta(days=1):%Y-%m-%d}"
    refused = browse(olga).post(address, {"number": "X/1", "day": tomorrow})
    assert refused.status_code == 422
    assert "X/1" in refused.content.decode()
    assert browse(rita).get(address).status_code == 403
    assert browse(carlo).get(address).status_code == 404


def test_the_number_outlives_the_citizen_and_is_handed_out(
    conversation: Conversation, anna: Identity, olga: Person, browse: Browse
) -> None:
    Registered.objects.create(
        conversation=conversation, number="7/2026", day=timezone.localdate(), messages=1
    )
    assert "7/2026" in str(personal_data.export(anna.contact_id)["registered"])
    personal_data.erase(anna.contact_id)
    assert Registered.objects.exists()
    assert browse(olga).get(f"{page_of(conversation)}protocollo/").status_code == 404
