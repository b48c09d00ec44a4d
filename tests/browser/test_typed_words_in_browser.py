# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""No words typed into the console are ever lost: they stay until the server has them, and only for who typed them."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Policy
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from tests.support.browser_kit import NARROW, WIDE, Size, Visiting, assert_good
from tests.support.in_browser import sign_in, stored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "Nuova informativa, pratica 4711"
KEPT = "Quello che avevi scritto è qui"


@pytest.fixture
def address(live_server: LiveServer) -> str:
    return f"{live_server.url}/console/impostazioni/testi/privacy/nuova/"


@pytest.fixture
def page(visit: Visiting, live_server: LiveServer, alice: Person) -> Page:
    return visit(f"{live_server.url}/console/accesso/login/")


def field(page: Page) -> Locator:
    return page.locator("main form[method=post] textarea").first


def send(page: Page) -> None:
    page.locator("main form[method=post]:has(textarea) button[type=submit]").first.click()


def test_a_settings_form_after_an_ended_session_comes_back_filled(
    page: Page, address: str, alice: Person
) -> None:
    sign_in(page, alice, address)
    field(page).fill(WORDS)
    Session.objects.all().delete()
    send(page)
    expect(page.get_by_role("heading", name="Accedi")).to_be_visible()
    expect(page).to_have_url(re.compile("next=%2Fconsole%2Fimpostazioni|next=/console/impostazioni"))
    page.locator("[name=login]").fill(alice.email)
    page.get_by_label("Password").fill("una password lunga")
    page.get_by_role("button", name="Accedi").click()
    expect(field(page)).to_have_value(WORDS)
    expect(page.get_by_text(KEPT)).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
