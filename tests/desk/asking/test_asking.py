# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen is asked something to press, a place, or their number; the answer stands in the thread with its question."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from arengo.audience import privacy
from arengo.audience.models import Identity
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Delivery, Sender
from arengo.desk import handling
from arengo.desk.asking import verbs
from arengo.desk.asking.models import Asked
from arengo.desk.models import Conversation, Message
from arengo.desk.replying import ReplyRefused
from arengo.platforms.contract import Buttons, Choice, Listing, LocationRequest, NumberRequest, Section
from tests.desk.road import Writes, page_of, sent
from tests.factories.audience import citizen
from tests.factories.delivery import accepted_as
from tests.factories.desk import said
from tests.factories.intake import journal, read_all
from tests.factories.webhooks import message as said_at_platform, webhook

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
USER = "IT.13491208000000007"


@pytest.fixture
def hidden(write: Writes, scope: Organization) -> Conversation:
    """Somebody wrote whose number nobody knows."""
    write(said(citizen("Elena Senzanumero", user_id=USER), "Mi richiamate?"))
    found: Conversation = Conversation.objects.get()
    return found


def question(conversation: Conversation, kind: str, **data: str) -> tuple[str, dict[str, str]]:
    return f"{page_of(conversation)}chiedi/{kind}/", {"key": "k", **data}


def test_buttons_go_as_the_platform_wants_them_and_stand_under_the_words(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    address, data = question(conversation, "buttons", text="È residente?", title_1="Sì", title_2="No")
    for _click in range(2):
        assert browse(olga).post(address, data).status_code == 302
    assert sent() == Buttons("È residente?", [Choice("desk:1", "Sì"), Choice("desk:2", "No")])
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.waiting_since) == (olga, None)
    page = browse(olga).get(page_of(conversation)).content.decode()
    assert "Pulsanti da premere" in page.split('class="desk-asked"')[1][:300]


def test_a_list_has_rows_with_a_line_each(conversation: Conversation, olga: Person, browse: Browse) -> None:
    data = {
        "text": "Quale ufficio?",
        "button": "Scegli",
        "title_1": "Anagrafe",
        "more_1": "Certificati",
        "title_3": "Tributi",
    }
    browse(olga).post(*question(conversation, "list", **data))
    rows = [Choice("desk:1", "Anagrafe", "Certificati"), Choice("desk:2", "Tributi")]
    assert sent() == Listing("Quale ufficio?", "Scegli", [Section("", rows)])


def test_the_press_comes_back_as_a_message_that_quotes_the_question(
    conversation: Conversation, anna: Identity, olga: Person, sender: Sender, browse: Browse
) -> None:
    asked = verbs.ask(
        conversation, kind="buttons", text="È residente?", options=[("Sì", "")], by=olga, key="k"
    )
    accepted_as(Delivery.objects.all(), "wamid.asked")
    answer = said_at_platform(
        phone="+393330000041",
        type="interactive",
        interactive={"type": "button_reply", "button_reply": {"id": "desk:1", "title": "Sì"}},
        context={"id": "wamid.asked"},
    )
    journal(sender, webhook("messages", messages=[answer]))
    read_all()
    message = Message.objects.get(kind="choice")
    assert (message.text, message.reply_to) == ("Sì", asked)
    conversation.refresh_from_db()
    assert conversation.waiting_since is not None
    assert "È residente?" in browse(olga).get(page_of(conversation)).content.decode()


