# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one person was writing is never shown to the next at the same computer, and comes back to them alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Organization, Person, Role
from arengo.desk import handling, replying
from arengo.desk.models import Conversation, Message
from tests.browser_kit import NARROW, WIDE, Size, Visiting, assert_good
from tests.conftest import member
from tests.desk.conftest import Writes, said
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "Buongiorno, la pratica 4711 è"
FRONTEND = Path(__file__).resolve().parents[2] / "frontend" / "js"


@pytest.fixture
def otto(esempio: Organization) -> Person:
    """Olga's colleague at the same computer."""
    return member(esempio, "otto@esempio.test", "Otto Esempio", Role.OPERATOR)


@pytest.fixture
def address(live_server: LiveServer, write: Writes, anna: Identity) -> str:
    write(said(anna, "Buongiorno, a che ora apre l'anagrafe?"))
    return f"{live_server.url}/console/sportello/{Conversation.objects.get(identity=anna).pk}/"


@pytest.fixture
def page(visit: Visiting, live_server: LiveServer, olga: Person) -> Page:
    page = visit(f"{live_server.url}/console/accesso/login/")
    page.clock.install()  # after it a page's times may be moved on; the page is not used a second time
    return page


def sign_in(page: Page, person: Person, address: str) -> None:
    page.goto(address)
    page.locator("[name=login]").fill(person.email)
    page.get_by_label("Password").fill("una password lunga")
    page.get_by_role("button", name="Accedi").click()
    expect(page.locator(".console-tools details.menu summary")).to_contain_text(person.get_short_name())
    page.goto(address)


def sign_out(page: Page) -> None:
    page.locator(".console-tools details.menu summary").click()
    page.get_by_role("button", name="Esci").click()
    expect(page.get_by_role("heading", name="Accedi")).to_be_visible()


def box(page: Page) -> Locator:
    return page.get_by_label("Risposta al cittadino")


def stored(page: Page) -> str:
    text: str = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    return text


def test_after_a_sign_out_the_next_person_finds_nothing(
    page: Page, address: str, olga: Person, otto: Person
) -> None:
    sign_in(page, olga, address)
    box(page).fill(WORDS)
    assert "4711" in stored(page)
    sign_out(page)
    assert "4711" not in stored(page)
    sign_in(page, otto, address)
    expect(box(page)).to_have_value("")
    sign_out(page)
    sign_in(page, olga, address)
    expect(box(page)).to_have_value("")


def test_a_sign_out_leaves_nothing_in_the_other_tabs(page: Page, address: str, olga: Person) -> None:
    sign_in(page, olga, address)
    other = page.context.new_page()
    other.goto(address)
    box(other).fill(WORDS)
    sign_out(page)
    expect(other.get_by_role("heading", name="Accedi")).to_be_visible()
    assert "4711" not in stored(other)
    other.close()


def test_what_an_ended_session_leaves_comes_back_to_the_same_person(
    page: Page, address: str, olga: Person
) -> None:
    sign_in(page, olga, address)
    box(page).fill(WORDS)
    Session.objects.all().delete()
    sign_in(page, olga, address)
    expect(box(page)).to_have_value(WORDS)


def test_what_an_ended_session_leaves_is_shown_to_nobody_else(
    page: Page, address: str, olga: Person, otto: Person
) -> None:
    sign_in(page, olga, address)
    box(page).fill(WORDS)
    Session.objects.all().delete()
    sign_in(page, otto, address)
    expect(box(page)).to_have_value("")
    assert "4711" not in stored(page)
    Session.objects.all().delete()
    sign_in(page, olga, address)
    expect(box(page)).to_have_value("")


def test_back_after_a_sign_out_shows_nothing(page: Page, address: str, olga: Person) -> None:
    sign_in(page, olga, address)
    box(page).fill(WORDS)
    sign_out(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Accedi")).to_be_visible()
    expect(page.get_by_text("anagrafe")).to_have_count(0)


def test_drafts_have_an_end_a_number_and_a_size(page: Page, address: str, olga: Person) -> None:
    sign_in(page, olga, address)
    page.evaluate(
        """async () => {
          const { keepDraft } = await import("/static/arengo/js/drafts.js");
          for (let number = 0; number < 80; number += 1) keepDraft(`many:${number}`, "x");
          keepDraft("long", "x".repeat(100_000));
        }"""
    )
    assert (
        page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('arengo:draft:')).length")
        == 50
    )
    assert page.evaluate("Object.keys(sessionStorage).some((key) => key.endsWith(':long'))") is False
    page.clock.fast_forward(8 * 24 * 60 * 60 * 1000)
    page.reload()
    assert (
        page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('arengo:draft:')).length")
        == 0
    )


