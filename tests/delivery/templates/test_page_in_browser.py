# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Impostazioni → Modelli in an administrator's browser."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.consent_template import ASK_AGAIN
from arengo.audience.defaults import create_defaults
from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from arengo.delivery.templates.presets import of_purpose
from arengo.desk.reopening_template import REOPEN
from tests.factories.delivery import Keeps, make_template, set_price
from tests.support.browser_kit import (
    NARROW,
    WIDE,
    WIDTHS,
    Size,
    Visiting,
    assert_good,
    chromium,
    shades,
    visit,
)
from tests.support.in_browser import keep

__all__ = ["chromium", "visit"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Opens = Callable[..., Page]


@pytest.fixture
def town(scope: Organization, sender: Sender, keeps: Keeps) -> Organization:
    """News approved but for one; the desk's message says an older sentence; consent was rejected; one is nobody's."""
    create_defaults(scope)
    for preset in of_purpose("news")[:-1]:
        keeps(preset)
    old = keeps(REOPEN)
    old.components[0]["text"] = "Ti scrive il Comune per il tuo messaggio di {{giorno}}: puoi rispondere qui."
    old.save()
    keeps(ASK_AGAIN, status="REJECTED", reason="TAG_CONTENT_MISMATCH")
    hello = [{"type": "BODY", "text": "Hello {{1}}"}]
    make_template(sender, "hello_world", language="en_US", category="UTILITY", components=hello)
    set_price(scope, "0.0730")
    set_price(scope, "0.0275", category="utility")
    return scope


@pytest.fixture
def opens(live_server: LiveServer, visit: Visiting, alice: Person) -> Opens:
    def opened(query: str = "", size: Size = WIDE) -> Page:
        return visit(f"{live_server.url}/console/impostazioni/modelli/{query}", size, sign_in=alice)

    return opened


@pytest.mark.parametrize("size", WIDTHS)
def test_every_state_of_a_row_is_good(town: Organization, opens: Opens, size: Size) -> None:
    page = opens("", size)
    for query in ("", "?apri=news", "?apri=reopen_desk", "?apri=ask_again"):
        page.goto(urljoin(page.url, f".{query}"))
        for shade in shades(page):
            assert_good(page)
            keep(page, f"templates-{query[6:] or 'rows'}-{size[0]}-{shade}")


def test_a_row_opens_and_shuts_by_keyboard(town: Organization, opens: Opens) -> None:
    page = opens("", NARROW)
    page.get_by_role("link", name="Vedi Riaprire una conversazione").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Anteprima sul telefono")).to_contain_text("venerdì 27 novembre")
    page.get_by_role("button", name="Rifai…").press("Enter")
    question = page.get_by_role("dialog", name="Rifare «arengo_riprendi_conversazione»?")
    expect(question).to_contain_text("questo modello non si può inviare")
    question.get_by_role("button", name="Annulla").press("Enter")
    expect(question).to_be_hidden()
    page.get_by_role("link", name="Chiudi Riaprire una conversazione").click()
    expect(page.get_by_role("group", name="Anteprima sul telefono")).to_have_count(0)


def test_a_number_without_any_is_taught_what_to_do(scope: Organization, sender: Sender, opens: Opens) -> None:
    page = opens("", NARROW)
    expect(page.get_by_role("button", name="Presenta a Meta i 21 che mancano")).to_be_visible()
    assert_good(page)
    keep(page, "templates-none-360-light")
