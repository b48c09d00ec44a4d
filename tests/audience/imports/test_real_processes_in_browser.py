# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An administrator imports 15,000 people and takes them back, over the real web process and the real worker."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from arengo.audience.defaults import create_defaults
from arengo.audience.imports.models import Import
from arengo.audience.models import Consent, Subscription
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.factories.imports import people
from tests.support.browser_kit import WIDE, Visiting, assert_good, chromium, visit
from tests.support.in_browser import illustrate
from tests.support.waiting import NEVER
from tests.support.web_process import WebProcess, database_url, web_process

__all__ = ["chromium", "visit"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.timeout(900),
    pytest.mark.django_db(transaction=True),
]
MANY = 15_000
_LONG = 300_000  # milliseconds that the work may take on a machine that is busy with other tests


@pytest.fixture
def web(esempio: Organization, tmp_path: Path) -> Iterator[WebProcess]:
    with web_process("127.0.0.1", tmp_path, ARENGO_DEMO="1") as process:  # no second step in a demo
        yield process


@pytest.fixture
def worker(esempio: Organization) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "arengo.config.settings",
        "ARENGO_VAULT_KEYS": settings.ARENGO_VAULT_KEYS,
        "ARENGO_DEMO": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "arengo.config.worker"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.terminate()
    process.wait(NEVER)


def test_an_administrator_imports_fifteen_thousand_people_and_takes_them_back(
    esempio: Organization,
    sender: Sender,
    alice: Person,
    web: WebProcess,
    worker: subprocess.Popen[bytes],
    visit: Visiting,
    tmp_path: Path,
) -> None:
    create_defaults(esempio)
    listed = tmp_path / "iscritti-dal-2019.csv"
    listed.write_bytes(people(MANY) + b"3,33E+09;Carla Esempio\r\n0710000009;Dario Esempio\r\n")
    page = visit(f"http://127.0.0.1:{web.port}/console/iscritti/importa/", WIDE, sign_in=alice, live=True)
    page.set_default_timeout(_LONG)
    page.get_by_label("File con le persone").set_input_files(listed)
    page.get_by_role("button", name="Carica il file").click()
    page.wait_for_url("**/colonne/")
    illustrate(page, "iscritti-importa-colonne")
    page.get_by_role("button", name="Continua").click()
    page.get_by_role("heading", name="15.000 persone pronte").wait_for()
    illustrate(page, "iscritti-importa-controllo")
    page.get_by_role("link", name="Continua senza 2 righe").click()
    page.get_by_label("Modulo di carta firmato").check()
    page.get_by_label("Dal", exact=True).fill("2019-05-03")
    page.get_by_label("Al", exact=True).fill("2026-09-30")
    page.get_by_label("Che cosa c’era scritto").fill("Chiedo di ricevere gli avvisi del Comune.")
    page.get_by_label("Dove si conservano gli originali").fill("archivio URP, faldone 12")
    page.get_by_label("Dichiaro che queste richieste esistono").check()
    page.get_by_role("button", name="Continua").click()
    page.get_by_role("heading", name="Prova generale").wait_for()
    illustrate(page, "iscritti-importa-prova-generale")
    page.get_by_role("button", name="Importa 15.000 persone").click()
    page.get_by_role("heading", name="15.000 persone importate").wait_for()
    assert_good(page)
    with organization_scope(esempio):
        assert Subscription.objects.filter(active=True).count() == MANY
        assert Consent.objects.filter(source=Consent.Source.IMPORT, effective=True).count() == MANY

    page.get_by_role("link", name="Vai agli iscritti").click()
    page.get_by_label("Cerca una persona").fill("persona 14999")
    page.get_by_text("1 persona per").first.wait_for()
    assert page.locator("tbody tr").count() == 1
    illustrate(page, "iscritti-persone")

    page.go_back()
    page.get_by_role("button", name="Annulla l’importazione").click()
    page.get_by_role("dialog").get_by_role("button", name="Annulla l’importazione").click()
    page.get_by_role("heading", name="Importazione annullata").wait_for()
    with organization_scope(esempio):
        assert not Subscription.objects.filter(active=True).exists()
        assert Import.objects.get().taken_back == MANY
