# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole way of an administrator through the pages, and who may not walk it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from arengo.audience.imports import checking, running
from arengo.audience.imports.models import Import, Row
from arengo.audience.models import Subscription, Topic
from arengo.core.models import Organization, Person
from tests.audience.imports.importing import ada, checked, imported, town
from tests.factories.imports import csv, people

__all__ = ["ada", "checked", "imported", "town"]  # fixtures

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
ADDRESS = "/console/iscritti/importa/"
PROOF = {
    "proof": "document",
    "way": "paper",
    "first_day": "2019-05-03",
    "last_day": "2026-09-30",
    "words": "Chiedo di ricevere gli avvisi.",
    "place": "archivio URP, faldone 12",
    "declared": "on",
}


def _upload(client: Client, content: bytes, name: str = "iscritti.csv") -> str:
    answer = client.post(ADDRESS, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302
    return str(answer["Location"])


def _jobs() -> list[str]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", flat=True))


def test_an_administrator_imports_and_undoes(ada: Person, town: Organization, browse: Browse) -> None:
    client = browse(ada)
    content = csv(
        "CELLULARE;Cognome e nome;note",
        "333 000 0001;Forlì Niccolò;x",
        "3,47E+11;Esempio Anna;",
        encoding="cp1252",
    )
    place = _upload(client, content)
    batch = Import.objects.get()
    assert "Leggo il file" in client.get(place).content.decode()
    checking.read_file(town.pk, batch.pk)

    columns = client.get(place, follow=True)
    assert columns.redirect_chain[-1][0] == f"{place}colonne/"
    page = columns.content.decode()
    assert "Niccolò Forlì" in page
    assert "Gli accenti si leggono bene?" in page
    wrong = client.post(f"{place}colonne/", {"column-0": "name", "column-1": "name", "column-2": ""})
    assert wrong.status_code == 422
    assert "numero di telefono: una sola" in wrong.content.decode()
    assert (
        client.post(
            f"{place}colonne/", {"column-0": "phone", "column-1": "last_first", "column-2": ""}
        ).status_code
        == 302
    )
    checking.check_rows(town.pk, batch.pk)

    page = client.get(place, follow=True).content.decode()
    assert "1 persona pronta" in page
    assert "ha arrotondato il numero" in page
    row = Row.objects.get(state="wrong")
    page = client.post(
        f"{place}controllo/", {f"phone-{row.pk}": "333 000 0002"}, follow=True
    ).content.decode()
    assert "1 riga corretta" in page
    assert "2 persone pronte" in page

    missing = client.post(f"{place}consenso/", {**PROOF, "place": "", "declared": ""})
    assert missing.status_code == 422
    assert "Scrivi dove si trovano i moduli" in missing.content.decode()
    assert "Chiedo di ricevere gli avvisi." in missing.content.decode()
    page = client.post(f"{place}consenso/", PROOF, follow=True).content.decode()
    assert "Importa 2 persone" in page
    assert "mancano i prezzi" in page
    assert Subscription.objects.count() == 0

    page = client.post(f"{place}prova-generale/", follow=True).content.decode()
    assert "Importo 2 persone" in page
    assert client.get(f"{place}avanzamento/").status_code == 200
    running.run(town.pk, batch.pk)
    assert client.get(f"{place}avanzamento/")["HX-Redirect"] == place
    page = client.get(place).content.decode()
    assert "2 persone importate" in page
    assert "faldone 12" in page
    assert Subscription.objects.filter(active=True).count() == 2

    assert "Annullare l’importazione?" in client.get(f"{place}annulla/").content.decode()
    client.post(f"{place}annulla/")
    running.undo(town.pk, batch.pk)
    assert "Importazione annullata" in client.get(place).content.decode()
    assert Subscription.objects.filter(active=True).count() == 0
    assert _jobs() == [f"audience_imports.{job}" for job in ("read", "check", "run", "undo")]


def test_accents_of_an_old_mac_are_put_right_by_hand(ada: Person, town: Organization, browse: Browse) -> None:
    client = browse(ada)
    place = _upload(client, csv("Telefono;Nome", "3330000001;Niccolò", encoding="mac_roman"))
    batch = Import.objects.get()
    checking.read_file(town.pk, batch.pk)
    assert "Niccolò" not in client.get(f"{place}colonne/").content.decode()
    client.post(f"{place}colonne/", {"encoding": "mac_roman"})
    checking.read_file(town.pk, batch.pk)
    assert "Niccolò" in client.get(f"{place}colonne/").content.decode()


def test_what_is_no_list_says_why_and_can_be_thrown_away(
    ada: Person, town: Organization, browse: Browse
) -> None:
    client = browse(ada)
    assert client.post(ADDRESS, {"file": SimpleUploadedFile("vuoto.csv", b"")}).status_code == 422
    place = _upload(client, b"\x89PNG\x00\x00", "foto.png")
    checking.read_file(town.pk, Import.objects.get().pk)
    assert "Non riconosco questo file" in client.get(place).content.decode()
    assert client.post(f"{place}scarta/").status_code == 302
    assert not Import.objects.exists()


def test_rows_that_stay_out_are_handed_out_with_their_reason(
    ada: Person, checked: Callable[..., Import], browse: Browse
) -> None:
    batch = checked(csv("Telefono;Nome", "3330000001;Anna", "071 000 0009;=Bruno", "3330000001;Anna"))
    text = browse(ada).get(f"{ADDRESS}{batch.pk}/righe-fuori/").content.decode("utf-8-sig")
    assert text.splitlines() == [
        "Riga;Cellulare;Nome e cognome;Motivo",
        "3;071 000 0009;'=Bruno;È un telefono fisso: i messaggi non lo raggiungono.",
        "4;+393330000001;Anna;È lo stesso numero della riga 2.",
    ]


def test_the_model_is_read_as_it_was_written(ada: Person, town: Organization, browse: Browse) -> None:
    client = browse(ada)
    _upload(client, client.get(f"{ADDRESS}modello.csv").content)
    batch = Import.objects.get()
    checking.read_file(town.pk, batch.pk)
    batch.refresh_from_db()
    assert batch.columns == ["phone", "name", "topics", "day", "proof"]


def test_a_step_out_of_its_turn_leads_to_where_the_import_stands(
    ada: Person, imported: Callable[..., Import], browse: Browse
) -> None:
    batch, client = imported(people(2)), browse(ada)
    for step in ("colonne", "controllo", "consenso", "prova-generale"):
        assert client.get(f"{ADDRESS}{batch.pk}/{step}/")["Location"] == f"{ADDRESS}{batch.pk}/"
    page = client.post(f"{ADDRESS}{batch.pk}/scarta/", follow=True).content.decode()
    assert "è andata avanti" in page


def test_only_administrators_of_the_organization_see_it(
    ada: Person, edo: Person, carlo: Person, checked: Callable[..., Import], browse: Browse
) -> None:
    batch = checked(people(2))
    for path in ("", f"{batch.pk}/", f"{batch.pk}/colonne/", f"{batch.pk}/righe-fuori/"):
        assert browse(edo).get(f"{ADDRESS}{path}").status_code == 403
        assert browse(carlo).get(f"{ADDRESS}{path}").status_code == 404
    assert browse(carlo).post(f"{ADDRESS}{batch.pk}/prova-generale/").status_code == 404
    assert f'href="{ADDRESS}"' in browse(ada).get("/console/iscritti/").content.decode()
    assert f'href="{ADDRESS}"' not in browse(edo).get("/console/iscritti/").content.decode()


def test_the_check_asks_as_much_of_two_rows_as_of_many(
    ada: Person, checked: Callable[..., Import], browse: Browse
) -> None:
    few, many = checked(people(2)), checked(people(120, first=10))
    client = browse(ada)

    def asked(batch: Import) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"{ADDRESS}{batch.pk}/controllo/").status_code == 200
        return len(queries)

    asked(few)
    assert asked(few) == asked(many)


