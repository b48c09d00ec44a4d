# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's pages: what they show, to whom, and at what cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from arengo.audience.models import Identity
from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, DeliveryState
from arengo.desk import handling, inbox, replying
from arengo.desk.lists.listing import CLOSED, FREE, MINE, WAITING, Asked, Listing, asked
from arengo.desk.models import Attachment, Conversation, Message
from tests.desk.kept import photo
from tests.desk.listing import counted, page, shown, waiting, waiting_count
from tests.desk.road import DESK, Writes, page_of
from tests.factories.audience import citizen
from tests.factories.delivery import decide
from tests.factories.desk import photo_said, said, upload
from tests.factories.pictures import picture

__all__ = ["photo"]  # fixtures

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


# --- what it does ----------------------------------------------------------------------------------------------


def test_take_answer_and_close_without_javascript(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    client = browse(olga)
    assert client.post(f"{page_of(conversation)}prendi/")["Location"] == page_of(conversation)
    client.post(f"{page_of(conversation)}rispondi/", {"text": "Alle 9.", "key": "k"})
    assert Message.objects.get(direction="out").text == "Alle 9."
    client.post(f"{page_of(conversation)}chiudi/")
    conversation.refresh_from_db()
    assert (conversation.state, conversation.assignee) == ("closed", olga)


def test_a_form_sent_twice_answers_once(conversation: Conversation, olga: Person, browse: Browse) -> None:
    client = browse(olga)
    for _click in range(2):
        client.post(f"{page_of(conversation)}rispondi/", {"text": "Alle 9.", "key": "k"})
    assert Delivery.objects.count() == 1


def test_a_refused_answer_gives_the_words_back(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    answer = browse(olga).post(
        f"{page_of(conversation)}rispondi/",
        {"text": "y" * 4097, "key": "k"},
        headers={"HX-Request": "true"},
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "4.097" in text
    assert "y" * 4097 in text


def test_who_takes_second_is_told(
    conversation: Conversation, olga: Person, bea: Person, browse: Browse
) -> None:
    handling.take(conversation, by=olga)
    answer = browse(bea).post(f"{page_of(conversation)}prendi/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "È già in carico a Olga Esempio." in answer.content.decode()


def test_a_photo_is_sent_by_the_form(conversation: Conversation, olga: Person, browse: Browse) -> None:
    browse(olga).post(
        f"{page_of(conversation)}rispondi/",
        {"text": "", "key": "k", "files": [upload("mappa.png", picture(form="PNG"))]},
    )
    assert Attachment.objects.get().filename == "mappa.jpg"


def test_only_known_signs_are_reactions(conversation: Conversation, olga: Person, browse: Browse) -> None:
    message = conversation.messages.get()
    browse(olga).post(f"{DESK}messaggi/{message.pk}/reazione/", {"emoji": "<b>"})
    message.refresh_from_db()
    assert message.our_reaction == ""


# --- files -----------------------------------------------------------------------------------------------------


def test_a_photo_is_shown_and_can_run_nothing(photo: Attachment, olga: Person, browse: Browse) -> None:
    answer = browse(olga).get(f"{DESK}allegati/{photo.pk}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert b"".join(answer.streaming_content) == picture()  # type: ignore[attr-defined]  # a file is streamed


@pytest.mark.parametrize(
    "mime_type", ["text/html", "image/svg+xml", "application/pdf", "application/xhtml+xml", "image/jpeg"]
)
def test_everything_else_is_only_downloaded(
    photo: Attachment, olga: Person, browse: Browse, mime_type: str
) -> None:
    Attachment.objects.update(mime_type=mime_type, thumbnail="", filename="x.html")
    answer = browse(olga).get(f"{DESK}allegati/{photo.pk}/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="x.html"'
    answer.close()


def test_a_file_that_has_not_come_yet_is_404(
    write: Writes, anna: Identity, olga: Person, browse: Browse
) -> None:
    write(photo_said(anna))
    pk = Attachment.objects.get().pk
    assert browse(olga).get(f"{DESK}allegati/{pk}/").status_code == 404
    assert browse(olga).get(f"{DESK}allegati/{pk}/miniatura/").status_code == 404


# --- lists, pages, cost ----------------------------------------------------------------------------------------


def test_an_answer_that_failed_brings_the_conversation_back_to_those_who_wait(
    conversation: Conversation, olga: Person
) -> None:
    (answer,) = replying.reply(conversation, by=olga, text="Apre alle 9.", key="1")
    assert waiting() == 0
    decide(Delivery.objects.filter(pk=answer.delivery_id), DeliveryState.FAILED, 131026)
    assert waiting() == waiting_count(olga) == counted(olga).of["waiting"] == 1
    assert shown(WAITING, olga) == [conversation]
    replying.retry(answer, by=olga)
    assert waiting() == 0
    handling.close(conversation, by=olga)
    decide(Delivery.objects.filter(pk=answer.delivery_id), DeliveryState.FAILED)
    assert waiting() == 0


def test_days_are_written_as_italian_writes_them(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    Message.objects.update(sent_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
    page = browse(olga).get(page_of(conversation)).content.decode()
    assert "domenica 22 novembre" in page
    assert "Domenica" not in page


def test_each_list_holds_its_own(write: Writes, olga: Person, bea: Person, anna: Identity) -> None:
    names = ["mia", "libera", "chiusa", "di Bea"]
    people = {name: citizen(name) for name in names}
    write(*(said(person) for person in people.values()))
    by_name = {name: Conversation.objects.get(identity=person) for name, person in people.items()}
    handling.take(by_name["mia"], by=olga)
    handling.take(by_name["di Bea"], by=bea)
    handling.close(by_name["chiusa"], by=olga)

    def names_in(which: Listing) -> set[str]:
        return {row.contact.name for row in shown(which, olga)}

    assert names_in(WAITING) == {"mia", "libera", "di Bea"}
    assert names_in(MINE) == {"mia"}
    assert names_in(FREE) == {"libera"}
    assert names_in(CLOSED) == {"chiusa"}
    assert counted(olga).of == {"waiting": 3, "mine": 1, "free": 1}


@pytest.mark.parametrize(
    ("word", "which"),
    [
        ("attesa", WAITING),
        ("mie", MINE),
        ("libere", FREE),
        ("chiuse", CLOSED),
        ("waiting", WAITING),
        ("mine", WAITING),
        ("", WAITING),
        (None, WAITING),
    ],
)
def test_addresses_name_the_lists_in_italian(word: str | None, which: Listing) -> None:
    assert asked(QueryDict(f"lista={word or ''}")).listing is which
    assert asked(QueryDict(f"lista={which.in_address}")).listing is which


def test_the_address_of_each_list_opens_it(browse: Callable[..., Client], olga: Person) -> None:
    for word, empty in (
        ("attesa", "Nessuno aspetta."),
        ("mie", "Non hai conversazioni in carico."),
        ("libere", "Nessuna conversazione libera"),
        ("chiuse", "Nessuna conversazione chiusa."),
    ):
        page = browse(olga).get(f"{DESK}?lista={word}").content.decode()
        assert empty in page


def test_pages_hold_everything_once(write: Writes, scope: Organization, olga: Person) -> None:
    write(*(said(citizen(f"Prova {number}")) for number in range(70)))
    seen: list[int] = []
    after = None
    while True:
        found = page(Asked(), olga, after=after)
        seen += [place.conversation.pk for place in found.places]
        if not found.more:
            break
        after = found.places[-1].start
    assert len(seen) == len(set(seen)) == 70


@pytest.mark.parametrize("nonsense", ["x", "1-", "nan-1", "99999999999999999999-1", "-", "1e400-2"])
def test_a_page_key_that_is_nonsense_begins_anew(
    conversation: Conversation, olga: Person, browse: Browse, nonsense: str
) -> None:
    answer = browse(olga).get(DESK, {"dopo": nonsense})
    assert "Anna Esempio" in answer.content.decode()


def test_older_messages_are_pages_back(write: Writes, anna: Identity) -> None:
    write(*(said(anna, str(number)) for number in range(120)))
    Conversation.objects.update(unread=0)
    conversation = Conversation.objects.get()
    latest = inbox.thread(conversation)
    assert [message.text for message in latest.messages] == [str(number) for number in range(70, 120)]
    earlier = inbox.thread(conversation, before=latest.earlier)
    assert [message.text for message in earlier.messages] == [str(number) for number in range(20, 70)]
    kept = inbox.thread(conversation, since=earlier.messages[0].pk)
    assert len(kept.messages) == 100


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_a_full_list_costs_what_an_almost_empty_one_does(
    write: Writes, anna: Identity, olga: Person, browse: Browse, settings: Any
) -> None:
    settings.ARENGO_LISTS_KEPT_SECONDS = 0
    client = browse(olga)
    write(said(anna))
    few = queries(client, DESK)
    write(*(said(citizen(f"Prova {number}")) for number in range(40)))
    assert queries(client, DESK) == few
    assert few <= 11


def test_a_long_conversation_costs_what_a_short_one_does(
    write: Writes, anna: Identity, olga: Person, browse: Browse
) -> None:
    client = browse(olga)
    write(said(anna))
    conversation = Conversation.objects.get()
    replying.reply(conversation, by=olga, text="Alle 9.", reply_to=Message.objects.get(), key="first")
    few = queries(client, page_of(conversation))
    events = [said(anna, str(number)) for number in range(20)]
    write(*events, photo_said(anna))
    question = Message.objects.get(text="3")
    for number in range(10):
        replying.reply(conversation, by=olga, text="Sì", reply_to=question, key=str(number))
    assert queries(client, page_of(conversation)) == few
    assert few <= 22


def test_htmx_gets_the_desk_alone(conversation: Conversation, olga: Person, browse: Browse) -> None:
    headers = {"HX-Request": "true", "HX-Target": "desk"}
    text = browse(olga).get(page_of(conversation), headers=headers).content.decode()
    assert "<html" not in text
    assert f"topics=inbox,presence,conversation:{conversation.pk}" in text


def test_the_lists_live_part_brings_the_badge_of_the_tabs(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    text = browse(olga).get(f"{DESK}lista/").content.decode()
    assert 'id="console-tabs"' in text
    assert 'id="inbox"' in text
