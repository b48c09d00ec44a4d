# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen opens their own page on a phone and uses their rights; an administrator does it at the desk. In real Chromium."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience import arrivals
from arengo.audience.defaults import create_defaults
from arengo.audience.models import Contact, Identity, Subscription
from arengo.audience.rights import verbs
from arengo.audience.rights.models import Right, RightsRequest, Way
from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, Sender
from tests.factories.audience import ANNA, known, message
from tests.factories.personal import link_to, visitor
from tests.support.browser_kit import NARROW, WIDE, Visiting, assert_good, chromium, shades, visit
from tests.support.in_browser import illustrate, keep

__all__ = ["chromium", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def anna(esempio: Organization, sender: Sender) -> Iterator[Identity]:
    """On the list, and talking to the desk."""
    create_defaults(esempio)
    now = timezone.now()
    with organization_scope(esempio), transaction.atomic():
        said = [
            message(ANNA, "ISCRIVIMI", name="anna e.", sent_at=now),
            message(ANNA, "Buongiorno, il lampione di via Roma è spento", name="anna e.", sent_at=now),
        ]
        arrivals.receive(Batch(esempio.pk, sender.pk, said, "whatsapp"))
    with organization_scope(esempio):
        yield known(ANNA)


def _good_everywhere(page: Page, name: str) -> None:
    """At both widths, light and dark."""
    for size in (NARROW, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for shade in shades(page):
            keep(page, f"rights-{name}-{size[0]}-{shade}")
            assert_good(page)


def test_a_citizen_uses_their_rights_on_their_own_page(
    anna: Identity, sender: Sender, live_server: LiveServer, visit: Visiting
) -> None:
    path = link_to(anna, sender)
    page = visit(f"{live_server.url}{path}", NARROW)
    page.get_by_role("heading", name="La mia pagina").wait_for()
    _good_everywhere(page, "own-link")
    page.get_by_role("button", name="Apri la mia pagina").press("Enter")
    page.get_by_role("heading", name="La pagina di anna e.").wait_for()
    assert page.url == f"{live_server.url}/miei/"  # nothing in it tells whose it is
    _good_everywhere(page, "own-page")
    page.set_viewport_size({"width": 800, "height": 900})
    illustrate(page, "iscritti-pagina-personale")
    assert "3330000001" not in page.content().replace(" ", "")

    page.get_by_role("button", name="Non voglio più riceverli").press("Enter")
    page.get_by_text("Non ricevi più gli avvisi.").wait_for()
    assert not Subscription.objects.get().active
    page.get_by_role("button", name="Voglio ricevere gli avvisi").press("Enter")
    page.get_by_text("Ora ricevi gli avvisi.").wait_for()
    assert Subscription.objects.get().active

    page.get_by_label("Il tuo nome").fill("Anna Esempio")
    page.get_by_role("button", name="Correggi il nome").press("Enter")
    page.get_by_role("heading", name="La pagina di Anna Esempio").wait_for()
    page.get_by_role("button", name="Correggi il nome").press("Enter")
    page.get_by_text("Il nome è già questo.").wait_for()
    page.errors.clear()  # type: ignore[attr-defined]  # that the form was refused is no error of the page
    _good_everywhere(page, "own-refused")

    with page.expect_download() as download:
        page.get_by_role("button", name="Scarica tutto").press("Enter")
    with zipfile.ZipFile(download.value.path()) as archive:
        assert "via Roma" in archive.read("leggimi.html").decode()

    second = visit(f"{live_server.url}{path}", NARROW)  # forwarded
    second.get_by_role("heading", name="Il collegamento è già stato aperto").wait_for()
    second.errors.clear()  # type: ignore[attr-defined]  # 410
    _good_everywhere(second, "own-used")

    page.goto(f"{live_server.url}/miei/")
    page.get_by_role("button", name="Mi oppongo").press("Enter")
    page.get_by_role("heading", name="Opporsi agli avvisi?").wait_for()
    _good_everywhere(page, "own-object")
    page.get_by_role("button", name="Mi oppongo").press("Enter")
    page.get_by_text("Opposizione registrata: non ti mandiamo").wait_for()

    page.get_by_role("button", name="Cancella tutto di me").press("Enter")
    page.get_by_role("heading", name="Cancellare tutto quello che ti riguarda?").wait_for()
    _good_everywhere(page, "own-erase")
    page.get_by_label("Sì, voglio cancellare tutto").check()
    page.get_by_role("button", name="Cancella tutto di me").press("Enter")
    page.get_by_text("Abbiamo cancellato tutto").wait_for()
    _good_everywhere(page, "own-over")
    assert Contact.objects.get().erased_at is not None


def test_the_page_works_without_javascript(anna: Identity, sender: Sender) -> None:
    """Its forms are plain ones: what the browser's part adds is comfort."""
    client = visitor()
    client.post(link_to(anna, sender))
    page = client.get("/miei/").text
    assert page.count("<form") == page.count('method="post"') + page.count('method="get"')
    assert "hx-" not in re.sub(r"<head>.*</head>", "", page, flags=re.DOTALL)


def test_an_administrator_checks_who_asks_and_does_it(
    anna: Identity, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    card = f"{live_server.url}/console/iscritti/{anna.contact_id}/"
    verbs.record(anna.contact, Right.COPY, Way.LETTER, timezone.localdate(), by=alice)
    page = visit(card, WIDE, sign_in=alice)
    page.get_by_role("heading", name="I suoi diritti").wait_for()
    _good_everywhere(page, "card")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    illustrate(page, "iscritti-diritti")

    page.get_by_role("link", name="Correggi").press("Enter")
    page.get_by_role("heading", name="Correggere il nome di anna e.?").wait_for()
    _good_everywhere(page, "correct")
    page.get_by_label("Si chiama").fill("Anna Esempio")
    page.get_by_role("button", name="Correggi il nome").press("Enter")
    page.get_by_text("Scegli come hai verificato chi è.").wait_for()
    page.errors.clear()  # type: ignore[attr-defined]  # that the form was refused is no error of the page
    assert page.get_by_label("Si chiama").input_value() == "Anna Esempio"
    _good_everywhere(page, "unchecked")
    page.get_by_role("button", name="Manda il codice nella sua chat").press("Enter")
    page.get_by_text("Codice mandato a").wait_for()
    sent = vault().open(Delivery.objects.latest("pk").outgoing_sealed, purpose="outgoing").decode()
    code = re.search(r"\b\d{6}\b", sent)
    assert code
    page.get_by_label("Codice letto da lei").fill(code[0])
    assert page.get_by_label("Si chiama").input_value() == "Anna Esempio"
    page.get_by_role("button", name="Correggi il nome").press("Enter")
    page.get_by_text("Nome corretto.").wait_for()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anna Esempio")

    page.get_by_role("link", name="Cancella tutto di lei").press("Enter")
    page.get_by_role("heading", name="Cancellare tutto di Anna Esempio?").wait_for()
    _good_everywhere(page, "erase")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    illustrate(page, "iscritti-cancella")
    page.get_by_label("Ha mostrato un documento").check()
    page.get_by_role("button", name="Cancella tutto di lei").press("Enter")
    page.get_by_text("I dati di questa persona sono stati eliminati.").first.wait_for()
    assert RightsRequest.objects.get(right="erase").check_way == "document"

    page.goto(f"{live_server.url}/console/iscritti/richieste/")
    page.get_by_role("heading", name="Richieste sui dati").wait_for()
    _good_everywhere(page, "requests")
    page.get_by_role("link", name="Chi è toccato da una violazione").press("Enter")
    page.get_by_role("button", name="Conta le persone").press("Enter")
    page.get_by_role("heading", name="In quel tempo").wait_for()
    _good_everywhere(page, "breach")
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("tutte le persone")).press("Enter")
    assert "Nome;" in download.value.path().read_text(encoding="utf-8")


def test_a_request_is_written_down(
    anna: Identity, olga: Person, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}/console/iscritti/{anna.contact_id}/", WIDE, sign_in=olga)
    page.get_by_role("link", name="Segna una richiesta").press("Enter")
    page.get_by_role("heading", name="Segna una richiesta").wait_for()
    _good_everywhere(page, "record")
    page.get_by_label("Che cosa chiede").select_option(label="Si oppone")
    page.get_by_role("button", name="Segna la richiesta").press("Enter")
    page.get_by_text("Richiesta segnata").wait_for()
    page.get_by_role("button", name="Mandale la sua pagina personale").press("Enter")
    page.get_by_text("Mandata nella sua chat").wait_for()
