# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Searching in Chromium: from the list to the message, by mouse, by keyboard and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.desk.models import Conversation
from tests.desk.road import DESK, Writes
from tests.factories.audience import citizen
from tests.factories.desk import said
from tests.support.browser_kit import NARROW, WIDE, Visiting, assert_good

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def busy(write: Writes, anna: Identity) -> Conversation:
    """Anna asked about her card twice with much in between; Mohammed once."""
    write(said(anna, "Ho perso la carta d'identità, è scaduta"))
    write(*(said(anna, f"Un altro messaggio, il numero {number}") for number in range(60)))
    write(said(anna, "Allora, la carta d'identità?"))
    write(said(citizen("محمد المثال", phone="+393330000077"), "La carta di mio figlio"))
    conversation: Conversation = Conversation.objects.get(identity=anna)
    return conversation


def test_from_the_list_to_the_message_by_keyboard(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = visit(f"{live_server.url}{DESK}", WIDE, sign_in=olga)
    page.keyboard.press("c")
    page.keyboard.type("carte identita")
    page.keyboard.press("Enter")
    expect(page.locator("#search-heading")).to_have_text("2 risultati")
    hit = page.locator("a.search-hit")
    expect(hit).to_have_count(1)
    expect(hit.locator(".search-what strong")).to_have_text("+1 nella stessa conversazione")
    assert_good(page)
    page.locator("#search-text").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#preview-title")).to_have_text("Anna Esempio")
    columns = [
        page.locator(each).bounding_box() for each in ("#search-filters", ".search-results", "#preview")
    ]
    assert [each["x"] for each in columns if each] == sorted({each["x"] for each in columns if each})
    expect(page.locator(".search-found mark").first).to_be_in_viewport()
    expect(hit).to_be_focused()
    assert_good(page)
    before = page.locator("#preview-place").inner_text()
    page.locator("#hit-up, #hit-down").first.click()
    expect(page.locator("#preview-place")).not_to_have_text(before)
    hit.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/*messaggio=*")
    found = page.locator(".desk-message:target")
    expect(found).to_be_in_viewport()
    expect(found).to_contain_text("carta d'identità")
    assert_good(page)


def test_on_a_phone_a_hit_opens_the_conversation(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = visit(f"{live_server.url}{DESK}cerca/?q=carta", NARROW, sign_in=olga)
    expect(page.locator("#search-heading")).to_have_text("3 risultati")
    assert_good(page)
    page.locator("#search-filters summary").click()
    expect(page.get_by_role("checkbox", name="Nomi")).to_be_in_viewport()
    page.locator("select[name=stato]").select_option("closed")
    page.get_by_role("button", name="Applica").click()
    expect(page.locator("#search-heading")).to_have_text("Nessun risultato")
    expect(page.get_by_text("togli qualche filtro")).to_be_visible()
    assert_good(page)
    page.locator("#search-filters summary").click()
    page.get_by_role("link", name="Togli i filtri").click()
    page.locator("a.search-hit").first.click()
    page.wait_for_url("**/*messaggio=*")
    expect(page.locator(".desk-message:target")).to_be_in_viewport()
