# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dati with a real browser: eight weeks of three desks, read at all widths, asked otherwise by keyboard, switched on by operator."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from arengo.desk.labels.models import Labelled
from arengo.desk.models import Conversation, Desk
from arengo.insights import keeping
from arengo.insights.models import OperatorAgreement, OperatorDay
from tests.factories.desk import make_label
from tests.factories.hours import on
from tests.factories.insights import busy_weeks
from tests.support.browser_kit import NARROW, Visiting, assert_good

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/console/dati/"


def kept_picture(page: Page, name: str) -> None:
    """Where somebody wants to look at it."""
    if folder := os.environ.get("ARENGO_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture
def weeks(scope: Organization, urp: Desk, library: Desk, sender: Sender, olga: Person) -> None:
    arabic = Desk.objects.create(name="مكتب " + "المساعدة " * 6, slug="arabic", order=2)
    busy_weeks([urp, library, arabic], sender, olga, on("2026-10-05"))
    label = make_label("Etichetta lunga quasi quaranta caratteri")
    Labelled.objects.bulk_create(
        Labelled(organization=scope, conversation=each, label=label)
        for each in Conversation.objects.all()[:90]
    )
    for day in keeping.due(scope):
        keeping.keep_day(scope, day)


def test_a_mayor_reads_it_at_all_widths(
    visit: Visiting, live_server: LiveServer, alice: Person, weeks: None
) -> None:
    for name, size, dark in (
        ("1440", (1440, 900), False),
        ("360", NARROW, False),
        ("1440-dark", (1440, 900), True),
        ("200", (720, 450), False),
    ):
        page = visit(live_server.url + PAGE, size, sign_in=alice, dark=dark)
        expect(page.get_by_role("heading", name="Dati dello sportello")).to_be_visible()
        assert_good(page)
        kept_picture(page, f"figures-{name}")
    table = page.get_by_role("table", name="Conversazioni nuove")
    assert table.locator("tbody tr").count() == 8
    assert page.locator("svg[role=img] > title").count() == 3


def test_it_is_asked_otherwise_without_a_mouse(
    visit: Visiting, live_server: LiveServer, alice: Person, weeks: None
) -> None:
    page = visit(live_server.url + PAGE, (1280, 900), sign_in=alice)
    page.get_by_label("Dal").fill("2026-11-01")
    page.get_by_label("Al", exact=True).fill("2026-11-30")
    page.get_by_label("Sportello", exact=True).select_option(label="URP")
    page.get_by_label("Nella tabella delle ore").select_option(label="Attesa della prima risposta")
    page.get_by_role("button", name="Mostra").press("Enter")
    expect(page.get_by_text("Dal 1 novembre 2026 al 30 novembre 2026.")).to_be_visible()
    expect(page.get_by_role("heading", name="Quanto si aspetta la prima risposta")).to_be_visible()
    expect(page.get_by_label("Sportello", exact=True)).to_have_value(str(Desk.objects.get(slug="urp").pk))
    assert page.get_by_role("table", name="Conversazioni nuove").locator("tbody tr").count() == 30
    assert_good(page)
    kept_picture(page, "figures-month")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Mostra")).to_be_hidden()
    expect(page.locator(".figures-print")).to_have_text("Comune di Esempio")
    expect(page.get_by_text("Solo lo sportello URP")).to_be_visible()
    kept_picture(page, "figures-print")
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Prima", exact=True).press("Enter")
    expect(page.get_by_text("Dal 1 ottobre 2026 al 31 ottobre 2026.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).press("Enter")
    assert download.value.suggested_filename == "arengo-days-2026-10-01-2026-10-31.csv"


def test_by_operator_is_switched_on_with_its_agreement_and_off_again(
    visit: Visiting, live_server: LiveServer, scope: Organization, alice: Person, weeks: None
) -> None:
    settings = live_server.url + "/console/impostazioni/dati/"
    page = visit(settings, NARROW, sign_in=alice)
    page.get_by_label("Data dell’accordo").fill("2026-11-01")
    page.get_by_label("Quale accordo").fill("RSU, prot. 12/2026")
    page.get_by_role("button", name="Accendi i dati per operatore").press("Enter")
    expect(page.get_by_text("I dati per operatore sono accesi.")).to_be_visible()
    assert_good(page)
    kept_picture(page, "figures-settings")
    for day in keeping.between(scope, on("2026-11-01"), on("2026-11-28")):
        keeping.keep_operators(scope, day)
    page.goto(live_server.url + PAGE)
    expect(page.get_by_role("table", name="Per operatore")).to_contain_text("Olga Esempio")
    page.goto(settings)
    page.get_by_role("button", name="Spegni i dati per operatore").press("Enter")
    page.get_by_role("button", name="Spegni e cancella").press("Enter")
    expect(page.get_by_text("I dati per operatore sono spenti e cancellati.")).to_be_visible()
    assert not OperatorDay.objects.exists()
    assert not OperatorAgreement.objects.exists()
