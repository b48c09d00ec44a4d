# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Another office answers once, without an account, and its answer comes back as a note."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.console import personal_data
from arengo.core.models import Organization, Person
from arengo.desk.models import Conversation
from arengo.desk.notes import shown
from arengo.desk.notes.models import Note
from arengo.desk.offices import verbs
from arengo.desk.offices.models import Question
from tests.desk.road import page_of
from tests.factories.core import HOST, STRANGER_HOST

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
QUESTION = {"office": "Tributi", "email": "tributi@esempio.test", "text": "La <rata> è già pagata?"}


@pytest.fixture
def asked(settings: Any, conversation: Conversation, olga: Person, browse: Browse) -> str:
    """The path of the link that the office was mailed."""
    settings.EMAIL_LEAVES = True
    answer = browse(olga).post(f"{page_of(conversation)}chiedi-a-un-ufficio/", QUESTION)
    assert answer.status_code == 302
    [sent] = mail.outbox
    assert sent.to == ["tributi@esempio.test"]
    assert "La <rata> è già pagata?" in sent.body
    assert "Anna" not in sent.body
    found = re.search(r"/ufficio/[\w-]+/", str(sent.body))
    assert found is not None
    return found[0]


def test_the_office_answers_and_who_asked_finds_it(
    asked: str, conversation: Conversation, olga: Person, browse: Browse
) -> None:
    office = Client(headers={"host": HOST})
    page = office.get(asked)
    assert "La &lt;rata&gt; è già pagata?" in page.content.decode()
    assert "Anna" not in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    done = office.post(asked, {"signed": "Ugo Prova", "text": "Sì, il <3> marzo."})
    assert "La risposta è arrivata" in done.content.decode()
    note = Note.objects.get()
    assert (note.kind, note.signed, note.author) == ("office", "Ugo Prova, Tributi", None)
    assert shown.unseen(olga) == 1
    page_now = browse(olga).get(page_of(conversation)).content.decode()
    assert "Risposta di Ugo Prova, Tributi" in page_now
    assert "Sì, il &lt;3&gt; marzo." in page_now


def test_a_link_serves_once_and_not_for_ever(asked: str) -> None:
    office = Client(headers={"host": HOST})
    assert office.post(asked, {"text": ""}).status_code == 422
    office.post(asked, {"text": "Sì"})
    assert office.post(asked, {"text": "Anzi no"}).status_code == 410
    assert Note.objects.get().text == "Sì"
    Question.objects.update(answered_at=None, expires_at=timezone.now() - timedelta(seconds=1))
    assert "scaduto" in office.get(asked).content.decode()


def test_other_links_and_other_hosts_show_nothing(asked: str, altrove: Organization) -> None:
    assert Client(headers={"host": HOST}).get("/ufficio/indovinato/").status_code == 404
    assert Client(headers={"host": STRANGER_HOST}).get(asked).status_code == 404


def test_where_no_mail_leaves_the_link_is_shown(
    conversation: Conversation, olga: Person, browse: Browse, settings: Any
) -> None:
    settings.EMAIL_LEAVES = False
    page = browse(olga).post(f"{page_of(conversation)}chiedi-a-un-ufficio/", QUESTION)
    assert page.status_code == 200
    assert "/ufficio/" in page.content.decode()
    assert mail.outbox == []


def test_there_are_ceilings(
    esempio: Organization, conversation: Conversation, olga: Person, browse: Browse
) -> None:
    for number in range(verbs.MOST_OPEN):
        verbs.ask(esempio, conversation, office="Tributi", email=f"u{number}@esempio.test", text="?", by=olga)
    refused = browse(olga).post(f"{page_of(conversation)}chiedi-a-un-ufficio/", QUESTION)
    assert refused.status_code == 422
    assert "La &lt;rata&gt; è già pagata?" in refused.content.decode()


def test_about_an_erased_citizen_nothing_comes_back(
    asked: str, conversation: Conversation, anna: Identity
) -> None:
    assert "rata" in str(personal_data.export(anna.contact_id)["questions_to_offices"])
    personal_data.erase(anna.contact_id)
    assert Client(headers={"host": HOST}).post(asked, {"text": "Sì"}).status_code == 404
    assert not Question.objects.exists()
