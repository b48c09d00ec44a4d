# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may read at the desk and who may act there; and what a page that was only opened does not do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.delivery.models import Delivery
from arengo.desk import inbox
from arengo.desk.models import Attachment, Conversation
from tests.desk.kept import photo
from tests.desk.road import DESK, Writes, jobs, page_of
from tests.factories.core import STRANGER_HOST
from tests.factories.desk import said

__all__ = ["photo"]  # fixtures

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


READ = ["", "{pk}/", "lista/", "{pk}/pannello/", "allegati/{file}/", "allegati/{file}/miniatura/"]
WRITE = [
    "{pk}/rispondi/",
    "{pk}/prendi/",
    "{pk}/rilascia/",
    "{pk}/assegna/",
    "{pk}/chiudi/",
    "{pk}/riapri/",
    "{pk}/visto/",
    "{pk}/scrive/",
    "messaggi/{message}/reazione/",
    "messaggi/{message}/riprova/",
]


def address(path: str, photo: Attachment) -> str:
    message = photo.message
    return DESK + path.format(pk=message.conversation_id, message=message.pk, file=photo.pk)


@pytest.mark.parametrize("path", [path for path in READ if "{" in path])
def test_carlo_finds_nothing_to_read(carlo: Person, photo: Attachment, browse: Browse, path: str) -> None:
    assert browse(carlo).get(address(path, photo)).status_code == 404
    assert browse(carlo, STRANGER_HOST).get(address(path, photo)).status_code == 404


@pytest.mark.parametrize("path", WRITE)
def test_carlo_finds_nothing_to_do(carlo: Person, photo: Attachment, browse: Browse, path: str) -> None:
    assert browse(carlo).post(address(path, photo), {"text": "x"}).status_code == 404
    assert browse(carlo, STRANGER_HOST).post(address(path, photo), {"text": "x"}).status_code == 404
    assert not Delivery.objects.exists()


def test_carlos_own_desk_shows_nothing_of_ours(carlo: Person, photo: Attachment, browse: Browse) -> None:
    answer = browse(carlo, STRANGER_HOST).get(DESK)
    assert answer.status_code == 200
    assert "Anna" not in answer.content.decode()


@pytest.mark.parametrize("path", READ)
def test_the_signed_out_are_asked_to_sign_in(photo: Attachment, browse: Browse, path: str) -> None:
    answer = browse().get(address(path, photo))
    assert answer.status_code == 302
    assert "/console/accesso/" in answer["Location"]


@pytest.mark.parametrize("path", READ)
def test_the_auditor_reads(rita: Person, photo: Attachment, browse: Browse, path: str) -> None:
    answer = browse(rita).get(address(path, photo))
    assert answer.status_code == 200
    answer.close()


@pytest.mark.parametrize("path", WRITE)
def test_the_auditor_does_nothing(rita: Person, photo: Attachment, browse: Browse, path: str) -> None:
    assert browse(rita).post(address(path, photo), {"text": "x"}).status_code == 403
    assert Conversation.objects.get().unread == 1


@pytest.mark.parametrize("path", READ)
def test_the_editor_does_not_read_citizens_messages(
    edo: Person, photo: Attachment, browse: Browse, path: str
) -> None:
    assert browse(edo).get(address(path, photo)).status_code == 403


def test_what_the_auditor_opens_stays_unread_for_the_citizen(
    rita: Person, conversation: Conversation, browse: Browse
) -> None:
    browse(rita).get(page_of(conversation))
    assert jobs("desk.mark_read") == []


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HX-Request": "true", "HX-Target": "desk"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"User-Agent": "LinkChecker/10"},
    ],
)
def test_who_only_asks_for_a_page_has_not_read_it(
    olga: Person, conversation: Conversation, browse: Browse, method: str, headers: dict[str, str]
) -> None:
    for path in ("", "pannello/"):
        getattr(browse(olga), method)(page_of(conversation) + path, headers=headers)
    conversation.refresh_from_db()
    assert conversation.unread == 1
    assert jobs("desk.mark_read") == []


def fields_of(page: str, form: str) -> dict[str, str]:
    """The hidden fields of a form of the page."""
    inside = page.split(f'id="{form}"')[1].split("</form>")[0]
    return {
        found["name"]: found["value"]
        for found in re.finditer(
            r'<input type="hidden"\s+name="(?P<name>\w+)"[^>]*?value="(?P<value>[^"]*)"', inside
        )
    }


def test_without_javascript_a_button_marks_what_stands_on_the_page(
    olga: Person, conversation: Conversation, browse: Browse, write: Writes, anna: Identity
) -> None:
    client = browse(olga)
    page = client.get(page_of(conversation)).content.decode()
    assert "Segna come letta" in page
    write(said(anna, "E il sabato?"))
    answer = client.post(f"{page_of(conversation)}visto/?lista=mie", fields_of(page, "seen-form"))
    assert answer["Location"] == f"{page_of(conversation)}?lista=mie"
    conversation.refresh_from_db()
    assert conversation.unread == 1
    client.post(
        f"{page_of(conversation)}visto/",
        fields_of(client.get(page_of(conversation)).content.decode(), "seen-form"),
    )
    conversation.refresh_from_db()
    assert conversation.unread == 0
    assert "Segna come letta" not in client.get(page_of(conversation)).content.decode()


def test_without_javascript_an_answer_reads_what_stands_on_its_page(
    olga: Person, conversation: Conversation, browse: Browse, write: Writes, anna: Identity
) -> None:
    client = browse(olga)
    fields = fields_of(client.get(page_of(conversation)).content.decode(), "composer")
    first = conversation.messages.get()
    write(said(anna, "E il sabato?"))
    client.post(f"{page_of(conversation)}rispondi/", {**fields, "text": "Alle 9."})
    conversation.refresh_from_db()
    assert conversation.unread == 1
    assert conversation.waiting_since is not None
    assert [job["message_id"] for job in jobs("desk.mark_read")] == [first.pk]
    fields = fields_of(client.get(page_of(conversation)).content.decode(), "composer")
    client.post(f"{page_of(conversation)}rispondi/", {**fields, "text": "È chiuso."})
    conversation.refresh_from_db()
    assert (conversation.unread, conversation.waiting_since) == (0, None)


@pytest.mark.parametrize(
    "fields", [{}, {"shown": "1"}, {"shown": "x", "last": "y"}, {"shown": "-1", "last": "1"}]
)
def test_who_does_not_say_how_far_it_was_read_marks_nothing(
    olga: Person, conversation: Conversation, browse: Browse, fields: dict[str, str]
) -> None:
    assert browse(olga).post(f"{page_of(conversation)}visto/", fields).status_code == 422
    conversation.refresh_from_db()
    assert conversation.unread == 1


def test_earlier_messages_are_no_sign_that_the_newest_were_read(
    olga: Person, write: Writes, anna: Identity, browse: Browse
) -> None:
    write(*(said(anna, str(number)) for number in range(60)))
    Conversation.objects.update(unread=1)
    conversation = Conversation.objects.get()
    latest = inbox.thread(conversation)
    client = browse(olga)
    assert 'id="seen-form"' in client.get(page_of(conversation)).content.decode()
    page = client.get(page_of(conversation), {"prima": latest.earlier}).content.decode()
    assert 'id="seen-form"' not in page
