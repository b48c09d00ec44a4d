# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk as operators have it before their eyes: panes, keys, drafts, live updates that disturb nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Organization, Person
from arengo.desk.models import Attachment, Conversation, Message
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST
from arengo.newsroom.outlets.whatsapp_list.placing import mailing_of
from tests.desk.busy import busy, open_desk
from tests.desk.road import Writes, named
from tests.factories.desk import said
from tests.factories.pictures import picture
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size, Visiting, assert_good, shades
from tests.support.in_browser import keep

__all__ = ["busy"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", WIDTHS)
def test_an_update_that_is_quoted_and_reacted_to_is_readable_by_all(
    visit: Visiting,
    live_server: LiveServer,
    olga: Person,
    anna: Identity,
    update: Update,
    write: Writes,
    size: Size,
) -> None:
    fanout = mailing_of(update.placements.get(outlet=LIST))
    assert fanout is not None
    named(fanout, anna)
    now = timezone.now()
    write(
        said(anna, "Buongiorno", sent_at=now - timedelta(hours=3)),
        said(anna, "❤️", kind="reaction", reaction_to="wamid.fair", sent_at=now - timedelta(hours=2)),
        said(anna, "A che ora comincia?", reply_to="wamid.fair"),
        said(anna, "E quello di ieri?", reply_to="wamid.nowhere"),
        said(anna, "👍", kind="reaction", reaction_to="wamid.another"),
    )
    talk = Conversation.objects.get()
    page = visit(f"{live_server.url}/console/sportello/{talk.pk}/", size, sign_in=olga)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("link", name="Sagra della porchetta")).to_have_count(3)
    expect(page.get_by_text("Reazione ❤️ all’aggiornamento")).to_be_visible()
    for shade in shades(page):
        keep(page, f"desk-update-{size[0]}-{shade}", full_page=False)
        assert_good(page)


@pytest.mark.parametrize("size", WIDTHS)
def test_the_desk_is_readable_by_all(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation, size: Size
) -> None:
    for path, name in (("", "inbox"), (f"{busy.pk}/", "conversation")):
        page = visit(f"{live_server.url}/console/sportello/{path}", size, sign_in=olga)
        page.wait_for_load_state("networkidle")
        for shade in shades(page):
            keep(page, f"desk-{name}-{size[0]}-{shade}", full_page=False)
            assert_good(page)


def test_an_empty_desk_teaches(
    visit: Visiting, live_server: LiveServer, olga: Person, scope: Organization
) -> None:
    for size in (WIDE, NARROW):
        page = open_desk(visit, live_server, olga, size=size)
        keep(page, f"desk-empty-{size[0]}", full_page=False)
        expect(page.get_by_text("Qui si risponde ai cittadini")).to_be_visible()
        assert_good(page)


def test_three_panes_two_panes_one(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    inbox, talk, person = page.locator("#inbox"), page.locator("#talk"), page.locator("#citizen")
    for pane in (inbox, talk, person):
        expect(pane).to_be_visible()
    page.set_viewport_size({"width": 800, "height": 900})
    keep(page, "desk-conversation-800", full_page=False)
    expect(inbox).to_be_visible()
    expect(person).not_to_be_visible()
    page.get_by_role("button", name="Cittadino").click()
    expect(person).to_be_visible()
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 360, "height": 740})
    expect(inbox).not_to_be_visible()
    expect(talk).to_be_visible()
    page.get_by_role("link", name="Indietro").click()
    expect(page.locator("#inbox")).to_be_visible()
    expect(page.locator("#talk")).to_have_count(0)


