# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An administrator imports a list in a real browser, on the desk and on a phone, and undoes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from arengo.audience.defaults import create_defaults
from arengo.audience.imports import checking, running
from arengo.audience.imports.models import Import
from arengo.audience.models import Subscription
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.factories.delivery import set_price
from tests.factories.imports import csv
from tests.support.browser_kit import NARROW, WIDE, Visiting, assert_good, chromium, shades, visit
from tests.support.in_browser import keep

__all__ = ["chromium", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _good_everywhere(page: Page, name: str) -> None:
    """At both widths; in the dark at one of them."""
    for size in (NARROW, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for shade in shades(page) if size == WIDE else ["light"]:
            keep(page, f"import-{name}-{size[0]}-{shade}")
            assert_good(page)


def test_a_list_is_imported_and_undone(
    esempio: Organization,
    sender: Sender,
    alice: Person,
    live_server: LiveServer,
    visit: Visiting,
    tmp_path: Path,
) -> None:
    create_defaults(esempio)
    with organization_scope(esempio):
        set_price(esempio, "0.0795")
    listed = tmp_path / "iscritti.csv"
    listed.write_bytes(
        csv(
            "CELLULARE;Cognome e nome;interessi;note URP",
            "333 000 0001;Forlì Niccolò;eventi;richiamare",
            "3330000002;مثال محمد;;",
            "3,33E+09;Massimiliano Esempio-Campionatura della Prova Lunghissima Maria Antonietta;;",
            "071 000 0009;Prova Carla;;",
        )
    )
    page = visit(f"{live_server.url}/console/iscritti/", WIDE, sign_in=alice)
    page.get_by_role("link", name="Importa", exact=True).click()
    _good_everywhere(page, "1-file")
    page.get_by_label("File con le persone").set_input_files(listed)
    page.get_by_role("button", name="Carica il file").click()
    page.get_by_role("heading", name="Leggo il file").wait_for()
    _good_everywhere(page, "2-reading")
    with organization_scope(esempio):
        batch = Import.objects.get()
    checking.read_file(esempio.pk, batch.pk)

    page.wait_for_url("**/colonne/")  # the page asks by itself, and is led on
    page.get_by_label("In Arengo «CELLULARE» diventa").wait_for()
    _good_everywhere(page, "3-columns")
    page.get_by_role("button", name="Continua").click()
    checking.check_rows(esempio.pk, batch.pk)

    page.wait_for_url("**/controllo/")
    page.get_by_role("heading", name="2 persone pronte").wait_for()
    _good_everywhere(page, "4-check")
    page.get_by_label("Numero della riga 5").fill("333 000 0009")
    page.get_by_role("button", name="Salva le correzioni").press("Enter")
    page.get_by_role("heading", name="3 persone pronte").wait_for()
    page.get_by_role("link", name="Continua senza 1 riga").click()

    page.get_by_label("Modulo di carta firmato").check()
    page.get_by_label("Dichiaro che queste richieste esistono").check()
    page.get_by_role("button", name="Continua").click()
    page.get_by_text("Scrivi dove si trovano i moduli").first.wait_for()
    page.errors.clear()  # type: ignore[attr-defined]  # that the form was refused is no error of the page
    _good_everywhere(page, "5-consent")
    page.get_by_label("Dal", exact=True).fill("2019-05-03")
    page.get_by_label("Al", exact=True).fill("2026-09-30")
    page.get_by_label("Che cosa c’era scritto").fill("Chiedo di ricevere gli avvisi.")
    page.get_by_label("Dove si conservano gli originali").fill("archivio URP, faldone 12")
    page.get_by_label("Dichiaro che queste richieste esistono").check()
    page.get_by_role("button", name="Continua").click()

    page.get_by_role("heading", name="Prova generale").wait_for()
    _good_everywhere(page, "6-rehearsal")
    page.get_by_role("button", name="Importa 3 persone").press("Enter")
    page.get_by_role("heading", name="Importo 3 persone").wait_for()
    _good_everywhere(page, "7-running")
    running.run(esempio.pk, batch.pk)
    page.get_by_role("heading", name="3 persone importate").wait_for()
    _good_everywhere(page, "8-result")
    with organization_scope(esempio):
        assert Subscription.objects.filter(active=True).count() == 3

    page.get_by_role("button", name="Annulla l’importazione").press("Enter")
    page.get_by_role("dialog").wait_for()
    assert_good(page)
    page.get_by_role("dialog").get_by_role("button", name="Annulla l’importazione").press("Enter")
    page.get_by_role("heading", name="Annullo l’importazione").wait_for()
    running.undo(esempio.pk, batch.pk)
    page.get_by_role("heading", name="Importazione annullata").wait_for()
    _good_everywhere(page, "9-undone")
    with organization_scope(esempio):
        assert not Subscription.objects.filter(active=True).exists()