def test_a_reload_and_a_shut_tab_give_it_back(page: Page, address: str, alice: Person, size: Size) -> None:
    sign_in(page, alice, address)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    field(page).fill(WORDS)
    page.reload()
    expect(field(page)).to_have_value(WORDS)
    assert_good(page)
    other = page.context.new_page()
    page.close()
    other.goto(address)
    expect(field(other)).to_have_value(WORDS)
    other.get_by_role("button", name="Scarta il mio testo").click()
    expect(field(other)).not_to_have_value(WORDS)
    other.reload()
    expect(field(other)).not_to_have_value(WORDS)
    other.close()


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_refusal_costs_no_words(page: Page, address: str, alice: Person, status: int) -> None:
    sign_in(page, alice, address)
    field(page).fill(WORDS)
    page.route(
        "**/testi/privacy/nuova/",
        lambda route: (
            route.fulfill(status=status, body="<h1>no</h1>", content_type="text/html")
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    send(page)
    expect(page.get_by_role("heading", name="no")).to_be_visible()
    page.errors.clear()  # type: ignore[attr-defined]  # the browser reports the status that this test wants
    page.unroute("**/testi/privacy/nuova/")
    page.goto(address)
    expect(field(page)).to_have_value(WORDS)


def test_what_the_server_has_is_forgotten(page: Page, live_server: LiveServer, alice: Person) -> None:
    address = f"{live_server.url}/console/impostazioni/ente/"
    sign_in(page, alice, address)
    name = page.locator("main form [name=name]").first
    name.fill("Comune di Esempio Nuovo 4711")
    assert "4711" in stored(page)
    with page.expect_navigation():
        page.locator("main form:has([name=name]) button[type=submit]").first.click()
    expect(page.get_by_text(KEPT)).to_have_count(0)
    page.wait_for_function(
        "() => !Object.keys({...sessionStorage, ...localStorage}).some((key) => key.includes(':form:'))"
    )
    assert Organization.objects.get(slug="esempio").name == "Comune di Esempio Nuovo 4711"


def test_a_page_from_before_a_new_sign_in_saves_all_the_same(
    page: Page, live_server: LiveServer, alice: Person
) -> None:
    address = f"{live_server.url}/console/impostazioni/ente/"
    sign_in(page, alice, address)
    page.locator("main form [name=name]").first.fill("Comune 4711")
    Session.objects.all().delete()
    other = page.context.new_page()
    sign_in(other, alice, address)  # the token is another one now
    page.wait_for_timeout(5_100)  # the page's own token counts as fresh for five seconds
    with page.expect_navigation():
        page.locator("main form:has([name=name]) button[type=submit]").first.click()
    expect(page.locator("main form [name=name]").first).to_have_value("Comune 4711")
    assert Organization.objects.get(slug="esempio").name == "Comune 4711"
    other.close()


def test_a_field_that_somebody_fills_in_is_kept_whatever_its_name(
    page: Page, live_server: LiveServer, alice: Person
) -> None:
    address = f"{live_server.url}/console/impostazioni/mittenti/nuovo/"
    sign_in(page, alice, address)
    page.locator("[name=version]").fill("v47.11")
    page.reload()
    expect(page.locator("[name=version]")).to_have_value("v47.11")


def test_passwords_and_secrets_are_not_kept(page: Page, live_server: LiveServer, alice: Person) -> None:
    address = f"{live_server.url}/console/impostazioni/mittenti/nuovo/"
    sign_in(page, alice, address)
    page.locator("[name=name]").fill("Numero 4711")
    page.locator("[name=token]").fill("segreto-4712")
    assert "4711" in stored(page)
    assert "4712" not in stored(page)


def test_another_person_at_the_same_browser_is_shown_nothing(
    page: Page, address: str, alice: Person, esempio: Organization
) -> None:
    from arengo.core.models import Role
    from tests.factories.core import member

    anna = member(esempio, "anna@esempio.test", "Anna Altra", Role.ADMINISTRATOR)
    sign_in(page, alice, address)
    field(page).fill(WORDS)
    Session.objects.all().delete()
    sign_in(page, anna, address)
    expect(field(page)).not_to_have_value(WORDS)
    assert "4711" not in stored(page)


def test_a_page_that_changed_meanwhile_offers_the_words_and_overwrites_nothing(
    page: Page, live_server: LiveServer, alice: Person
) -> None:
    address = f"{live_server.url}/console/impostazioni/ente/"
    sign_in(page, alice, address)
    name = page.locator("main form [name=name]").first
    name.fill("Il mio nome")
    Organization.objects.update(name="Il nome di un collega")
    page.reload()
    expect(name).to_have_value("Il nome di un collega")
    page.get_by_role("button", name="Rimetti il mio testo").click()
    expect(name).to_have_value("Il mio nome")


def test_a_button_that_is_pressed_twice_sends_once(
    page: Page, address: str, esempio: Organization, alice: Person
) -> None:
    sign_in(page, alice, address)
    with organization_scope(esempio):
        before = Policy.objects.count()
    for box in page.locator("main form[method=post] textarea").all():
        box.fill(WORDS)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    with page.expect_navigation():
        page.get_by_role("button", name="Pubblica questa versione").dblclick()
    expect(page.locator(".console-main")).to_be_visible()
    assert len([url for url in posts if url == address]) == 1
    with organization_scope(esempio):
        assert Policy.objects.count() == before + 1


def test_without_a_network_the_form_stays_and_the_page_says_so(
    page: Page, address: str, alice: Person
) -> None:
    sign_in(page, alice, address)
    field(page).fill(WORDS)
    page.route("**/healthz", lambda route: route.fulfill(body="ok"))  # the tests' server has none
    page.context.set_offline(True)
    send(page)
    expect(page.locator("#offline-bar")).to_be_visible()
    expect(field(page)).to_have_value(WORDS)
    page.context.set_offline(False)
    expect(page.locator("#offline-bar")).to_be_hidden()
    with page.expect_navigation():
        send(page)
    expect(page.get_by_text(KEPT)).to_have_count(0)
    page.errors.clear()  # type: ignore[attr-defined]  # the browser reports what it could not ask


def test_after_back_what_was_written_is_there(page: Page, address: str, alice: Person) -> None:
    sign_in(page, alice, address)
    field(page).fill(WORDS)
    page.goto(address.replace("/testi/privacy/nuova/", "/ente/"))
    page.go_back()
    expect(field(page)).to_have_value(WORDS)
    expect(page.get_by_text(KEPT)).to_be_visible()


def test_the_notice_stands_over_its_form_and_moves_nothing(page: Page, address: str, alice: Person) -> None:
    sign_in(page, alice, address)
    before = field(page).bounding_box()
    field(page).fill(WORDS)
    page.reload()
    expect(page.get_by_text(KEPT)).to_be_visible()
    after = field(page).bounding_box()
    assert before
    assert after
    assert (before["x"], before["width"]) == (after["x"], after["width"])
