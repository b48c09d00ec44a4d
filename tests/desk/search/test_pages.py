# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of the search: what it shows, to whom, at what cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from arengo.audience.models import Identity
from arengo.core.models import Membership, Organization, Person
from arengo.desk import replying
from arengo.desk.models import Conversation, Desk, Message
from arengo.desk.search import finding
from arengo.desk.search.marks import Marker
from arengo.desk.search.query import read
from tests.desk.road import DESK, Writes, page_of
from tests.factories.audience import citizen
from tests.factories.desk import said, upload

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
SEARCH = f"{DESK}cerca/"


def _page(client: Client, **params: Any) -> str:
    answer = client.get(SEARCH, params)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_hit_shows_its_words_marked_and_leads_to_its_message(
    write: Writes, anna: Identity, olga: Person, browse: Browse
) -> None:
    write(said(anna, "Ho la <b>carta</b> d'identità scaduta"))
    message = Message.objects.get()
    page = _page(browse(olga), q="carta identita")
    assert "1 risultato" in page
    assert "&lt;b&gt;<mark>carta</mark>&lt;/b&gt; d&#x27;<mark>identità</mark> scaduta" in page
    assert f"{page_of(message.conversation)}?messaggio={message.pk}#m-{message.pk}" in page


def test_the_preview_stands_at_the_hit_and_steps_to_the_others(
    write: Writes, anna: Identity, olga: Person, browse: Browse
) -> None:
    for text in ["La carta è pronta?", *("Altro" for _ in range(20)), "Allora la carta?"]:
        write(said(anna, text))
    conversation = Conversation.objects.get()
    first, last = conversation.messages.earliest("pk"), conversation.messages.latest("pk")
    client = browse(olga)
    page = client.get(f"{SEARCH}{conversation.pk}/", {"q": "carta"}).content.decode()
    assert "2 di 2" in page
    assert f"?messaggio={last.pk}#" in page
    page = client.get(f"{SEARCH}{conversation.pk}/", {"q": "carta", "colpo": "1"}).content.decode()
    assert "1 di 2" in page
    assert f"?messaggio={first.pk}#" in page
    assert page.count('id="p-') == 9  # it, and eight after it


def test_a_conversation_opens_around_a_message_of_long_ago(
    write: Writes, anna: Identity, olga: Person, browse: Browse
) -> None:
    write(*(said(anna, f"Messaggio {number}") for number in range(120)))
    conversation = Conversation.objects.get()
    pk = conversation.messages.get(text="Messaggio 20").pk
    page = browse(olga).get(page_of(conversation), {"messaggio": pk}).content.decode()
    assert f'id="m-{pk}"' in page
    assert "Messaggio 45" in page
    assert "Messaggio 46" not in page
    assert "Torna ai messaggi più recenti" in page


def test_only_desks_that_one_sees_are_searched_and_previewed(
    write: Writes, anna: Identity, olga: Person, browse: Browse
) -> None:
    write(said(anna, "Contravvenzione"))
    conversation = Conversation.objects.get()
    client = browse(olga)
    assert "1 risultato" in _page(client, q="contravvenzione")
    Desk.objects.update(everyone=False)
    assert "Nessun risultato" in _page(client, q="contravvenzione", sportello=conversation.desk_id)
    assert client.get(f"{SEARCH}{conversation.pk}/", {"q": "contravvenzione"}).status_code == 404
    conversation.desk.members.add(Membership.objects.get(person=olga))
    assert "1 risultato" in _page(client, q="contravvenzione")


def test_strangers_find_nothing(conversation: Conversation, carlo: Person, browse: Browse) -> None:
    client = browse(carlo)
    assert client.get(SEARCH, {"q": "anagrafe"}).status_code == 404
    assert client.get(f"{SEARCH}{conversation.pk}/", {"q": "anagrafe"}).status_code == 404


def test_auditors_search_and_editors_do_not(
    conversation: Conversation, rita: Person, edo: Person, browse: Browse
) -> None:
    assert "1 risultato" in _page(browse(rita), q="anagrafe")
    assert browse(edo).get(SEARCH, {"q": "anagrafe"}).status_code in (403, 404)


