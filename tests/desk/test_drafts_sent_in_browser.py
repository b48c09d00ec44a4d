# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words that were sent, or were about to be: they are given back or known to have arrived, whatever happens on their way."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from arengo.core.models import Person
from arengo.desk import handling, replying
from arengo.desk.models import Conversation, Message
from tests.desk.writing import WORDS, address, box, otto, page
from tests.support.browser_kit import assert_good
from tests.support.in_browser import sign_in, stored
from tests.support.waiting import until

__all__ = ["address", "otto", "page"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_who_loses_the_race_for_a_conversation_keeps_the_words_and_is_told_the_next_step(
    page: Page, address: str, olga: Person, otto: Person
) -> None:
    sign_in(page, olga, address)
    page.route("**/pannello/**", lambda route: route.abort())  # she does not hear of it in time
    box(page).fill(WORDS)
    handling.take(Conversation.objects.get(), by=otto)
    page.get_by_role("button", name="Invia", exact=True).click()
    expect(page.locator("#refused").get_by_text("È già in carico a Otto Esempio")).to_be_visible()
    kept = page.get_by_label("Il tuo testo, non inviato")
    expect(kept).to_have_value(WORDS)
    page.unroute("**/pannello/**")
    page.reload()
    expect(kept).to_have_value(WORDS)
    page.errors.clear()  # type: ignore[attr-defined]  # the browser reports the 409
    assert_good(page)
    page.get_by_role("button", name="Passa a me").click()
    expect(box(page)).to_have_value(WORDS)
    page.keyboard.press("Enter")  # a press of the pointer in the place of the last one is taken for its echo
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
