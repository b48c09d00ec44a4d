# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The directory: what is offered of it, how it is kept, how it is imported."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from arengo.core.models import Organization, Person, Role
from arengo.desk.directory.models import DirectoryEntry
from arengo.desk.models import Conversation
from tests.desk.road import DESK
from tests.factories.core import member
from tests.factories.desk import upload

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
SETTINGS = "/console/impostazioni/rubrica/"


@pytest.fixture
def ada(esempio: Organization) -> Person:
    """The administrator, who keeps it."""
    return member(esempio, "ada@esempio.test", "Ada Esempio", Role.ADMINISTRATOR)


def test_an_entry_is_offered_as_a_citizen_reads_it(
    conversation: Conversation, olga: Person, ada: Person, browse: Browse
) -> None:
    client = browse(ada)
    assert "La rubrica è vuota" in client.get(SETTINGS).content.decode()
    client.post(
        f"{SETTINGS}nuova/",
        {
            "kind": "office",
            "name": "Anagrafe",
            "place": "Piazza del Popolo 1",
            "hours": "lun–ven 9–13",
            "phone": "071 000 000",
        },
    )
    answer = browse(olga).get(f"{DESK}risposte/{conversation.pk}/", {"q": "anag"})
    [one] = json.loads(answer.content)["options"]
    assert one["text"] == "*Anagrafe*\nPiazza del Popolo 1\nOrari: lun–ven 9–13\nTelefono: 071 000 000"
    browse(olga).post(f"{DESK}risposte/usata/{one['key']}/")
    assert DirectoryEntry.objects.get().used == 1


def test_rows_with_mistakes_are_shown_and_left_out(ada: Person, browse: Browse, scope: Organization) -> None:
    table = (
        "Nome;Tipo;Dove;Telefono;E-mail;Pagina\r\n"
        "Biblioteca;servizio;Via Roma 1;071 1;biblio@example.it;https://www.example.it/b\r\n"
        "Tributi;ente;;;;\r\nScuola;;;;non una mail;\r\nbiblioteca;;;;;\r\n;;x;;;\r\n"
    )
    client = browse(ada)
    page = client.post(f"{SETTINGS}importa/", {"file": upload("r.csv", table.encode())}).content.decode()
    assert not DirectoryEntry.objects.exists()
    assert "si aggiunge 1 riga" in page
    assert page.count("si salta") == 4
    client.post(f"{SETTINGS}importa/", {"table": table, "confirm": "1"})
    entry = DirectoryEntry.objects.get()
    assert (entry.name, entry.kind, entry.mail) == ("Biblioteca", "service", "biblio@example.it")
    saved = client.get(f"{SETTINGS}esporta/").content.decode("utf-8-sig")
    entry.delete()
    client.post(f"{SETTINGS}importa/", {"table": saved, "confirm": "1"})
    assert DirectoryEntry.objects.get().place == "Via Roma 1"


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"Altro;Nomi\r\nx;y\r\n", b"\xff\xfe"])
def test_what_is_no_such_table_is_said(
    content: bytes, ada: Person, browse: Browse, scope: Organization
) -> None:
    answer = browse(ada).post(f"{SETTINGS}importa/", {"file": upload("r.csv", content)})
    assert answer.status_code == 422
    assert not DirectoryEntry.objects.exists()


def test_strangers_see_nothing_and_operators_change_nothing(
    carlo: Person, olga: Person, ada: Person, browse: Browse, scope: Organization
) -> None:
    entry = DirectoryEntry.objects.create(name="Anagrafe")
    for path in ("", f"{entry.pk}/", f"{entry.pk}/elimina/", "importa/", "esporta/"):
        assert browse(carlo).get(SETTINGS + path).status_code == 404
    assert browse(olga).post(f"{SETTINGS}{entry.pk}/elimina/").status_code in (403, 404)
    client = browse(ada)
    assert "Eliminare" in client.get(f"{SETTINGS}{entry.pk}/elimina/").content.decode()
    client.post(f"{SETTINGS}{entry.pk}/elimina/")
    assert not DirectoryEntry.objects.exists()
