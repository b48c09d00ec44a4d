# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Closing asks where somebody still waits, leads on to the next conversation, and can be undone for a moment."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Delivery, DeliveryState
from arengo.desk import handling, replying
from arengo.desk.models import Assignment, Conversation, Message
from tests.desk.road import DESK, Writes, page_of
from tests.factories.audience import citizen
from tests.factories.core import STRANGER_HOST
from tests.factories.delivery import decide
from tests.factories.desk import said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
HTMX = {"HX-Request": "true", "HX-Target": "conversation"}


@pytest.fixture
def desk(client: Client, olga: Person) -> Client:
    client.force_login(olga)
    return client


def is_open(conversation: Conversation) -> bool:
    conversation.refresh_from_db()
    return conversation.is_open


def press(desk: Client, conversation: Conversation, what: str = "chiudi", **data: str) -> object:
    return desk.post(f"{page_of(conversation)}{what}/", data, headers=HTMX)


def test_who_still_waits_is_asked_about_first(desk: Client, conversation: Conversation) -> None:
    response = desk.post(f"{page_of(conversation)}chiudi/", headers=HTMX)
    assert response.status_code == 409
    assert "aspetta ancora una risposta" in response.content.decode()
    assert is_open(conversation)
    press(desk, conversation, sure="1")
    assert not is_open(conversation)


def test_without_javascript_the_question_stands_in_the_page(desk: Client, conversation: Conversation) -> None:
    page = desk.post(f"{page_of(conversation)}chiudi/").content.decode()
    assert 'id="close-question"' in page
    assert "Torna a rispondere" in page
    assert is_open(conversation)
    response = desk.post(f"{page_of(conversation)}chiudi/", {"sure": "1"})
    assert response["Location"] == f"{DESK}?chiusa={conversation.pk}"
    assert f"{page_of(conversation)}annulla-chiusura/" in desk.get(response["Location"]).content.decode()


def test_whose_answer_did_not_go_has_none(desk: Client, conversation: Conversation, olga: Person) -> None:
    replying.reply(conversation, by=olga, text="Alle 9", key="k")
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131026)
    assert desk.post(f"{page_of(conversation)}chiudi/", headers=HTMX).status_code == 409
    assert is_open(conversation)


def test_who_has_an_answer_is_closed_at_once(desk: Client, conversation: Conversation, olga: Person) -> None:
    replying.reply(conversation, by=olga, text="Alle 9", key="k")
    assert desk.post(f"{page_of(conversation)}chiudi/", headers=HTMX).status_code == 200
    assert not is_open(conversation)


def test_then_the_next_one_opens(
    desk: Client, conversation: Conversation, olga: Person, write: Writes
) -> None:
    bruno, clara = citizen("Bruno Esempio"), citizen("Clara Esempio")
    write(said(bruno, "E io?"), said(clara, "E io!"))
    below = Conversation.objects.get(identity=bruno)
    response = desk.post(
        f"{page_of(conversation)}chiudi/", {"sure": "1", "next": str(below.pk)}, headers=HTMX
    )
    assert (response["HX-Retarget"], response["HX-Push-Url"]) == ("#desk", page_of(below))
    shown = response.content.decode()
    assert f'data-conversation="{below.pk}"' in shown
    assert f"{page_of(conversation)}annulla-chiusura/" in shown
    done = json.loads(response["X-Arengo-Done"])
    assert "Anna Esempio" in done["words"]
    assert "Bruno Esempio" in done["words"]
    first = Conversation.objects.get(identity=clara)
    response = desk.post(f"{page_of(below)}chiudi/", {"sure": "1", "next": "999999"}, headers=HTMX)
    assert response["HX-Push-Url"] == page_of(first)
    response = desk.post(f"{page_of(first)}chiudi/", {"sure": "1", "next": "x"}, headers=HTMX)
    assert response["HX-Push-Url"] == DESK