def test_all_by_keyboard(visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation) -> None:
    page = open_desk(visit, live_server, olga)
    page.keyboard.press("j")
    expect(page.locator("a.desk-row").nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")  # past the last one it stays: Anna wrote last
    expect(page.locator(f"#open-{busy.pk}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/console/sportello/{busy.pk}/")
    expect(page.locator("#conversation-title")).to_be_focused()
    page.keyboard.press("r")
    expect(page.get_by_label("Risposta al cittadino")).to_be_focused()
    page.keyboard.type("jka?")
    expect(page.get_by_label("Risposta al cittadino")).to_have_value("jka?")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Tasti rapidi")).to_be_visible()
    keep(page, "desk-keys", full_page=False)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("a.desk-row[aria-current]")).to_be_focused()


def test_a_takes_it(visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation) -> None:
    free = Conversation.objects.get(contact__name="", assignee=None)
    page = open_desk(visit, live_server, olga, f"{free.pk}/")
    page.keyboard.press("a")
    expect(page.locator("#owner-menu").get_by_text("In carico a te", exact=True)).to_be_visible()
    free.refresh_from_db()
    assert free.assignee == olga


def test_enter_sends_and_the_words_are_on_screen_at_once(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    box = page.get_by_label("Risposta al cittadino")
    box.fill("Il sabato è chiuso")
    box.press("Shift+Enter")
    box.press_sequentially("Saluti")
    page.evaluate(
        "addEventListener('htmx:beforeSend', () => { window.__pending ="
        " document.querySelector('.desk-pending .desk-text').textContent })"
    )
    box.press("Enter")
    expect(page.locator(".desk-message.desk-out .desk-text").last).to_have_text("Il sabato è chiuso\nSaluti")
    expect(page.locator(".desk-pending")).to_have_count(0)
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    assert page.evaluate("window.__pending") == "Il sabato è chiuso\nSaluti"
    assert Message.objects.filter(text="Il sabato è chiuso\nSaluti").count() == 1
    box.fill("E la domenica?")
    box.press("Enter")
    expect(page.locator(".desk-message.desk-out .desk-text").last).to_have_text("E la domenica?")
    expect(page.locator(".desk-pending")).to_have_count(0)
    assert Message.objects.filter(direction="out").count() == 5


def test_words_that_could_not_be_sent_come_back(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    page.route("**/rispondi/**", lambda route: route.abort())
    box = page.get_by_label("Risposta al cittadino")
    box.fill("Non perdermi")
    box.press("Enter")
    expect(page.locator("#composer-trouble")).to_contain_text("Non sono riuscito a inviare")
    expect(box).to_have_value("Non perdermi")
    expect(page.locator(".desk-pending")).to_have_count(0)
    page.unroute("**/rispondi/**")
    box.press("Enter")
    expect(page.locator(".desk-message.desk-out .desk-text").last).to_have_text("Non perdermi")
    expect(page.locator(".desk-pending")).to_have_count(0)
    assert Message.objects.filter(text="Non perdermi").count() == 1


def test_a_quote_is_chosen_and_taken_back(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    last = page.locator(".desk-message", has_text="Grazie, e il sabato?")
    cite = last.get_by_role("link", name="Cita")
    last.hover()
    cite.click()
    expect(page.locator("#quote-text")).to_have_text("Grazie, e il sabato?")
    page.get_by_role("link", name="Non citare").click()
    expect(page.locator("#quote")).not_to_be_visible()
    cite.click()
    box = page.get_by_label("Risposta al cittadino")
    box.fill("Chiuso")
    box.press("Enter")
    expect(page.locator(".desk-out .desk-quoted").last).to_contain_text("Grazie, e il sabato?")
    assert Message.objects.get(text="Chiuso").reply_to == Message.objects.get(text="Grazie, e il sabato?")


def test_a_reaction_by_mouse(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    last = page.locator(".desk-message", has_text="Grazie, e il sabato?")
    last.hover()
    last.get_by_text("Reagisci").click()
    keep(page, "desk-reacting", full_page=False)
    page.locator("details[open] button", has_text="👍").click()
    expect(last.locator(".desk-reactions")).to_contain_text("👍")


def test_chosen_files_are_named_and_can_be_taken_off(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    page.set_input_files(
        "#composer-files",
        [
            {"name": "a.png", "mimeType": "image/png", "buffer": picture(form="PNG")},
            {"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
        ],
    )
    rows = page.locator("#uploads li")
    expect(page.locator("#uploads .desk-upload-state", has_text="pronto")).to_have_count(2)
    rows.filter(has_text="b.pdf").get_by_role("button", name="Togli il file").click()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Invia").click()
    expect(page.locator(".desk-out .desk-photo img")).to_be_visible()
    assert Attachment.objects.filter(filename="a.jpg").count() == 1


def test_a_shut_window_says_so(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    Conversation.objects.update(citizen_wrote_at=timezone.now() - timedelta(hours=30))
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    keep(page, "desk-shut", full_page=False)
    expect(page.get_by_text("Sono passate 24 ore")).to_be_visible()
    assert_good(page)


@pytest.mark.parametrize("size", WIDTHS)
def test_a_time_of_receipt_is_said_in_words(
    visit: Visiting, live_server: LiveServer, olga: Person, write: Writes, anna: Identity, size: Size
) -> None:
    write(said(anna, "Buongiorno, il mio telefono crede di essere nel futuro.", time_of_receipt=True))
    page = open_desk(visit, live_server, olga, f"{Conversation.objects.get().pk}/", size)
    expect(page.locator(".desk-meta").get_by_text("ora di ricezione")).to_be_visible()
    assert_good(page)
    keep(page, f"desk-receipt-{size[0]}", full_page=False)
