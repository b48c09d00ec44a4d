# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list as a file: who may have it, what stands in it, and that an import reads it as it was."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.test import AsyncClient, Client
from django.utils import translation

from arengo.audience.exports import writing
from arengo.audience.exports.writing import Writing, count
from arengo.audience.imports.checking import topic_words
from arengo.audience.imports.columns import recognise
from arengo.audience.imports.entries import Reading
from arengo.audience.imports.files.reading import read
from arengo.audience.models import Contact, Identity, Topic
from arengo.audience.people_list.asking import Asked
from arengo.core.ceilings import EXPORT_OF_LIST
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Sender
from arengo.platforms.contract import Address
from tests.factories.audience import ANNA, BRUNO, CLARA, NOON, at, known, message, subscribe
from tests.factories.core import HOST, STRANGER_HOST

Arrive = Callable[..., None]
Browse = Callable[..., Client]
EXPORT = "/console/iscritti/esporta/"
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
def people(arrive: Arrive) -> None:
    left = Address(phone="+393330000009")
    arrive(
        message(ANNA, "ISCRIVIMI", name="Anna Esempio"),
        message(BRUNO, "Iscrivimi eventi e viabilità", name="=1+1", sent_at=at(-1)),
        message(CLARA, "Iscrivimi eventi", name="Clara; «Esempio»", sent_at=at(-2)),
        message(Address(phone="+4915112345678"), "ISCRIVIMI", name="+Dieter", sent_at=at(-3)),
        message(left, "ISCRIVIMI", name="Uscita Esempio", sent_at=at(-4)),
    )
    arrive(message(left, "STOP", sent_at=at(1)))


def content(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]  # of the test client


