# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Canned replies: what is offered, filled in, asked, counted; and how they are kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings as hypothesis_settings, strategies as st

from arengo.audience.models import Contact, Identity
from arengo.core.models import AuditEntry, Organization, Person, Role
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk import tables
from arengo.desk.models import Conversation, Desk
from arengo.desk.replies import filling, insertions, verbs
from arengo.desk.replies.models import CannedReply, ReplyFile
from tests.desk.road import DESK, Writes
from tests.factories.core import member
from tests.factories.desk import said, upload

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
SETTINGS = "/console/impostazioni/risposte/"
HEADS = "titolo;testo;argomento;sportello;pagina;da rivedere entro\r\n"


def make(title: str, text: str = "Testo", **fields: object) -> CannedReply:
    reply: CannedReply = CannedReply.objects.create(title=title, text=text, **fields)
    return reply


@pytest.fixture
def ada(esempio: Organization) -> Person:
    """The administrator, who writes them."""
    return member(esempio, "ada@esempio.test", "Ada Esempio", Role.ADMINISTRATOR)


def offered(client: Client, conversation: Conversation, **params: str) -> dict[str, Any]:
    answer = client.get(f"{DESK}risposte/{conversation.pk}/", params)
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.content)
    return found


def titles(found: dict[str, Any]) -> list[str]:
    return ["".join(words for words, _marked in one["title"]) for one in found["options"]]


# --- what the composer offers ---


