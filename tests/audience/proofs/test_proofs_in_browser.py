# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proof in a real browser, wide and narrow, light and dark."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from arengo.audience import arrivals
from arengo.audience.defaults import create_defaults
from arengo.audience.inspections import making
from arengo.audience.inspections.models import Inspection
from arengo.audience.models import Consent, ListSettings
from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.factories.audience import ANNA, CLARA, message
from tests.support.browser_kit import WIDE, WIDTHS, Size, Visiting, assert_good, chromium, shades, visit
from tests.support.in_browser import illustrate, keep

__all__ = ["chromium", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(esempio: Organization, sender: Sender) -> Organization:
    """Anna and Clara, who shows no number, have joined."""
    create_defaults(esempio)
    with organization_scope(esempio), transaction.atomic():
        for address, name, text in (
            (ANNA, "Anna Esempio", "ISCRIVIMI"),
            (CLARA, "Clara Esempio", "iscrivimi eventi"),
        ):
            said = message(address, text, name=name, sent_at=timezone.now())
            arrivals.receive(Batch(esempio.pk, sender.pk, [said], "whatsapp"))
    return esempio


@pytest.mark.parametrize("size", WIDTHS)
def test_the_proof_is_read_and_illustrates_the_manual(
    visit: Visiting, live_server: LiveServer, town: Organization, edo: Person, size: Size
) -> None:
    with organization_scope(town):
        anna, clara = Consent.objects.order_by("pk").values_list("pk", flat=True)
    page = visit(f"{live_server.url}{reverse('audience:proof', args=[anna])}", size, sign_in=edo)
    page.get_by_text("chi usa il numero").wait_for()
    if size == WIDE:
        illustrate(page, "iscritti-prova")
    for shade in shades(page):
        keep(page, f"proof-{size[0]}-{shade}")
        assert_good(page)
    page.goto(f"{live_server.url}{reverse('audience:proof', args=[clara])}")
    page.get_by_text("con il numero nascosto").wait_for()
    for shade in shades(page):
        keep(page, f"proof-no-number-{size[0]}-{shade}")
        assert_good(page)


def test_the_pdf_comes_at_a_press(
    visit: Visiting, live_server: LiveServer, town: Organization, edo: Person
) -> None:
    with organization_scope(town):
        anna = Consent.objects.order_by("pk").values_list("pk", flat=True)[0]
    page = visit(f"{live_server.url}{reverse('audience:proof', args=[anna])}", sign_in=edo)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Scarica il PDF").click()
    assert taken.value.suggested_filename == f"prova-{anna}.pdf"


@pytest.mark.parametrize("size", WIDTHS)
def test_setting_the_terms_illustrates_the_manual(
    visit: Visiting, live_server: LiveServer, town: Organization, alice: Person, size: Size
) -> None:
    page = visit(f"{live_server.url}{reverse('settings:terms')}", size, sign_in=alice)
    page.get_by_label("consenso (art. 6").check()
    page.get_by_label("Età minima").fill("Ci si può iscrivere dai 14 anni.")
    page.get_by_role("button", name="Salva").click()
    page.get_by_text("un’altra base giuridica").wait_for()
    if size == WIDE:
        illustrate(page, "impostazioni-condizioni")
    for shade in shades(page):
        keep(page, f"terms-{size[0]}-{shade}")
        assert_good(page)


@pytest.mark.parametrize("size", WIDTHS)
def test_a_welcome_that_begins_otherwise_is_warned_of(
    visit: Visiting, live_server: LiveServer, town: Organization, alice: Person, size: Size
) -> None:
    with organization_scope(town):
        ListSettings.objects.update(welcome_text="Ciao e benvenuta fra noi. {informativa} {regole}")
    page = visit(f"{live_server.url}{reverse('settings:list')}", size, sign_in=alice)
    page.get_by_text("come uscire").wait_for()
    for shade in shades(page):
        keep(page, f"welcome-{size[0]}-{shade}")
        assert_good(page)


@pytest.mark.parametrize("size", WIDTHS)
def test_taking_the_proofs_of_everybody_illustrates_the_manual(
    visit: Visiting, live_server: LiveServer, town: Organization, alice: Person, size: Size
) -> None:
    page = visit(f"{live_server.url}{reverse('audience:inspections')}", size, sign_in=alice)
    page.get_by_role("button", name="Prepara l’archivio").click()
    page.get_by_text("0 di 2 registrazioni").wait_for()
    for shade in shades(page):
        keep(page, f"proofs-making-{size[0]}-{shade}")
        assert_good(page)
    with organization_scope(town):
        pk = Inspection.objects.get().pk
    making.make(town.pk, pk)
    page.get_by_role("link", name="Aggiorna").click()
    page.get_by_role("button", name="Scarica").wait_for()
    if size == WIDE:
        illustrate(page, "iscritti-prove")
    for shade in shades(page):
        keep(page, f"proofs-{size[0]}-{shade}")
        assert_good(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Scarica").click()
    assert taken.value.suggested_filename == f"prove-{pk}.zip"
