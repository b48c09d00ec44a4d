# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proofs of everybody: made in the background, taken once, gone after some days."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.audience import consent, privacy
from arengo.audience.inspections import jobs, making, rows, verbs
from arengo.audience.inspections.models import Inspection, Piece
from arengo.audience.inspections.verbs import NotNow
from arengo.audience.models import Consent
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.scope import organization_scope
from tests.factories.audience import ANNA, BRUNO, CLARA, at, citizen, known, message
from tests.factories.core import STRANGER_HOST
from tests.support.pdf_text import text_of

Arrive = Callable[..., None]
Browse = Callable[..., Client]


@pytest.fixture
def town_with_people(arrive: Arrive, town: Organization) -> Organization:
    arrive(
        message(ANNA, "ISCRIVIMI", name="=cmd|' /C calc'!A0"),
        message(BRUNO, "iscrivimi eventi", name="Bruno Esempio"),
        message(CLARA, "ISCRIVIMI", name="Clara Esempio"),
    )
    arrive(message(BRUNO, "CANCELLAMI", name="Bruno Esempio", sent_at=at(30)))
    return town


def _made(town: Organization, by: Person) -> Inspection:
    inspection = verbs.ask(town, by=by)
    making.make(town.pk, inspection.pk)
    inspection.refresh_from_db()
    return inspection


def _archive(inspection: Inspection) -> zipfile.ZipFile:
    pieces = Piece.objects.filter(inspection=inspection).order_by("position")
    return zipfile.ZipFile(io.BytesIO(b"".join(piece.content for piece in pieces)))


def _table(inspection: Inspection) -> list[dict[str, str]]:
    text = _archive(inspection).read("prove.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_every_line_of_the_log_is_in_it_with_both_messages(
    town_with_people: Organization, alice: Person
) -> None:
    inspection = _made(town_with_people, alice)
    assert (inspection.state, inspection.total, inspection.done) == ("ready", 4, 4)
    table = _table(inspection)
    assert [line["Registrazione"] for line in table] == [
        str(pk) for pk in Consent.objects.order_by("pk").values_list("pk", flat=True)
    ]
    bruno = next(line for line in table if line["Messaggio"] == "iscrivimi eventi")
    assert (bruno["Numero"], bruno["Nome del profilo"]) == (BRUNO.phone, "Bruno Esempio")
    assert "CANCELLAMI" in bruno["Risposta"]
    assert (bruno["Informativa mostrata"], bruno["Regole mostrate"]) == ("1", "1")
    clara = next(line for line in table if line["Nome del profilo"] == "Clara Esempio")
    assert (clara["Numero"], clara["Identificativo"]) == ("", CLARA.user_id)


def test_the_texts_are_whole_and_the_index_is_read(town_with_people: Organization, alice: Person) -> None:
    archive = _archive(_made(town_with_people, alice))
    assert archive.read("testi/informativa-1.txt").decode().startswith("Informativa ai sensi")
    assert "Che cosa non si fa" in archive.read("testi/regole-1.txt").decode()
    read = "".join(text_of(archive.read("indice.pdf")).split())
    for words in ("Comune di Esempio", "Registrazioni", "Compito di interesse pubblico", "prove.csv"):
        assert words.replace(" ", "") in read


def test_nothing_in_it_is_computed_by_a_spreadsheet(town_with_people: Organization, alice: Person) -> None:
    [anna] = [line for line in _table(_made(town_with_people, alice)) if "cmd" in line["Nome del profilo"]]
    assert anna["Nome del profilo"].startswith("'=")
    assert anna["Numero"] == ANNA.phone


