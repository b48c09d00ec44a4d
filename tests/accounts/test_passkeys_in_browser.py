# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A passkey in real Chromium, with an authenticator that the browser emulates; and how the pages look."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Organization, Person
from tests.accounts.signing_in import ENTRANCE
from tests.factories.core import PASSWORD
from tests.support.browser_kit import WIDTHS, Visiting, assert_good, shades
from tests.support.in_browser import keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def with_authenticator(page: Page) -> None:
    page.lasting = True  # type: ignore[attr-defined]  # no later test gets this page: the authenticator stays in it
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def picture(page: Page, name: str) -> None:
    keep(page, f"{name}-{page.viewport_size['width']}")  # type: ignore[index]


def sign_in(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}{ENTRANCE}login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Accedi").click()


def confirm(page: Page) -> None:
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Conferma").click()


@pytest.mark.parametrize("size", WIDTHS)
def test_an_administrator_adds_a_passkey_and_signs_in_with_it(
    visit: Visiting, live_server: LiveServer, alice: Person, settings: Any, size: tuple[int, int]
) -> None:
    settings.ARENGO_ADMINISTRATORS_NEED_SECOND_FACTOR = True
    url = live_server.url.replace("127.0.0.1", "localhost")
    page = visit(f"{url}{ENTRANCE}login/", size)
    with_authenticator(page)
    sign_in(page, url, alice.email)
    page.get_by_role("heading", name="Prima, un secondo passaggio").wait_for()
    for shade in shades(page):
        picture(page, f"enrol-{shade}")
        assert_good(page)
    page.get_by_role("link", name="Aggiungi una passkey").click()
    confirm(page)
    page.get_by_role("heading", name="Aggiungi una passkey").wait_for()
    for shade in shades(page):
        picture(page, f"add-{shade}")
        assert_good(page)
    page.get_by_role("button", name="Continua").click()
    page.get_by_role("heading", name="Codici di riserva").wait_for()
    for shade in shades(page):
        picture(page, f"codes-{shade}")
        assert_good(page)
    assert Authenticator.objects.filter(user=alice, type="webauthn").count() == 1
    page.goto(f"{url}{ENTRANCE}2fa/webauthn/")
    for shade in shades(page):
        picture(page, f"list-{shade}")
        assert_good(page)
    page.goto(f"{url}{ENTRANCE}2fa/")
    for shade in shades(page):
        picture(page, f"index-{shade}")
        assert_good(page)
    page.goto(f"{url}{ENTRANCE}logout/")
    page.locator("main").get_by_role("button", name="Esci").click()
    sign_in(page, url, alice.email)
    page.get_by_role("heading", name="Secondo passaggio").wait_for()
    for shade in shades(page):
        picture(page, f"authenticate-{shade}")
        assert_good(page)
    page.get_by_role("button", name="Usa la passkey").click()
    page.wait_for_url("**/console/sportello/**")


@pytest.mark.parametrize("size", WIDTHS)
def test_where_no_passkey_can_be_made_the_page_says_so(
    visit: Visiting, live_server: LiveServer, olga: Person, size: tuple[int, int]
) -> None:
    url = live_server.url.replace("127.0.0.1", "localhost")
    page = visit(f"{url}{ENTRANCE}login/", size)
    page.add_init_script("delete window.PublicKeyCredential")
    sign_in(page, url, olga.email)
    page.wait_for_url("**/console/**")
    page.goto(f"{url}{ENTRANCE}2fa/webauthn/add/")
    confirm(page)
    page.get_by_text("Questo browser non può usare passkey qui").wait_for()
    assert page.get_by_role("button", name="Continua").is_disabled()
    assert_good(page)


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("mail_leaves", [True, False], ids=["mail", "screen"])
def test_the_pages_of_invitations_and_of_the_address_look_right(
    visit: Visiting,
    live_server: LiveServer,
    alice: Person,
    esempio: Organization,
    settings: Any,
    size: tuple[int, int],
    mail_leaves: bool,
) -> None:
    settings.EMAIL_LEAVES = mail_leaves
    url = live_server.url
    settings.PUBLIC_URL = url
    page = visit(f"{url}{ENTRANCE}login/", size, dark=mail_leaves)
    sign_in(page, url, alice.email)
    page.wait_for_url("**/console/**")
    page.goto(f"{url}/console/impostazioni/personale/")
    page.locator("[name=name]").fill("Ugo Esempio")
    page.locator("[name=email]").fill("ugo@esempio.test")
    page.get_by_label("Operatore").check()
    page.get_by_role("button", name="Invita").click()
    page.get_by_role("heading", name="Inviti in attesa").wait_for()
    picture(page, f"staff-{mail_leaves}")
    assert_good(page)
    link = page.locator("#invitation-link").inner_text() if not mail_leaves else ""
    page.goto(f"{url}{ENTRANCE}email/")
    confirm(page)
    page.get_by_role("heading", name="La tua e-mail").wait_for()
    picture(page, f"address-{mail_leaves}")
    assert_good(page)
    if link:
        page.goto(link)
        picture(page, "other")
        assert_good(page)
        page.locator("main").get_by_role("button", name="Esci").click()
        page.goto(link)
        page.get_by_role("heading", name="Comune di Esempio ti invita").wait_for()
        picture(page, "invited")
        assert_good(page)
