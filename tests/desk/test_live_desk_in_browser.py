# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What moves on the desk by itself disturbs nobody who reads, writes or looks elsewhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.delivery.models import Delivery, DeliveryState
from arengo.desk.models import Attachment, Conversation
from tests.desk.busy import arrived, busy, open_desk
from tests.desk.road import Writes
from tests.factories.audience import citizen
from tests.factories.desk import photo_said, said
from tests.support.browser_kit import Visiting, assert_good

__all__ = ["busy"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_live_message_disturbs_nothing(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation, write: Writes, anna: Identity
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    box = page.get_by_label("Risposta al cittadino")
    box.fill("Sto ancora scriv")
    key = page.locator("#composer-key").input_value()
    page.evaluate("document.querySelector('.desk-message').__same = true")
    write(said(anna, "Pronto?"))
    page.evaluate(f"htmx.trigger('#conversation', 'sse:conversation:{busy.pk}')")
    expect(page.locator(".desk-message.desk-in .desk-text").last).to_have_text("Pronto?")
    expect(box).to_have_value("Sto ancora scriv")
    expect(box).to_be_focused()
    assert page.locator("#composer-key").input_value() == key
    assert page.evaluate("document.querySelector('.desk-message').__same") is True
    expect(page.locator("#seen-form")).to_have_count(0)
    busy.refresh_from_db()
    assert busy.unread == 0


def test_two_signals_at_once_are_both_heeded(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation, write: Writes
) -> None:
    """A photo is announced when it is sent and again when it was brought over, while the first answer is on its way."""
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    page.wait_for_load_state("networkidle")
    identity = busy.identity
    assert identity is not None
    write(photo_said(identity, "Ecco il cartello"))
    signal = f"htmx.trigger('#conversation', 'sse:conversation:{busy.pk}')"
    held: list[Route] = []
    page.route("**/pannello/**", lambda route: route.continue_() if held else held.append(route))
    page.evaluate(signal)
    expect(page.locator("#conversation.htmx-request")).to_have_count(1)
    answer = held[0].fetch()
    arrived(Attachment.objects.get(message__text="Ecco il cartello"))
    page.evaluate(signal)
    held[0].fulfill(response=answer)
    expect(page.locator("#messages li", has_text="Ecco il cartello").locator("img")).to_be_visible()
    expect(page.locator(".htmx-request")).to_have_count(0)


def test_going_from_one_conversation_to_another_keeps_the_policy(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation, anna: Identity
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    page.get_by_label("Risposta al cittadino").fill("Una\nrisposta\ndi più righe")
    page.locator("a.desk-row", has_text="TARI").click()
    expect(page.get_by_role("heading", name="Anna Esempio")).to_have_count(0)
    expect(page.locator("#composer-text")).to_have_attribute("style", re.compile("height"))
    assert_good(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Anna Esempio")).to_be_visible()
    assert_good(page)


def test_ticks_move_without_a_new_message_being_read_out(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    page.evaluate(
        """window.__added = [];
        new MutationObserver(list => list.forEach(one => one.addedNodes.forEach(node =>
          node.nodeType === 1 && window.__added.push(node.className)))).observe(
          document.getElementById("messages"), {childList: true})"""
    )
    Delivery.objects.update(state=DeliveryState.DELIVERED)
    page.evaluate(f"htmx.trigger('#conversation', 'sse:conversation:{busy.pk}')")
    expect(page.locator(".ticks-delivered .ticks-words").first).to_have_text("consegnato")
    assert page.evaluate("window.__added") == []


def test_a_draft_survives_going_elsewhere(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    page.get_by_label("Risposta al cittadino").fill("A metà")
    page.locator("a.desk-row:not([aria-current])").last.click()
    expect(page.locator(f'#conversation:not([data-conversation="{busy.pk}"])')).to_be_visible()
    page.locator("a.desk-row", has_text="Anna Esempio").click()
    expect(page.get_by_label("Risposta al cittadino")).to_have_value("A metà")
    page.reload()
    expect(page.get_by_label("Risposta al cittadino")).to_have_value("A metà")


def test_who_reads_further_up_stays_there(
    visit: Visiting, live_server: LiveServer, olga: Person, write: Writes, anna: Identity
) -> None:
    write(*(said(anna, f"Riga {number}") for number in range(40)))
    conversation = Conversation.objects.get()
    page = open_desk(visit, live_server, olga, f"{conversation.pk}/")
    expect(page.locator("#thread").get_by_text("Riga 0", exact=True)).to_be_in_viewport()  # the first unread
    page.evaluate("document.getElementById('thread').scrollTop = 0")
    write(said(anna, "L'ultima"))
    page.evaluate(f"htmx.trigger('#conversation', 'sse:conversation:{conversation.pk}')")
    jump = page.get_by_role("button", name="Nuovi messaggi")
    expect(jump).to_be_visible()
    assert page.evaluate("document.getElementById('thread').scrollTop") == 0
    jump.click()
    expect(page.locator("#thread").get_by_text("L'ultima")).to_be_in_viewport()
    expect(jump).not_to_be_visible()


def test_the_list_moves_live_and_keeps_the_focus(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation, write: Writes
) -> None:
    page = open_desk(visit, live_server, olga)
    page.locator("a.desk-row").nth(1).focus()
    focused = page.evaluate("document.activeElement.id")
    write(said(citizen("Dora Esempio"), "Eccomi"))
    page.evaluate("htmx.trigger('#inbox', 'sse:inbox')")
    expect(page.locator("a.desk-row").last).to_contain_text("Dora Esempio")  # who waits longest stands first
    assert page.evaluate("document.activeElement.id") == focused
    expect(page.locator("#console-tabs .count")).to_have_text("4 in attesa")
