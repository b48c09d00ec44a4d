# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The head of a conversation and its keys: nothing changes its meaning under the pointer, and the focus is never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Person
from arengo.desk import handling, replying
from arengo.desk.models import Conversation
from tests.desk.busy import busy, open_desk
from tests.support.browser_kit import NARROW, Visiting, assert_good
from tests.support.in_browser import keep

__all__ = ["busy"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def spoken(page: Page, words: str) -> None:
    expect(page.locator("#live-region")).to_contain_text(words)


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.id || document.activeElement.tagName")
    return found


def is_open(conversation: Conversation) -> bool:
    conversation.refresh_from_db()
    return conversation.is_open


def test_two_presses_close_nobody(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    """Prendi in carico, then the pointer stays where it is and presses again and again."""
    handling.release(busy, by=olga)
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    take = page.get_by_role("button", name="Prendi in carico")
    closing, place = page.locator("#close-head").bounding_box(), take.bounding_box()
    assert place is not None
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.click(x, y)
    page.wait_for_timeout(450)
    page.mouse.click(x, y)
    expect(page.get_by_text("In carico a te", exact=True)).to_be_visible()
    assert page.locator("#close-head").bounding_box() == closing  # nothing moved it
    page.mouse.click(x, y, click_count=2)
    assert is_open(busy)
    spoken(page, "Presa in carico. Premuto troppo presto: non è successo nulla.")
    expect(page.locator("#too-soon")).to_be_visible()
    expect(page.locator("#owner-menu")).not_to_have_attribute("open", "")
    keep(page, "desk-head-owner", full_page=False)
    assert_good(page)
    expect(page.locator("#too-soon")).to_be_hidden()
    page.mouse.click(x, y)
    expect(page.locator("#owner-menu")).to_have_attribute("open", "")


def test_what_did_not_change_beside_a_change_works_at_once(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    handling.release(busy, by=olga)
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    take, close = (page.locator(each).bounding_box() for each in ("#take-head", "#close-head"))
    assert take is not None
    assert close is not None
    y, last, first = take["y"] + take["height"] / 2, take["x"] + take["width"] - 4, close["x"] + 4
    assert 0 < first - last < 48  # as near as a second press that missed
    page.mouse.click(last, y)
    expect(page.get_by_text("In carico a te", exact=True)).to_be_visible()
    page.mouse.click(first, y)
    expect(page.get_by_role("dialog", name="Anna Esempio aspetta ancora una risposta.")).to_be_visible()
    expect(page.locator("#too-soon")).to_be_hidden()


def test_a_double_click_sends_once_and_the_second_press_is_told(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    page.get_by_label("Risposta al cittadino").fill("Il sabato è chiuso.")
    send = page.get_by_role("button", name="Invia", exact=True)
    send.click()
    spoken(page, "Inviato.")
    send.click()
    expect(page.locator("#too-soon")).to_be_visible()
    expect(page.locator("#refused")).to_have_count(0)


def test_what_is_chosen_or_written_after_an_answer_goes_at_once(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    """Who has something new to send is not pressing twice, however soon after the answer and at the same place."""
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    box, send = (
        page.get_by_label("Risposta al cittadino"),
        page.get_by_role("button", name="Invia", exact=True),
    )
    box.fill("Il sabato è chiuso.")
    send.click()
    spoken(page, "Inviato.")
    _freeze_the_clock(page)  # the next presses come a moment after the answer, however slow the machine is
    page.set_input_files(
        "#composer-files",
        {"name": "sabato.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"},
    )
    send.click()
    expect(page.locator("#uploads li")).to_have_count(0)
    expect(page.get_by_role("log").get_by_text("sabato.pdf")).to_be_visible()
    box.press_sequentially("Anche la domenica.")
    send.click()
    expect(page.get_by_role("log").get_by_text("Anche la domenica.")).to_be_visible()
    expect(page.locator("#too-soon")).to_be_hidden()
    page.wait_for_timeout(
        1_500
    )  # the draft is told to the server a second after the last key, or as the page goes


def _freeze_the_clock(page: Page) -> None:
    page.evaluate("() => { const at = performance.now(); performance.now = () => at; }")


def test_closing_what_nobody_answered_asks_and_can_be_undone(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    close = page.locator("#close-head")
    close.dblclick()  # the second press is not an answer to the question
    question = page.get_by_role("dialog", name="Anna Esempio aspetta ancora una risposta.")
    expect(question).to_be_visible()
    keep(page, "desk-close-question", full_page=False)
    assert_good(page)
    assert focused(page) == "close-not"
    page.keyboard.press("Escape")
    expect(question).not_to_be_visible()
    assert is_open(busy)
    expect(page).to_have_url(f"{live_server.url}/console/sportello/{busy.pk}/")  # Esc left the question alone
    close.click()
    page.keyboard.press("Enter")
    expect(page.locator("#composer-text")).to_be_focused()
    close.click()
    page.wait_for_timeout(900)
    question.get_by_role("button", name="Chiudi").click()
    undo = page.get_by_role("group", name="Conversazione chiusa")
    expect(undo).to_contain_text("Chiusa: Anna Esempio")
    expect(page.locator("#conversation")).not_to_have_attribute("data-conversation", str(busy.pk))
    assert not is_open(busy)
    expect(page.locator("#conversation-title")).to_be_focused()
    spoken(page, "Chiusa la conversazione con")
    keep(page, "desk-closed-undo", full_page=False)
    assert_good(page)
    page.keyboard.press("z")
    expect(page).to_have_url(f"{live_server.url}/console/sportello/{busy.pk}/")
    expect(page.locator("#conversation-title")).to_be_focused()
    assert is_open(busy)
    spoken(page, "Chiusura annullata")


def test_the_press_that_closed_one_does_not_close_the_next(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    other = Conversation.objects.exclude(pk=busy.pk).filter(contact__name="", assignee=None).first()
    assert other is not None
    for conversation in (busy, other):
        replying.reply(conversation, by=olga, text="Ecco", key=f"last{conversation.pk}")
    page = open_desk(visit, live_server, olga, f"{busy.pk}/?lista=mie")
    place = page.locator("#close-head").bounding_box()
    assert place is not None
    for _press in range(2):
        page.mouse.click(place["x"] + 20, place["y"] + 20)
        page.wait_for_timeout(450)
    expect(page.locator("#conversation")).to_have_attribute("data-conversation", str(other.pk))
    assert not is_open(busy)
    assert is_open(other)
    page.clock.install()
    page.reload()
    expect(page.locator("#undo")).to_have_count(0)


def test_send_and_close_leads_on(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    page.get_by_label("Risposta al cittadino").fill("Il sabato è chiuso.")
    page.locator("#send-menu summary").click()
    page.get_by_role("button", name="Invia e chiudi").click()
    expect(page.locator("#conversation")).not_to_have_attribute("data-conversation", str(busy.pk))
    expect(page.locator("#conversation-title")).to_be_focused()
    assert not is_open(busy)
    page.go_back()
    expect(page.locator("#messages")).to_contain_text("Il sabato è chiuso.")
    expect(page.locator("#kept")).to_be_hidden()  # nothing of it came back as a draft
    page.get_by_role("button", name="Riapri").click()
    expect(page.locator("#composer-text")).to_be_focused()
    expect(page.locator("#composer-text")).to_have_value("")


def test_each_action_says_a_word_and_keeps_the_focus(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    page.locator("#owner-menu summary").click()
    page.keyboard.press("Escape")  # the menu, and nothing else
    expect(page.locator("#owner-menu")).not_to_have_attribute("open", "")
    expect(page.locator("#owner-menu summary")).to_be_focused()
    page.locator("#owner-menu summary").click()
    page.get_by_role("button", name="Lascia libera").click()
    spoken(page, "Lasciata libera.")
    expect(page.locator("#take-head")).to_be_focused()
    page.wait_for_timeout(900)
    page.keyboard.press("a")
    spoken(page, "Presa in carico.")
    expect(page.locator("#composer-text")).to_be_focused()
    page.wait_for_timeout(900)
    page.locator("#actions-menu summary").click()
    page.get_by_role("button", name="Assegna a Bea Esempio").click()
    spoken(page, "Assegnata a Bea Esempio.")
    expect(page.locator("#owner-menu summary")).to_be_focused()


def test_the_thread_is_one_stop_of_the_tab_key(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    page.locator("#actions-menu summary").focus()
    page.keyboard.press("Tab")
    last = page.locator("#messages > [data-line]").last
    expect(last).to_be_focused()
    page.keyboard.press("Tab")
    assert focused(page).startswith(("composer", "send", "side"))
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    expect(last).not_to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(last).to_be_focused()
    page.keyboard.press("Enter")
    expect(last.get_by_role("link", name="Cita")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(last.locator("summary").first).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # the menu of reactions
    expect(last.locator("summary").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(last).to_be_focused()
    page.evaluate("htmx.trigger('#conversation', 'refresh')")
    page.wait_for_load_state("networkidle")
    expect(last).to_be_focused()
    assert page.locator("#thread [tabindex='0'], #thread[tabindex='0']").count() == 1
    page.keyboard.press("Escape")
    expect(page.locator("#composer-text")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#conversation-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("a.desk-row[aria-current]")).to_be_focused()


def test_on_a_phone_all_of_it_is_in_one_menu(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/", NARROW)
    keep(page, "desk-head-360", full_page=False)
    page.locator("#actions-menu summary").click()
    keep(page, "desk-head-menu-360", full_page=False)
    assert_good(page)
    page.locator("#close-menu").click()
    page.wait_for_timeout(900)
    keep(page, "desk-close-question-360", full_page=False)
    page.locator("#close-sure").click()
    expect(page.locator("#undo")).to_be_visible()
    keep(page, "desk-closed-undo-360", full_page=False)
    assert_good(page)
    assert not is_open(busy)