def table(whole: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(whole.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_stranger_is_told_of_no_file(people: None, carlo: Person, browse: Browse) -> None:
    for ask in (browse(carlo).get, browse(carlo).post):
        assert ask(EXPORT).status_code == 404
    assert b"Anna" not in content(browse(carlo, STRANGER_HOST).post(EXPORT))
    assert browse().post(EXPORT).status_code == 302


def test_only_an_administrator_takes_the_list_away(
    people: None, edo: Person, olga: Person, browse: Browse
) -> None:
    for person in (edo, olga):
        assert browse(person).get(EXPORT).status_code == 403
        assert browse(person).post(EXPORT).status_code == 403
    assert not AuditEntry.objects.filter(verb="audience.exported_list").exists()


def test_the_file_holds_everybody_and_a_spreadsheet_computes_nothing(
    people: None, alice: Person, browse: Browse
) -> None:
    answer = browse(alice).post(EXPORT)
    assert answer["Content-Disposition"].startswith('attachment; filename="iscritti-')
    assert answer["Cache-Control"] == "no-store"
    heads, *rows = table(content(answer))
    assert heads == ["Cellulare", "Nome e cognome", "Temi", "Data iscrizione", "Come", "Piattaforma"]
    assert rows == [
        ["+39 333 000 0001", "Anna Esempio", "tutti", "20/11/2026", "con un messaggio", "WhatsApp"],
        ["+39 333 000 0002", "'=1+1", "Eventi, Viabilità", "20/11/2026", "con un messaggio", "WhatsApp"],
        ["", "Clara; «Esempio»", "Eventi", "20/11/2026", "con un messaggio", "WhatsApp"],
        ["+49 1511 2345678", "'+Dieter", "tutti", "20/11/2026", "con un messaggio", "WhatsApp"],
    ]


def test_the_log_says_who_took_what(people: None, alice: Person, browse: Browse) -> None:
    client = browse(alice)
    for params in ({}, {"chi": "left"}, {"come": "message"}):
        content(client.post(EXPORT, params))
    entries = AuditEntry.objects.filter(verb="audience.exported_list").order_by("pk")
    assert {each.person for each in entries} == {alice}
    assert [each.detail for each in entries] == [
        {"which": "everybody", "count": 4},
        {"which": "left", "count": 1},
        {"which": "filtered", "count": 4},
    ]
    log = client.get("/console/impostazioni/registro/").text
    assert "ha esportato l’elenco delle persone" in log
    assert "tutti gli usciti" in log


def test_the_file_holds_whom_the_list_shows(people: None, alice: Person, browse: Browse) -> None:
    client = browse(alice)
    left = table(content(client.post(EXPORT, {"chi": "left"})))
    assert left[0][3] == "Data di uscita"
    assert [row[1] for row in left[1:]] == ["Uscita Esempio"]
    roads = Topic.objects.get(name="Viabilità")
    rows = table(content(client.post(EXPORT, {"tema": str(roads.pk)})))[1:]
    assert [row[1] for row in rows] == ["Anna Esempio", "'=1+1", "'+Dieter"]
    Identity.objects.filter(pk=known(ANNA).pk).update(marketing_stopped_at=NOON)
    rows = table(content(client.post(EXPORT, {"ferme": "1"})))[1:]
    assert [row[1] for row in rows] == ["Anna Esempio"]


@pytest.mark.parametrize("language", ["it", "en"])
def test_an_import_reads_the_file_as_it_was(people: None, town: Organization, language: str) -> None:
    found = read(b"".join(Writing(town.pk, ROME, language, Asked())))
    columns = recognise(found.heads, found.rows)
    assert columns == ["phone", "name", "topics", "day", "", ""]
    with translation.override(language):
        reading = Reading(columns, topic_words(), NOON.date())
    entries = [reading.entry(row) for row in found.rows]
    events, roads = Topic.objects.get(name="Eventi").pk, Topic.objects.get(name="Viabilità").pk
    assert [(entry.phone, entry.name, entry.topics, entry.day, problem) for entry, problem in entries] == [
        ("+393330000001", "Anna Esempio", [], "2026-11-20", ""),
        ("+393330000002", "=1+1", sorted([events, roads]), "2026-11-20", ""),
        ("", "Clara; «Esempio»", [events], "2026-11-20", "missing"),
        ("+4915112345678", "+Dieter", [], "2026-11-20", ""),
    ]


def test_a_long_list_is_written_portion_by_portion(
    people: None, town: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = b"".join(Writing(town.pk, ROME, "it", Asked()))
    monkeypatch.setattr(writing, "PORTION", 1)
    pieces = list(Writing(town.pk, ROME, "it", Asked()))
    assert len(pieces) == 5
    assert b"".join(pieces) == whole
    monkeypatch.setattr(writing, "_WALKED", 1)
    filtered = Asked(way="message")
    assert b"".join(Writing(town.pk, ROME, "it", filtered)) == whole
    assert count(filtered) == 4


def test_who_is_erased_while_it_is_written_is_not_in_the_rest(
    people: None, town: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PORTION", 1)
    file = iter(Writing(town.pk, ROME, "it", Asked()))
    assert b"Anna" in next(file) + next(file)
    Contact.objects.filter(name="=1+1").delete()
    assert b"'=1+1" not in b"".join(file)


def test_an_empty_list_is_a_file_of_headings(town: Organization, alice: Person, browse: Browse) -> None:
    assert len(table(content(browse(alice).post(EXPORT)))) == 1


def test_the_page_says_what_the_file_will_hold(people: None, alice: Person, browse: Browse) -> None:
    page = browse(alice).get(EXPORT, {"come": "message"}).text
    assert "Di 4 persone iscritte, quelle che rispondono ai filtri" in page
    assert '<input type="hidden" name="come" value="message">' in page


def test_a_hundred_presses_do_not_write_a_hundred_files(
    town: Organization, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    statuses = [client.post(EXPORT).status_code for _press in range(EXPORT_OF_LIST.times + 1)]
    assert statuses == [200] * EXPORT_OF_LIST.times + [429]


@pytest.mark.django_db(transaction=True)
def test_over_asgi_the_same_file_comes_in_pieces(
    town: Organization, sender: Sender, alice: Person, browse: Browse
) -> None:
    subscribe(town, sender, 30)
    signed_in = browse(alice)
    expected = b"".join(Writing(town.pk, ROME, "it", Asked()))

    async def asked() -> bytes:
        client = AsyncClient(headers={"host": HOST})
        client.cookies = signed_in.cookies
        answer = await client.post(EXPORT)
        return b"".join([piece async for piece in answer.streaming_content])

    assert asyncio.run(asked()) == expected
    assert expected.count(b"+39 333 00") == 30