def test_who_has_a_number_is_not_asked_for_it(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    assert Asked.Kind.NUMBER not in verbs.possible(conversation)
    assert browse(olga).get(question(conversation, "number")[0]).status_code == 404
    with pytest.raises(ReplyRefused):
        verbs.ask(conversation, kind="number", text="Per richiamarla", by=olga, key="k")


def test_the_number_that_answers_our_request_is_the_persons(
    hidden: Conversation, olga: Person, sender: Sender, browse: Browse
) -> None:
    browse(olga).post(*question(hidden, "number", text="Per richiamarla"))
    assert sent() == NumberRequest("Per richiamarla")
    assert AuditEntry.objects.filter(verb="desk.asked_number").exists()
    card = {
        "name": {"formatted_name": "Elena"},
        "phones": [{"phone": "+39 333 000 0077", "wa_id": "393330000077"}],
    }
    for origin, known in (("other", None), ("contact_request", "+393330000077")):
        answer = said_at_platform(user_id=USER, type="contacts", contacts=[{**card, "origin": origin}])
        journal(sender, webhook("messages", messages=[answer]))
        read_all()
        assert Identity.objects.get().address.phone == known
    assert Conversation.objects.get() == hidden
    assert Asked.Kind.NUMBER not in verbs.possible(Conversation.objects.get())


def test_a_place_is_asked_for(conversation: Conversation, olga: Person, browse: Browse) -> None:
    assert "Ci mandi la posizione" in browse(olga).get(question(conversation, "location")[0]).content.decode()
    browse(olga).post(*question(conversation, "location", text="Dov’è la buca?"))
    assert sent() == LocationRequest("Dov’è la buca?")


@pytest.mark.parametrize(
    ("kind", "data", "why"),
    [
        ("buttons", {"text": "Quale?", "title_1": "x" * 21}, "il massimo è 20"),
        ("buttons", {"text": "Quale?", "title_1": "Sì", "title_2": "Sì"}, "compare due volte"),
        ("buttons", {"text": "Quale?"}, "obbligatorio"),
        ("list", {"text": "Quale?", "button": "Apri", "title_1": "Uno", "more_2": "senza voce"}, "bianco"),
        ("location", {"text": " "}, "obbligatorio"),
    ],
)
def test_what_would_be_refused_is_said_and_nothing_typed_is_lost(
    conversation: Conversation, olga: Person, browse: Browse, kind: str, data: dict[str, str], why: str
) -> None:
    answer = browse(olga).post(*question(conversation, kind, **data))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert why in page
    assert all(words.strip() in page for words in data.values())
    assert not Delivery.objects.exists()


def test_after_a_colleague_took_it_the_question_stays_on_the_page(
    conversation: Conversation, olga: Person, bea: Person, browse: Browse
) -> None:
    handling.take(conversation, by=bea)
    answer = browse(olga).post(*question(conversation, "location", text="Dov’è?"))
    assert answer.status_code == 422
    assert "È già in carico a Bea Esempio" in answer.content.decode()


def test_in_a_shut_window_nothing_is_asked(shut: Conversation, olga: Person, browse: Browse) -> None:
    answer = browse(olga).post(*question(shut, "location", text="Dov’è?"))
    assert answer.status_code == 422
    assert not Asked.objects.exists()


def test_strangers_and_auditors_ask_nothing(
    conversation: Conversation, carlo: Person, rita: Person, browse: Browse
) -> None:
    address, data = question(conversation, "location", text="Dov’è?")
    assert browse(carlo).post(address, data).status_code in (403, 404)
    assert browse(rita).post(address, data).status_code == 403
    assert browse(rita).get(f"{page_of(conversation)}chiedi/altro/").status_code == 403


def test_an_unknown_thing_cannot_be_asked(conversation: Conversation, olga: Person, browse: Browse) -> None:
    assert browse(olga).get(f"{page_of(conversation)}chiedi/altro/").status_code == 404


def test_what_was_asked_is_handed_out_and_erased_with_the_person(
    conversation: Conversation, anna: Identity, olga: Person
) -> None:
    verbs.ask(conversation, kind="buttons", text="È residente?", options=[("Sì", "")], by=olga, key="k")
    assert '"Sì"' in json.dumps(privacy.export(anna.contact, by=olga), ensure_ascii=False, default=str)
    privacy.erase(anna.contact, by=olga)
    assert not Asked.objects.exists()