def test_a_person_at_work_says_so_and_a_page_left_alone_does_not(
    page: Page, address: str, olga: Person
) -> None:
    sign_in(page, olga, address)
    marks: list[str | None] = []
    page.on("request", lambda request: marks.append(request.headers.get("x-arengo-act")))

    def wait_for_the_tabs() -> list[str | None]:
        marks.clear()
        with page.expect_response("**/console/schede/**"):
            page.clock.fast_forward(16_000)
        return list(marks)

    assert set(wait_for_the_tabs()) == {None}
    page.keyboard.press("Shift")
    assert wait_for_the_tabs().count("person") == 1
    assert set(wait_for_the_tabs()) == {None}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_before_the_end_the_page_says_so(
    page: Page, address: str, olga: Person, size: Size, dark: bool
) -> None:
    sign_in(page, olga, address)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if dark else "light")
    bar = page.locator("#idle-bar")
    expect(bar).to_be_hidden()
    page.clock.fast_forward(56 * 60 * 1000)
    expect(bar).to_be_visible()
    if folder := os.environ.get("ARENGO_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"idle-{size[0]}-{'dark' if dark else 'light'}.png")
    assert_good(page)
    box(page).press("a")
    page.clock.run_for(1_000)
    expect(bar).to_be_hidden()


def test_before_the_twelve_hours_are_over_the_page_says_so(page: Page, address: str, olga: Person) -> None:
    sign_in(page, olga, address)
    session = SessionStore(Session.objects.get().session_key)
    session["began_at"] -= 12 * 60 * 60 - 4 * 60
    session.save()
    page.reload()
    expect(page.locator("#end-bar")).to_be_visible()
    assert_good(page)


def test_only_two_modules_keep_anything_in_the_browser() -> None:
    """Whatever else wanted to keep something would have to say whose it is: it does so by drafts.js."""
    for module in FRONTEND.parent.parent.glob("**/*.js"):
        if {"node_modules", ".venv", "build", "arengo_sandbox"} & set(module.parts):
            continue
        source = module.read_text()
        if module.name not in {"drafts.js", "presence.js"}:
            assert "stores.js" not in source, module
        if module.name != "stores.js":
            assert not any(
                word in source for word in ("sessionStorage", "localStorage", "indexedDB", "document.cookie")
            ), module


FORBIDDEN = """for (const name of ["sessionStorage", "localStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });
}"""
NONE = """for (const name of ["sessionStorage", "localStorage"]) Object.defineProperty(window, name, { value: null });"""
FULL = """Storage.prototype.setItem = () => { throw new DOMException("no", "QuotaExceededError"); };"""


@pytest.mark.parametrize("browser", [FORBIDDEN, NONE, FULL], ids=["forbidden", "none", "full"])
def test_a_browser_that_keeps_nothing_asks_before_it_leaves_what_was_written(
    page: Page, address: str, olga: Person, browser: str
) -> None:
    page.add_init_script(browser)
    sign_in(page, olga, address)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    box(page).click()
    box(page).press_sequentially(WORDS)
    page.evaluate("window.location.reload()")
    until(lambda: page.wait_for_timeout(50) or asked)
    assert asked == ["beforeunload"]
    expect(box(page)).to_have_value(WORDS)
    box(page).press("Enter")
    expect(page.locator(".desk-message.desk-out:not(.desk-pending) .desk-text")).to_have_text(WORDS)
    page.reload()
    expect(page.locator(".desk-message.desk-out .desk-text")).to_have_text(WORDS)
    assert asked == ["beforeunload"]


def test_without_room_the_oldest_words_make_some(page: Page, address: str, olga: Person) -> None:
    sign_in(page, olga, address)
    page.evaluate(
        """async () => {
          const { keepDraft } = await import("/static/arengo/js/drafts.js");
          keepDraft("old", "x".repeat(40_000));
          try { for (let n = 0; ; n += 1) sessionStorage.setItem(`others:${n}`, "x".repeat(20_000)); } catch { /* full */ }
          try { for (let n = 0; ; n += 1) sessionStorage.setItem(`more:${n}`, "x".repeat(100)); } catch { /* full */ }
        }"""
    )
    box(page).fill(WORDS)
    kept = page.evaluate(
        "JSON.stringify({...Object.fromEntries(Object.entries(sessionStorage).filter(([k]) => /draft/.test(k)))})"
    )
    assert "4711" in kept
    assert "xxx" not in kept


def test_who_loses_the_race_for_a_conversation_keeps_the_words_and_is_told_the_next_step(
    page: Page, address: str, olga: Person, otto: Person
) -> None:
    sign_in(page, olga, address)
    page.route("**/pannello/**", lambda route: route.abort())  # she does not hear of it in time
    box(page).fill(WORDS)
    handling.take(Conversation.objects.get(), by=otto)
    page.get_by_role("button", name="Invia", exact=True).click()
    expect(page.get_by_text("È già in carico a Otto Esempio")).to_be_visible()
    kept = page.get_by_label("Il tuo testo, non inviato")
    expect(kept).to_have_value(WORDS)
    page.unroute("**/pannello/**")
    page.reload()
    expect(kept).to_have_value(WORDS)
    page.errors.clear()  # type: ignore[attr-defined]  # the browser reports the 409
    assert_good(page)
    page.get_by_role("button", name="Passa a me").click()
    expect(box(page)).to_have_value(WORDS)
    page.get_by_role("button", name="Invia", exact=True).click()
    expect(page.locator(".desk-message.desk-out:not(.desk-pending) .desk-text")).to_have_text(WORDS)
    page.wait_for_function("() => !JSON.stringify({...sessionStorage, ...localStorage}).includes('4711')")


def test_a_tab_from_before_a_new_sign_in_sends_all_the_same(page: Page, address: str, olga: Person) -> None:
    sign_in(page, olga, address)
    box(page).fill(WORDS)
    Session.objects.all().delete()
    other = page.context.new_page()
    sign_in(other, olga, address)
    other.close()
    page.get_by_role("button", name="Invia", exact=True).click()
    expect(page.locator(".desk-message.desk-out:not(.desk-pending) .desk-text")).to_have_text(WORDS)
    expect(page.get_by_text("controlla la connessione")).to_have_count(0)
    assert Message.objects.filter(direction="out").count() == 1


def test_words_on_their_way_outlive_the_page(page: Page, address: str, olga: Person) -> None:
    sign_in(page, olga, address)
    page.route("**/rispondi/**", lambda route: None)  # no answer comes
    box(page).fill(WORDS)
    box(page).press("Enter")
    expect(page.locator(".desk-pending")).to_have_count(1)
    page.reload()
    expect(box(page)).to_have_value(WORDS)
    page.unroute(
        "**/rispondi/**"
    )  # only now: a request that waits at the route would go on its way after all
    box(page).press("Enter")
    expect(page.locator(".desk-message.desk-out:not(.desk-pending) .desk-text")).to_have_text(WORDS)
    assert Message.objects.filter(direction="out").count() == 1


def test_words_that_arrive_while_the_page_is_loaded_again_leave_the_composer(
    page: Page, address: str, olga: Person
) -> None:
    sign_in(page, olga, address)
    page.route("**/rispondi/**", lambda route: None)
    box(page).fill(WORDS)
    box(page).press("Enter")
    expect(page.locator(".desk-pending")).to_have_count(1)
    key = page.evaluate(
        "JSON.parse(Object.entries(sessionStorage).find(([key]) => /draft/.test(key))[1]).value.going.key"
    )
    page.reload()
    expect(box(page)).to_have_value(WORDS)
    replying.reply(
        Conversation.objects.get(), by=olga, text=WORDS, key=key
    )  # the server was slower than the page
    box(page).press_sequentially("?")
    page.keyboard.press("Backspace")
    page.evaluate("document.getElementById('conversation').dispatchEvent(new Event('refresh'))")
    expect(page.locator(".desk-message.desk-out .desk-text")).to_have_text(WORDS)
    expect(box(page)).to_have_value("")
    assert "4711" not in stored(page)


def test_what_was_written_after_words_on_their_way_stays_when_they_arrive(
    page: Page, address: str, olga: Person
) -> None:
    sign_in(page, olga, address)
    page.route("**/rispondi/**", swallow)
    box(page).fill(WORDS)
    box(page).press("Enter")
    expect(page.locator("#composer-trouble")).to_be_visible()
    page.unroute("**/rispondi/**")
    box(page).press("End")
    box(page).press("Shift+Enter")
    box(page).press_sequentially("E il secondo foglio?")
    page.evaluate("document.getElementById('conversation').dispatchEvent(new Event('refresh'))")
    expect(page.locator(".desk-message.desk-out .desk-text")).to_have_text(WORDS)
    expect(box(page)).to_have_value("E il secondo foglio?")
    box(page).press("Enter")
    expect(page.locator(".desk-message.desk-out:not(.desk-pending) .desk-text")).to_have_text(
        [WORDS, "E il secondo foglio?"]
    )


def test_two_tabs_on_one_conversation_lose_nothing_to_each_other(
    page: Page, address: str, olga: Person
) -> None:
    sign_in(page, olga, address)
    other = page.context.new_page()
    other.goto(address)
    held: list[Route] = []
    page.route("**/rispondi/**", lambda route: held.append(route))
    box(page).fill(WORDS)
    box(page).press("Enter")
    until(lambda: page.wait_for_timeout(20) or held)
    box(other).fill("Un’altra risposta, 4712")  # while the first is on its way
    held[0].continue_()
    expect(page.locator(".desk-message.desk-out:not(.desk-pending) .desk-text")).to_have_text(WORDS)
    page.wait_for_function("() => !JSON.stringify({...sessionStorage}).includes('4711')")
    expect(box(other)).to_have_value("Un’altra risposta, 4712")
    other.reload()
    expect(box(other)).to_have_value("Un’altra risposta, 4712")
    other.close()
    page.reload()
    expect(box(page)).to_have_value("Un’altra risposta, 4712")  # of the tab that was shut


def test_words_that_stand_in_two_tabs_and_went_from_one_are_gone_from_both(
    page: Page, address: str, olga: Person
) -> None:
    sign_in(page, olga, address)
    box(page).fill(WORDS)
    other = page.context.new_page()
    other.goto(address)
    expect(box(other)).to_have_value(WORDS)
    box(other).press("Enter")
    expect(other.locator(".desk-message.desk-out:not(.desk-pending) .desk-text")).to_have_text(WORDS)
    expect(box(page)).to_have_value("")
    page.wait_for_function("() => !JSON.stringify({...sessionStorage, ...localStorage}).includes('4711')")
    other.close()


def test_words_taken_out_in_one_tab_stay_in_the_other(page: Page, address: str, olga: Person) -> None:
    sign_in(page, olga, address)
    box(page).fill(WORDS)
    other = page.context.new_page()
    other.goto(address)
    expect(box(other)).to_have_value(WORDS)
    box(other).fill("")
    other.close()
    expect(box(page)).to_have_value(WORDS)
    page.reload()
    expect(box(page)).to_have_value(WORDS)


def test_a_page_of_somebody_elses_is_no_answer(page: Page, address: str, olga: Person) -> None:
    """As a hotel's network or a proxy under repair gives it: with a 200."""
    sign_in(page, olga, address)
    page.route(
        "**/rispondi/**", lambda route: route.fulfill(body="<h1>Benvenuti</h1>", content_type="text/html")
    )
    box(page).fill(WORDS)
    box(page).press("Enter")
    expect(page.locator("#composer-trouble")).to_be_visible()
    expect(box(page)).to_have_value(WORDS)
    page.unroute("**/rispondi/**")
    box(page).press("Enter")
    expect(page.locator(".desk-message.desk-out:not(.desk-pending) .desk-text")).to_have_text(WORDS)
    assert Message.objects.filter(direction="out").count() == 1


def swallow(route: Route) -> None:
    route.fetch()  # the server has it
    route.abort()


def test_words_whose_answer_was_lost_are_known_to_have_arrived(
    page: Page, address: str, olga: Person
) -> None:
    sign_in(page, olga, address)
    page.route("**/rispondi/**", swallow)
    box(page).fill(WORDS)
    box(page).press("Enter")
    expect(page.locator("#composer-trouble")).to_be_visible()
    page.unroute("**/rispondi/**")
    page.reload()
    expect(page.locator(".desk-message.desk-out .desk-text")).to_have_text(WORDS)
    box(page).press("Enter")
    expect(page.locator(".desk-pending")).to_have_count(0)
    assert Message.objects.filter(direction="out").count() == 1


def test_another_operator_who_takes_it_meanwhile_costs_no_words(
    page: Page, address: str, olga: Person, otto: Person
) -> None:
    sign_in(page, olga, address)
    box(page).fill(WORDS)
    handling.take(Conversation.objects.get(), by=otto)
    page.reload()
    expect(page.get_by_label("Il tuo testo, non inviato")).to_have_value(WORDS)
    page.get_by_role("button", name="Scarta il testo").click()
    expect(page.locator("#kept")).to_be_hidden()
    assert "4711" not in stored(page)
