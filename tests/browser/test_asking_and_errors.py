# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The question before something is taken away, and the errors of the console, in a browser."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Price
from tests.support.browser_kit import NARROW, WIDTHS, Size, Visiting, assert_good, shades

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PRICES = "/console/impostazioni/prezzi/"


def look(page: Page, name: str) -> None:
    if folder := os.environ.get("ARENGO_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.fixture
def price(esempio: Organization) -> Price:
    with organization_scope(esempio):
        made: Price = Price.objects.create(
            category="marketing", amount=Decimal("0.056"), currency="EUR", valid_from=date(2026, 1, 1)
        )
    return made


def how_many(organization: Organization) -> int:
    with organization_scope(organization):
        return int(Price.objects.count())


@pytest.mark.parametrize("size", WIDTHS)
def test_a_price_goes_after_one_question(
    price: Price, alice: Person, live_server: LiveServer, visit: Visiting, size: Size
) -> None:
    page = visit(f"{live_server.url}{PRICES}", size, sign_in=alice)
    for shade in shades(page):
        assert_good(page)
        look(page, f"prices-{size[0]}-{shade}")
    page.get_by_role("button", name="Togli").click()
    question = page.locator("dialog[open]")
    expect(question).to_contain_text("Togliere questo prezzo?")
    for shade in shades(page):
        assert_good(page)
        look(page, f"price-question-{size[0]}-{shade}")
    question.get_by_role("button", name="Annulla").click()
    assert how_many(price.organization) == 1
    page.goto(f"{live_server.url}{PRICES}{price.pk}/togli/")
    expect(page.get_by_role("heading", name="Togliere questo prezzo?")).to_be_visible()
    for shade in shades(page):
        assert_good(page)
        look(page, f"price-question-page-{size[0]}-{shade}")
    page.get_by_role("button", name="Togli").click()
    expect(page.get_by_text("Prezzo tolto.")).to_be_visible()
    assert how_many(price.organization) == 0


def test_a_question_is_asked_and_left_by_keyboard(
    price: Price, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}{PRICES}", NARROW, sign_in=alice)
    opener = page.get_by_role("button", name="Togli")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]").get_by_role("button", name="Annulla")).to_be_focused()
    for shade in shades(page):
        assert_good(page)
        look(page, f"price-question-by-keyboard-{shade}")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(opener).to_be_focused()
    assert how_many(price.organization) == 1


def test_without_a_dialog_the_button_leads_to_the_question(
    price: Price, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}{PRICES}", NARROW, sign_in=alice)
    page.evaluate("document.querySelectorAll('dialog').forEach((dialog) => dialog.remove())")
    page.get_by_role("button", name="Togli").click()
    expect(page.get_by_role("heading", name="Togliere questo prezzo?")).to_be_visible()
    page.get_by_role("link", name="Annulla").click()
    expect(page).to_have_url(f"{live_server.url}{PRICES}")
    assert how_many(price.organization) == 1


@pytest.mark.parametrize("size", WIDTHS)
def test_errors_of_the_console_keep_its_frame(
    esempio: Organization,
    alice: Person,
    olga: Person,
    live_server: LiveServer,
    visit: Visiting,
    size: Size,
) -> None:
    page = visit(f"{live_server.url}/console/sportello/", size, sign_in=olga)
    for path, heading in (
        ("/console/canale/", "Non puoi aprire questa pagina"),
        ("/console/sportello/987654321/", "Questa pagina non c'è"),
        ("/console/sportello/1/prendi/", "Questo indirizzo non si apre così"),
    ):
        page.goto(f"{live_server.url}{path}")
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        expect(page.get_by_role("link", name="alice@esempio.test")).to_be_visible()
        expect(page.get_by_role("navigation", name="Sezioni")).to_be_visible()
        for shade in shades(page):
            look(page, f"error-{path.strip('/').replace('/', '-')}-{size[0]}-{shade}")
    page.get_by_role("link", name="Torna a Sportello").click()
    expect(page).to_have_url(f"{live_server.url}/console/sportello/")
