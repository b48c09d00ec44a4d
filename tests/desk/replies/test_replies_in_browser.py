# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Inserting in Chromium: "/" offers, Enter inserts at the cursor, blanks are asked, nothing is sent by itself."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Person
from arengo.desk.models import Conversation, Message
from arengo.desk.replies.models import CannedReply, ReplyFile
from tests.desk.road import page_of
from tests.support.browser_kit import NARROW, WIDE, Visiting, assert_good

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def replies(conversation: Conversation) -> None:
    CannedReply.objects.create(
        title="Orari della sagra", text="Buongiorno {nome}! La sagra è [giorno] in piazza.", used=5
    )
    CannedReply.objects.create(
        title="Banchetti alla sagra", text="Serve il modulo.", topic="Suolo pubblico", used=1
    )
    CannedReply.objects.create(title="Orari anagrafe", text="L'anagrafe apre alle 9.", used=3)
    with_file = CannedReply.objects.get(title="Banchetti alla sagra")
    file = ReplyFile(reply=with_file, filename="modulo.pdf", mime_type="application/pdf", size=8)
    file.file.save("file", ContentFile(b"%PDF-1.7"), save=False)
    file.save()


def test_several_are_inserted_at_the_cursor_by_keyboard(
    visit: Visiting, live_server: LiveServer, olga: Person, conversation: Conversation, replies: None
) -> None:
    page = visit(f"{live_server.url}{page_of(conversation)}", WIDE, sign_in=olga)
    box = page.locator("#composer-text")
    box.focus()
    page.keyboard.type("Il modulo va bene. /sagra")
    options = page.locator("#replies-list [role=option]")
    expect(options).to_have_count(2)
    expect(page.locator("#replies-said")).to_have_text("2 da inserire per «sagra»")
    expect(page.locator("#live-region")).to_have_text("2 da inserire per «sagra»")
    expect(box).to_be_focused()
    assert box.get_attribute("aria-activedescendant") == "reply-option-0"
    assert_good(page)
    page.keyboard.press("Enter")
    blank = page.locator("#reply-blank-0")
    expect(blank).to_be_focused()
    page.keyboard.type("sabato")
    expect(page.locator("#replies-text")).to_contain_text("La sagra è sabato")
    page.keyboard.press("Enter")
    expect(box).to_be_focused()
    expect(box).to_have_value("Il modulo va bene. Buongiorno Anna Esempio! La sagra è sabato in piazza.")
    expect(page.locator("#replies")).to_be_hidden()
    page.keyboard.type(" /sagra")
    expect(options).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value(
        "Il modulo va bene. Buongiorno Anna Esempio! La sagra è sabato in piazza. Serve il modulo."
    )
    expect(page.locator("#uploads")).to_contain_text("modulo.pdf")
    page.keyboard.type(" /")
    expect(options).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.locator("#replies")).to_be_hidden()
    expect(box).to_be_focused()
    assert not Message.objects.filter(direction="out").exists()


def test_an_address_or_a_date_opens_nothing(
    visit: Visiting, live_server: LiveServer, olga: Person, conversation: Conversation, replies: None
) -> None:
    page = visit(f"{live_server.url}{page_of(conversation)}", WIDE, sign_in=olga)
    page.locator("#composer-text").press_sequentially("Il 12/10 su https://www.example.it/sagra e/o")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#replies")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator(".desk-out")).to_contain_text("Il 12/10")


def test_suggestions_on_a_phone_and_the_button(
    visit: Visiting, live_server: LiveServer, olga: Person, conversation: Conversation, replies: None
) -> None:
    page = visit(f"{live_server.url}{page_of(conversation)}", NARROW, sign_in=olga)
    page.locator("#replies-button").click()
    expect(page.locator("#replies-list [role=option]")).to_have_count(3)
    assert_good(page)
    page.keyboard.press("Escape")
    page.locator("#composer-text").fill("")
    page.get_by_text("Forse ti serve").click()
    expect(page.locator("#replies-maybe-list li")).to_have_count(1)
    expect(page.locator("#replies-maybe-list mark").first).to_have_text("anagrafe")
    assert_good(page)
    page.keyboard.press("Alt+1")
    expect(page.locator("#composer-text")).to_have_value("L'anagrafe apre alle 9.")
