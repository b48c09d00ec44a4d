# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one person was writing is never shown to the next at the same computer, and comes back to them alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from arengo.core.models import Person
from tests.desk.writing import WORDS, address, box, otto, page
from tests.support.browser_kit import NARROW, WIDE, Size, assert_good, shades
from tests.support.in_browser import keep, sign_in, sign_out, stored
from tests.support.waiting import until

__all__ = ["address", "otto", "page"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FRONTEND = Path(__file__).resolve().parents[2] / "frontend" / "js"


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
def test_before_the_end_the_page_says_so(page: Page, address: str, olga: Person, size: Size) -> None:
    sign_in(page, olga, address)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    bar = page.locator("#idle-bar")
    expect(bar).to_be_hidden()
    page.clock.fast_forward(56 * 60 * 1000)
    expect(bar).to_be_visible()
    for shade in shades(page):
        keep(page, f"idle-{size[0]}-{shade}", full_page=False)
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