def test_the_most_used_come_first_and_words_are_found_by_their_beginnings(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    make("Orari dell'anagrafe", used=3)
    make("Sagra: navetta", used=9)
    make("Banchetti", "Per la sagra serve il modulo", topic="Suolo pubblico", used=1)
    client = browse(olga)
    assert titles(offered(client, conversation)) == ["Sagra: navetta", "Orari dell'anagrafe", "Banchetti"]
    found = offered(client, conversation, q="sagr")
    assert titles(found) == ["Sagra: navetta", "Banchetti"]
    assert "2 da inserire per «sagr»" in str(found["said"])
    assert titles(offered(client, conversation, q="pubblico modul")) == ["Banchetti"]
    assert titles(offered(client, conversation, q="anàgrafe")) == ["Orari dell'anagrafe"]
    assert titles(offered(client, conversation, q="x")) == []


def test_variables_are_read_at_that_moment_and_blanks_are_asked(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    make(
        "Sagra",
        "Buongiorno {nome}! {operatore} di {ente}: la sagra è [giorno], [giorno] alle [ora].",
        link="https://www.example.it/sagra",
    )
    client = browse(olga)
    [one] = offered(client, conversation)["options"]
    assert one["text"].startswith("Buongiorno Anna Esempio! Olga Esempio di ")
    assert one["text"].endswith("\nhttps://www.example.it/sagra")
    assert one["blanks"] == ["giorno", "ora"]
    Contact.objects.update(name="")
    [one] = offered(client, conversation)["options"]
    assert one["text"].startswith("Buongiorno! Olga")


@given(st.text(max_size=80))
@hypothesis_settings(max_examples=60, deadline=None)
def test_no_text_breaks_the_filling(text: str) -> None:
    conversation = Conversation(
        contact=Contact(name="{ente} [x]"), desk=Desk(name="URP"), organization=Organization(name="E")
    )
    assert isinstance(filling.filled(text, conversation, Person(email="o@example.it")), str)
    assert all(f"[{name}]" in text for name in filling.blanks(text))


def test_what_a_name_holds_is_not_filled_in_again(conversation: Conversation, olga: Person) -> None:
    conversation.contact.name = "{operatore}"
    assert filling.filled("{nome}", conversation, olga) == "{operatore}"


def test_those_of_another_desk_are_not_offered(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    police = Desk.objects.create(name="Polizia locale", slug="polizia")
    make("Multe", desk=police)
    make("Orari", desk=conversation.desk)
    make("Grazie")
    assert titles(offered(browse(olga), conversation)) == ["Grazie", "Orari"]


def test_each_insertion_is_counted(conversation: Conversation, olga: Person, browse: Browse) -> None:
    reply = make("Orari")
    client = browse(olga)
    assert client.post(f"{DESK}risposte/usata/reply-{reply.pk}/").status_code == 204
    reply.refresh_from_db()
    assert reply.used == 1
    for key in ("reply-", "nothing-1", "reply-99999999999999999999", "reply"):
        assert client.post(f"{DESK}risposte/usata/{key}/").status_code == 404


def test_what_the_citizen_wrote_suggests(write: Writes, anna: Identity, olga: Person, browse: Browse) -> None:
    make("Orari della sagra", "La sagra comincia alle 18:30 in piazza.")
    make("Carta d'identità", "Serve una foto.")
    write(said(anna, "Buongiorno, a che ora cominciano le sagre?"))
    conversation = Conversation.objects.get()
    found = json.loads(browse(olga).get(f"{DESK}risposte/{conversation.pk}/forse/").content)
    assert titles(found) == ["Orari della sagra"]
    assert ["sagra", True] in found["options"][0]["excerpt"]


def test_nothing_is_suggested_for_nothing(conversation: Conversation, olga: Person, browse: Browse) -> None:
    conversation.messages.update(text="")
    found = json.loads(browse(olga).get(f"{DESK}risposte/{conversation.pk}/forse/").content)
    assert found["options"] == []


def test_strangers_auditors_and_other_desks_are_offered_nothing(
    conversation: Conversation, carlo: Person, rita: Person, olga: Person, browse: Browse
) -> None:
    reply = make("Orari")
    for path in (f"{conversation.pk}/", f"{conversation.pk}/forse/"):
        assert browse(carlo).get(f"{DESK}risposte/{path}").status_code == 404
        assert browse(rita).get(f"{DESK}risposte/{path}").status_code in (403, 404)
    assert browse(carlo).post(f"{DESK}risposte/usata/reply-{reply.pk}/").status_code == 404
    assert browse(carlo).get(f"{SETTINGS}{reply.pk}/").status_code == 404
    Desk.objects.update(everyone=False)
    assert browse(olga).get(f"{DESK}risposte/{conversation.pk}/").status_code == 404


# --- the settings ---


def test_an_administrator_writes_one_with_a_file(
    sender: Sender, ada: Person, olga: Person, conversation: Conversation, browse: Browse
) -> None:
    client = browse(ada)
    assert "nessuna risposta pronta" in client.get(SETTINGS).content.decode()
    answer = client.post(
        f"{SETTINGS}nuova/",
        {"title": "Modulo", "text": "Ecco {nome}", "files": [upload("modulo.pdf", b"%PDF-1.7")]},
    )
    assert answer.status_code == 302
    reply = CannedReply.objects.get()
    file = ReplyFile.objects.get()
    assert (reply.checked_by, file.filename) == (ada, "modulo.pdf")
    [one] = offered(browse(olga), conversation)["options"]
    got = browse(olga).get(one["files"][0]["url"])
    assert b"".join(got.streaming_content) == b"%PDF-1.7"  # type: ignore[attr-defined]  # a file is streamed
    assert got["Content-Disposition"].startswith("attachment")
    kept = Path(file.file.path)
    assert kept.exists()
    with organization_scope(reply.organization):
        client.post(f"{SETTINGS}{reply.pk}/", {"title": "Modulo", "text": "Ecco", "togli": str(file.pk)})
    assert not ReplyFile.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "Ciao {nomee}"}, "{nomee}"),
        ({"text": ""}, "obbligatorio"),
        ({"text": "[a][b][c][d][e][f][g][h][i]"}, "al massimo 8"),
        ({"text": "x" * 5000}, "4.000"),
        ({"link": "javascript:alert(1)"}, "URL"),
        ({"check_by": "1999-01-01"}, "2009"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    fields: dict[str, str], words: str, ada: Person, browse: Browse, scope: Organization
) -> None:
    answer = browse(ada).post(f"{SETTINGS}nuova/", {"title": "Il mio titolo", "text": "Ciao", **fields})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Il mio titolo" in page
    assert not CannedReply.objects.exists()


def test_what_is_overdue_is_said_and_can_be_checked(
    ada: Person, olga: Person, conversation: Conversation, browse: Browse
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    reply = make("Orari", check_by=yesterday)
    [one] = offered(browse(olga), conversation)["options"]
    assert one["overdue"].startswith("da rivedere")
    client = browse(ada)
    assert "1 risposta è da rivedere" in client.get(SETTINGS).content.decode()
    client.post(f"{SETTINGS}{reply.pk}/verifica/")
    reply.refresh_from_db()
    assert reply.check_by is not None
    assert reply.check_by > timezone.localdate()
    assert f'<time datetime="{reply.check_by.isoformat()}">' in client.get(SETTINGS).content.decode()
    assert reply.checked_by == ada


def test_deleting_asks_first(ada: Person, browse: Browse, scope: Organization) -> None:
    reply = make("Orari")
    client = browse(ada)
    assert "Eliminare" in client.get(f"{SETTINGS}{reply.pk}/elimina/").content.decode()
    assert CannedReply.objects.exists()
    client.post(f"{SETTINGS}{reply.pk}/elimina/")
    assert not CannedReply.objects.exists()
    assert AuditEntry.objects.filter(verb="desk.removed_reply").exists()


def test_operators_do_not_change_them(olga: Person, browse: Browse, scope: Organization) -> None:
    assert browse(olga).post(f"{SETTINGS}nuova/", {"title": "x", "text": "y"}).status_code in (403, 404)
    assert not CannedReply.objects.exists()


def test_there_is_a_ceiling(
    ada: Person, browse: Browse, scope: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs, "MOST", 1)
    make("Una")
    answer = browse(ada).post(f"{SETTINGS}nuova/", {"title": "Due", "text": "y"})
    assert (answer.status_code, CannedReply.objects.count()) == (422, 1)


# --- tables ---


def test_a_table_is_looked_at_before_it_is_kept(ada: Person, browse: Browse, scope: Organization) -> None:
    Desk.objects.create(name="URP", slug="urp")
    make("Già qui")
    content = HEADS + (
        "Orari;Buongiorno {nome};Anagrafe;urp;https://www.example.it/;2027-01-31\r\n"
        "Già qui;x;;;;\r\n"
        ";senza titolo;;;;\r\n"
        "Sportello;x;;Chissà;;\r\n"
        "Data;x;;;;31/1/2027\r\n"
        "Pagina;x;;;non un indirizzo;\r\n"
        "Variabile;{boh};;;;\r\n"
    )
    client = browse(ada)
    page = client.post(
        f"{SETTINGS}importa/", {"file": upload("r.csv", content.encode("cp1252"))}
    ).content.decode()
    assert CannedReply.objects.count() == 1
    for words in (
        "si aggiunge 1 riga",
        "C’è già",
        "Mancano",
        "Chissà",
        "2027-01-31",
        "indirizzo web",
        "{boh}",
    ):
        assert words in page, words
    client.post(f"{SETTINGS}importa/", {"table": content, "confirm": "1"})
    added = CannedReply.objects.exclude(title="Già qui").get()
    assert (added.title, added.topic, added.desk and added.desk.name) == ("Orari", "Anagrafe", "URP")
    assert str(added.check_by) == "2027-01-31"


def test_what_is_saved_as_a_table_can_be_read_again(ada: Person, browse: Browse, scope: Organization) -> None:
    make("=cmd|x", 'Righe\ncon "virgolette"; e accenti: è', topic="@tema")
    client = browse(ada)
    saved = client.get(f"{SETTINGS}esporta/")
    assert "'=cmd|x" in saved.content.decode("utf-8-sig")
    CannedReply.objects.all().delete()
    table = saved.content.decode("utf-8-sig")
    client.post(f"{SETTINGS}importa/", {"table": table, "confirm": "1"})
    again = CannedReply.objects.get()
    assert (again.title, again.topic) == ("=cmd|x", "@tema")
    assert again.text.replace("\r\n", "\n") == 'Righe\ncon "virgolette"; e accenti: è'


@given(st.binary(max_size=300))
@hypothesis_settings(max_examples=80, deadline=None)
def test_no_file_breaks_the_reading_of_tables(content: bytes) -> None:
    try:
        rows = tables.read(content, known=("a", "b"), needed=("a",))
    except tables.NotATable:
        return
    assert all(set(row) <= {"a", "b"} for row in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_tables_of_offices_are_read_as_they_are(encoding: str, separator: str) -> None:
    content = f"Nome{separator}Dove\r\nForlì{separator}«via»\r\n".encode(encoding)
    assert tables.read(content, known=("nome", "dove"), needed=("nome",)) == [
        {"nome": "Forlì", "dove": "«via»"}
    ]


def test_a_provider_is_one_registration(
    conversation: Conversation, olga: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insertions, "_providers", {})
    one = insertions.Insertion("made-1", "Una", "", "Testo", ["x"], 0)
    counted: list[int] = []
    insertions.register(insertions.Provider("made", lambda _conversation, _by: [one], counted.append))
    assert insertions.offered(conversation, olga) == [one]
    assert insertions.count_use("made-1")
    assert counted == [1]