@pytest.mark.parametrize(
    "params",
    [
        {"q": "\0\x01é", "tipo": "x", "sportello": "9" * 40, "chi": "-1", "dal": "2026-99-99", "al": "x"},
        {"q": "anagrafe", "dal": "2199-12-31", "al": "2009-01-01", "da": "99999999", "apri": "zero"},
        {"q": "anagrafe", "da": "120", "apri": "9223372036854775807", "ordine": "x", "stato": "x"},
        {"q": '"' * 300, "colpo": "999999"},
    ],
)
def test_nothing_in_the_address_breaks_the_page(
    params: dict[str, str], conversation: Conversation, olga: Person, browse: Browse
) -> None:
    _page(browse(olga), **params)


def test_more_than_two_thousand_is_said_so(
    write: Writes, anna: Identity, olga: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("finding", "screens"):
        monkeypatch.setattr(f"arengo.desk.search.{module}.MOST", 2)
    for _again in range(3):
        write(said(anna, "La carta"))
    page = _page(browse(olga), q="carta")
    assert "Più di 2 risultati" in page
    assert "oltre 2" in page


def test_a_search_that_takes_too_long_says_what_to_do(
    conversation: Conversation, olga: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_LONGEST", "1ms")
    monkeypatch.setattr(finding, "statement", lambda name, **holes: "SELECT '{}', 0, '[]' FROM pg_sleep(1)")
    assert "La ricerca dura troppo" in _page(browse(olga), q="anagrafe")


def test_a_page_of_hits_costs_few_queries(
    write: Writes, sender: object, olga: Person, browse: Browse
) -> None:
    client = browse(olga)
    for number in range(12):
        write(said(citizen(f"Persona {number}", phone=f"+3933300001{number:02}"), "La carta"))
    _page(client, q="carta")
    with CaptureQueriesContext(connection) as counted:
        _page(client, q="carta")
    few = len(counted)
    for number in range(12, 24):
        write(said(citizen(f"Persona {number}", phone=f"+3933300001{number:02}"), "La carta"))
    with CaptureQueriesContext(connection) as counted:
        _page(client, q="carta")
    assert len(counted) == few
    assert few <= 20


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("citta", "Le città e la citta", ["città", "citta"]),
        ("carte", "Carta_d'identità", ["Carta"]),
        ("identita scaduta", "Carta_identità-scaduta.pdf", ["identità", "scaduta"]),
        ("e\u0300 aperto", "È aperto?", ["aperto"]),
        ("perché chiuso", "Perché è chiuso", ["chiuso"]),
        ("البلدية", "متى تفتح البلدية", ["البلدية"]),
        ("nulla", "carta", []),
    ],
)
def test_the_words_are_marked_as_they_were_written(typed: str, text: str, marked: list[str]) -> None:
    pieces = Marker(read(typed), [text]).whole(text)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.marked] == marked


def test_an_excerpt_is_cut_around_the_words() -> None:
    text = "parole " * 100 + "la carta scaduta " + "altre " * 100
    pieces = Marker(read("carta scaduta"), [text]).excerpt(text)
    assert [piece.text for piece in pieces if piece.marked] == ["carta", "scaduta"]
    whole = "".join(piece.text for piece in pieces)
    assert whole.startswith("…")
    assert whole.endswith("…")
    assert len(whole) < 260


def test_files_are_previewed(conversation: Conversation, olga: Person, browse: Browse) -> None:
    replying.reply(
        conversation, by=olga, text="", files=[upload("modulo_residenza.pdf", b"%PDF-1.7")], key="k"
    )
    page = browse(olga).get(f"{SEARCH}{conversation.pk}/", {"q": "residenza"}).content.decode()
    assert "modulo_<mark>residenza</mark>.pdf" in page


def test_the_desk_has_a_box_for_it(conversation: Conversation, olga: Person, browse: Browse) -> None:
    assert f'action="{SEARCH}"' in browse(olga).get(DESK).content.decode()


def test_organizations_do_not_share_an_index(
    conversation: Conversation, altrove: Organization, carlo: Person, browse: Browse
) -> None:
    """Carlo, at his own organization's host, sees an empty desk."""
    page = browse(carlo, host="altrove.test").get(SEARCH, {"q": "anagrafe"})
    assert page.status_code in (200, 403, 404)
    assert "anagrafe?" not in page.content.decode()
