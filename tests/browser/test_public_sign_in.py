# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sign-in pages in a real browser: readable by all, light and dark, and usable to the end."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Organization, Palette, Person
from tests.support.browser_kit import NARROW, WIDTHS, Size, Visiting, assert_good, shades
from tests.support.in_browser import keep
from tests.support.web_process import session_cookie

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("path", ["login/", "password/reset/"])
def test_a_page_before_signing_in_is_good(
    esempio: Organization, live_server: LiveServer, visit: Visiting, path: str, size: Size
) -> None:
    page = visit(f"{live_server.url}/console/accesso/{path}", size)
    for shade in shades(page):
        keep(page, f"{path.replace('/', '-')}{size[0]}-{shade}")
        assert_good(page)


def test_a_wrong_password_is_told_and_the_page_stays_good(
    alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}/console/accesso/login/", NARROW)
    page.locator("[name=login]").fill("alice@esempio.test")
    page.get_by_label("Password").fill("sbagliata")
    page.get_by_role("button", name="Accedi").click()
    page.get_by_role("alert").wait_for()
    for shade in shades(page):
        keep(page, f"login-wrong-{shade}")
        assert_good(page)


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("path", ["password/change/", "2fa/", "logout/"])
def test_a_page_of_ones_own_access_is_good(
    alice: Person, live_server: LiveServer, visit: Visiting, path: str, size: Size
) -> None:
    page = visit(f"{live_server.url}/console/accesso/{path}", size, sign_in=alice)
    keep(page, f"own-{path.replace('/', '-')}{size[0]}")
    assert_good(page)


def test_the_second_step_page_shows_a_code_to_scan(
    alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}/console/accesso/2fa/totp/activate/", NARROW, sign_in=alice)
    page.get_by_label("Password").fill("una password lunga")
    page.get_by_role("button", name="Conferma").click()
    code = page.get_by_alt_text("Codice QR da inquadrare con il telefono")
    code.wait_for()
    assert code.evaluate("image => image.naturalWidth") > 0
    keep(page, "totp-360")
    assert_good(page)


def test_a_person_signs_out_from_the_menu(alice: Person, live_server: LiveServer, visit: Visiting) -> None:
    page = visit(f"{live_server.url}/console/accesso/2fa/", sign_in=alice)
    page.locator("header details.menu summary").click()
    page.get_by_role("button", name="Esci").click()
    page.get_by_role("heading", name="Accedi").wait_for()


@pytest.mark.parametrize("palette", Palette.values)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_palette_can_be_read(
    esempio: Organization, live_server: LiveServer, visit: Visiting, palette: str, dark: bool
) -> None:
    Organization.objects.filter(pk=esempio.pk).update(palette=palette)
    path = "/console/accesso/login/" if dark else "/"
    page = visit(live_server.url + path, dark=dark)
    keep(page, f"palette-{palette}-{'dark' if dark else 'light'}")
    assert_good(page)


def test_going_back_shows_the_next_person_nothing_that_was_typed_before(
    alice: Person, edo: Person, live_server: LiveServer, visit: Visiting
) -> None:
    """The browser fills a page's fields anew by itself when it comes back to it."""
    page = visit(f"{live_server.url}/console/redazione/nuovo/", sign_in=edo)
    page.locator("[name=title]").fill("Ciò che scrive Edo")
    _become(page, alice, live_server)
    page.goto(f"{live_server.url}/console/impostazioni/")
    page.go_back()
    page.wait_for_url("**/nuovo/")
    expect(page.locator("[name=title]")).to_have_value("")


def test_going_back_gives_ones_own_words_again(edo: Person, live_server: LiveServer, visit: Visiting) -> None:
    page = visit(f"{live_server.url}/console/redazione/nuovo/", sign_in=edo)
    page.locator("[name=title]").fill("Ciò che scrive Edo")
    _become(page, edo, live_server)
    page.goto(f"{live_server.url}/console/redazione/")
    page.go_back()
    page.wait_for_url("**/nuovo/")
    assert page.locator("[name=title]").input_value() == "Ciò che scrive Edo"


def _become(page: Page, person: Person, live_server: LiveServer) -> None:
    """Somebody signs in after the session before ended by itself."""
    name, _equals, value = session_cookie(person).partition("=")
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
