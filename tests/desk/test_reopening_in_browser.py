# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shut window as an operator sees it: what the citizen would read, its price, and the one button."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, MessageTemplate
from arengo.desk.models import Conversation
from tests.factories.delivery import set_price
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size, Visiting, assert_good, shades
from tests.support.in_browser import keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def priced(scope: Organization, shut: Conversation) -> Conversation:
    set_price(shut.organization, "0.03", category="utility")
    return shut


@pytest.mark.parametrize("size", WIDTHS)
def test_the_message_its_price_and_what_became_of_it(
    visit: Visiting, live_server: LiveServer, olga: Person, priced: Conversation, size: Size
) -> None:
    address = f"{live_server.url}/console/sportello/{priced.pk}/"
    page = visit(address, size, sign_in=olga)
    expect(page.get_by_role("button", name="Invia il messaggio approvato")).to_be_in_viewport()
    expect(page.get_by_role("group", name="Così lo legge Anna Esempio")).to_contain_text("Sì, scrivetemi")
    for shade in shades(page):
        assert_good(page)
        keep(page, f"shut-{size[0]}-{shade}", full_page=False)
    page.get_by_role("button", name="Invia il messaggio approvato").click()
    expect(page.locator(".desk-out .desk-bubble")).to_contain_text("Abbiamo letto il tuo messaggio")
    expect(page.locator("#shut-asked")).to_contain_text("ora tocca al cittadino")
    assert Delivery.objects.get().price_category == "utility"
    for shade in shades(page):
        assert_good(page)
        keep(page, f"shut-asked-{size[0]}-{shade}", full_page=False)


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_what_is_in_the_way_is_said(
    visit: Visiting, live_server: LiveServer, olga: Person, priced: Conversation, size: Size
) -> None:
    MessageTemplate.objects.update(status="REJECTED", reason="TAG_CONTENT_MISMATCH")
    page = visit(f"{live_server.url}/console/sportello/{priced.pk}/", size, sign_in=olga)
    expect(page.locator("#shut-obstacle")).to_contain_text("Meta ha rifiutato il modello")
    expect(page.locator("#shut-obstacle")).to_contain_text("Chiedi a chi amministra Arengo")
    assert_good(page)
    keep(page, f"shut-obstacle-{size[0]}", full_page=False)


def test_what_was_being_written_stays(
    visit: Visiting, live_server: LiveServer, olga: Person, priced: Conversation
) -> None:
    """The window shuts while somebody writes; the approved message goes, the words wait."""
    Conversation.objects.update(citizen_wrote_at=timezone.now())
    page = visit(f"{live_server.url}/console/sportello/{priced.pk}/", WIDE, sign_in=olga)
    page.locator("#composer-text").fill("L'anagrafe apre alle 9:00.")
    Conversation.objects.update(citizen_wrote_at=timezone.now() - timedelta(hours=30))
    page.locator("#conversation").evaluate("each => window.htmx.trigger(each, 'refresh')")
    page.get_by_role("button", name="Invia il messaggio approvato").click()
    expect(page.locator("#shut-asked")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_value("L'anagrafe apre alle 9:00.")