@pytest.mark.parametrize("sign", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1"])
def test_what_begins_like_a_formula_gets_an_apostrophe(sign: str) -> None:
    assert rows.unarmed(sign) == f"'{sign}"
    assert rows.unarmed("ISCRIVIMI") == "ISCRIVIMI"


def test_it_is_written_in_pieces_of_a_megabyte(
    town_with_people: Organization, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_PIECE", 1_000)
    monkeypatch.setattr(rows, "PAGE", 2)
    inspection = _made(town_with_people, alice)
    sizes = [len(piece.content) for piece in Piece.objects.order_by("position")]
    assert len(sizes) > 3
    assert set(sizes[:-1]) == {1_000}
    assert sum(sizes) == inspection.size
    assert len(_table(inspection)) == 4


def test_killed_half_way_it_begins_again(
    town_with_people: Organization, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection = verbs.ask(town_with_people, by=alice)
    whole: Any = rows.answers

    def killed(page: list[Consent]) -> Any:
        if page[0].pk > Consent.objects.order_by("pk")[0].pk:
            raise SystemExit
        return whole(page)

    with monkeypatch.context() as patched:
        patched.setattr(rows, "PAGE", 2)
        patched.setattr(making, "_PIECE", 100)
        patched.setattr(rows, "answers", killed)
        with pytest.raises(SystemExit):
            making.make(town_with_people.pk, inspection.pk)
    assert Inspection.objects.get().state == "making"
    jobs.make(town_with_people.pk, inspection.pk)
    assert len(_table(Inspection.objects.get())) == 4


def test_one_at_a_time(town_with_people: Organization, alice: Person) -> None:
    verbs.ask(town_with_people, by=alice)
    with pytest.raises(NotNow, match="già in preparazione"):
        verbs.ask(town_with_people, by=alice)
    assert Inspection.objects.count() == 1


def test_with_an_empty_log_there_is_nothing_to_prove(town: Organization, alice: Person) -> None:
    with pytest.raises(NotNow):
        verbs.ask(town, by=alice)


def test_it_is_asked_for_and_taken_once_and_the_log_says_by_whom(
    town_with_people: Organization, alice: Person, browse: Browse
) -> None:
    client, page = browse(alice), reverse("audience:inspections")
    assert client.post(page).status_code == 302
    assert "0 di 4 registrazioni" in client.get(page).text
    inspection = Inspection.objects.get()
    making.make(town_with_people.pk, inspection.pk)
    take = reverse("audience:inspection_take", args=[inspection.pk])
    answer = client.post(take)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert answer["Cache-Control"] == "no-store"
    assert [
        AuditEntry.objects.get(verb=f"audience.{verb}").person for verb in ("asked_for_proofs", "took_proofs")
    ] == [
        alice,
        alice,
    ]
    Inspection.objects.update(taken_at=timezone.now() - timedelta(minutes=16))
    assert client.post(take).status_code == 302
    assert "non si può più scaricare" in client.get(page).text


def test_nobody_else_takes_what_was_taken(town_with_people: Organization, alice: Person, edo: Person) -> None:
    inspection = _made(town_with_people, alice)
    verbs.take(inspection.pk, by=alice)
    assert verbs.take(inspection.pk, by=alice).taken_by == alice
    with pytest.raises(NotNow):
        verbs.take(inspection.pk, by=edo)


def test_it_goes_after_a_week_or_once_it_was_taken(town_with_people: Organization, alice: Person) -> None:
    inspection = _made(town_with_people, alice)
    jobs.forget_inspections(0)
    assert Piece.objects.exists()
    Inspection.objects.update(taken_at=timezone.now() - timedelta(minutes=16), taken_by=alice)
    jobs.forget_inspections(0)
    assert not Piece.objects.exists()
    inspection.refresh_from_db()
    assert inspection.state == "gone"
    again = _made(town_with_people, alice)
    Inspection.objects.filter(pk=again.pk).update(created_at=timezone.now() - timedelta(days=8))
    jobs.forget_inspections(0)
    assert not Piece.objects.exists()


def test_who_is_erased_is_in_no_archive_of_before(town_with_people: Organization, alice: Person) -> None:
    _made(town_with_people, alice)
    privacy.erase(known(ANNA).contact, by=alice)
    assert not Piece.objects.exists()
    assert Inspection.objects.get().state == "gone"
    table = _table(_made(town_with_people, alice))
    assert len(table) == 5  # that she left with it is a line as well
    assert ANNA.phone not in {line["Numero"] for line in table}
    assert table[0]["Nome del profilo"] == "dati eliminati su richiesta"


def test_an_erasure_stops_the_archive_that_is_being_made(
    town_with_people: Organization, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection = verbs.ask(town_with_people, by=alice)
    whole: Any = rows.answers

    def erased_meanwhile(page: list[Consent]) -> Any:
        verbs.drop_pieces()
        return whole(page)

    monkeypatch.setattr(rows, "answers", erased_meanwhile)
    making.make(town_with_people.pk, inspection.pk)
    assert Inspection.objects.get().state == "gone"
    assert not Piece.objects.exists()


@pytest.mark.parametrize("name", ["inspections", "inspection_take"])
def test_carlo_gets_no_archive_of_ours(
    town_with_people: Organization, alice: Person, carlo: Person, browse: Browse, name: str
) -> None:
    inspection = _made(town_with_people, alice)
    address = reverse(f"audience:{name}", args=[inspection.pk] if name == "inspection_take" else [])
    assert browse(carlo).post(address).status_code == 404
    there = browse(carlo, STRANGER_HOST).post(address)
    assert there.status_code == (404 if name == "inspection_take" else 302)
    assert Inspection.objects.get().taken_at is None


def test_editors_and_auditors_do_not_take_everybody(
    town_with_people: Organization, edo: Person, rita: Person, browse: Browse
) -> None:
    for person in (edo, rita):
        assert browse(person).get(reverse("audience:inspections")).status_code == 403


def test_another_towns_lines_are_not_in_it(
    town_with_people: Organization, altrove: Organization, alice: Person
) -> None:
    with organization_scope(altrove):
        consent.give(
            citizen("Dario Altrove", phone="+393330000009"),
            at=at(0),
            message_id="x",
            text="ISCRIVIMI",
            sender_id=0,
        )
    assert len(_table(_made(town_with_people, alice))) == 4