def test_unknown_topics_are_chosen_on_the_page(ada: Person, town: Organization, browse: Browse) -> None:
    client = browse(ada)
    place = _upload(client, csv("CELLULARE;temi", "3330000001;Eventi culturali", "3330000002;Eventi"))
    batch = Import.objects.get()
    checking.read_file(town.pk, batch.pk)
    client.post(f"{place}colonne/", {"column-0": "phone", "column-1": "topics"})
    checking.check_rows(town.pk, batch.pk)
    page = client.get(f"{place}controllo/").text
    assert "«eventi culturali»" in page
    assert "Parole della colonna dei temi" in page
    events = Topic.objects.get(name="Eventi").pk
    chosen = {"topics": "1", "word-0": "eventi culturali", "topic-0": str(events)}
    assert client.post(f"{place}controllo/", chosen)["Location"] == place
    assert _jobs()[-1] == "audience_imports.check"
    checking.check_rows(town.pk, batch.pk)
    assert "2 persone pronte" in client.get(f"{place}controllo/").text
    for nonsense in ({"topics": "1"}, {"topics": "1", "word-0": "x" * 5_000, "topic-0": "-1"}):
        assert client.post(f"{place}controllo/", nonsense).status_code == 302
        checking.check_rows(town.pk, batch.pk)