def test_a_stranger_closes_and_undoes_nothing(
    conversation: Conversation, altrove: Organization, carlo: Person, olga: Person, browse: Browse
) -> None:
    stranger = browse(carlo, host=STRANGER_HOST)
    assert stranger.post(f"{page_of(conversation)}chiudi/", {"sure": "1"}).status_code == 404
    handling.close(conversation, by=olga)
    assert stranger.post(f"{page_of(conversation)}annulla-chiusura/").status_code == 404
    assert "Anna Esempio" not in stranger.get(f"{DESK}?chiusa={conversation.pk}").content.decode()
    assert not is_open(conversation)


def test_undone_it_is_as_it_was(conversation: Conversation, olga: Person, bea: Person) -> None:
    handling.assign(conversation, to=bea, by=olga)
    conversation.refresh_from_db()
    before = (conversation.waiting_since, conversation.unread)
    assert before[1] == 1
    handling.close(conversation, by=olga)
    handling.undo_close(conversation, by=olga)
    conversation.refresh_from_db()
    assert (conversation.waiting_since, conversation.unread) == before
    assert (conversation.is_open, conversation.closed_at, conversation.assignee) == (True, None, bea)
    assert Assignment.objects.latest("id").action == "undone"
    assert AuditEntry.objects.get(verb="desk.undone").person == olga


def test_only_who_closed_it_and_only_for_a_moment(
    conversation: Conversation, olga: Person, bea: Person
) -> None:
    handling.close(conversation, by=olga)
    with pytest.raises(handling.HandlingRefused, match="Non si può più annullare"):
        handling.undo_close(conversation, by=bea)
    Assignment.objects.filter(action="closed").update(at=timezone.now() - timedelta(minutes=2))
    with pytest.raises(handling.HandlingRefused, match="Non si può più annullare"):
        handling.undo_close(conversation, by=olga)
    assert not is_open(conversation)


def test_not_beside_a_newer_one(
    conversation: Conversation, olga: Person, write: Writes, anna: Identity
) -> None:
    handling.close(conversation, by=olga)
    write(said(anna, "Un'altra cosa"))
    with pytest.raises(handling.HandlingRefused, match="più recente"):
        handling.undo_close(conversation, by=olga)
    assert not is_open(conversation)


def test_undo_leads_back(desk: Client, conversation: Conversation, rita: Person) -> None:
    press(desk, conversation, sure="1")
    response = desk.post(f"{page_of(conversation)}annulla-chiusura/", headers=HTMX)
    assert response["HX-Push-Url"] == page_of(conversation)
    assert "di nuovo aperta" in json.loads(response["X-Arengo-Done"])["words"]
    assert is_open(conversation)
    desk.force_login(rita)
    assert desk.post(f"{page_of(conversation)}annulla-chiusura/").status_code == 403


def test_send_and_close(desk: Client, conversation: Conversation, write: Writes, anna: Identity) -> None:
    shown = {"shown": "1", "last": str(Message.objects.get().pk)}
    write(said(anna, "Anzi, un'altra cosa"))
    said_so = desk.post(
        f"{page_of(conversation)}rispondi/",
        {"text": "Alle 9", "key": "k1", "then": "close", **shown},
        headers=HTMX,
    )
    assert "ha scritto ancora" in json.loads(said_so["X-Arengo-Done"])["words"]
    assert is_open(conversation)
    desk.post(
        f"{page_of(conversation)}rispondi/", {"text": "Certo", "key": "k2", "then": "close"}, headers=HTMX
    )
    assert not is_open(conversation)
    assert list(Message.objects.filter(direction="out").values_list("text", flat=True)) == ["Alle 9", "Certo"]


def test_what_was_refused_closes_nothing(desk: Client, conversation: Conversation) -> None:
    response = desk.post(
        f"{page_of(conversation)}rispondi/", {"text": " ", "key": "k", "then": "close"}, headers=HTMX
    )
    assert response.status_code == 422
    assert is_open(conversation)
