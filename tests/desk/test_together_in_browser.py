# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Working together, in a real browser: a note with a mention, a label, a colleague who writes, a second «Invia»."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Person
from arengo.desk import replying
from arengo.desk.models import Conversation, Message
from arengo.desk.notes.models import Mention, Note
from tests.desk.busy import busy, open_desk
from tests.factories.desk import make_label
from tests.support.browser_kit import NARROW, WIDE, Size, Visiting, assert_good
from tests.support.in_browser import keep

__all__ = ["busy"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def hear(page: Page, conversation: Conversation, doing: str) -> None:
    """What the stream brings of a colleague."""
    words = {"conversation": conversation.pk, "person": 0, "name": "Edo", "doing": doing}
    page.evaluate(
        """words => {
          const source = new EventTarget();
          document.dispatchEvent(new CustomEvent("htmx:sseOpen", { detail: { source } }));
          source.dispatchEvent(new MessageEvent("presence", { data: words }));
        }""",
        json.dumps(words),
    )


def test_a_note_is_written_beside_the_answer(
    visit: Visiting, live_server: LiveServer, olga: Person, bea: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    page.get_by_label("Risposta al cittadino").fill("La mia risposta")
    page.locator("#conversation-title").focus()
    page.keyboard.press("n")
    note = page.get_by_label("Nota interna: il cittadino non la vede")
    expect(note).to_be_focused()
    note.fill("Manca la firma,")
    page.get_by_text("Menziona", exact=True).click()
    page.get_by_role("button", name="Bea Esempio").click()
    expect(note).to_have_value("Manca la firma, @Bea Esempio ")
    page.get_by_role("button", name="Salva la nota").last.click()
    line = page.locator(".desk-note-line")
    expect(line).to_contain_text("Nota interna di Olga Esempio")
    expect(line).to_contain_text("il cittadino non la vede")
    expect(page.locator("#live-region")).to_have_text("Nota salvata. Il cittadino non la vede.")
    expect(note).to_have_value("")
    expect(note).to_be_focused()
    assert Mention.objects.get().person == bea
    assert_good(page)
    page.get_by_role("link", name="Risposta", exact=True).click()
    expect(page.get_by_label("Risposta al cittadino")).to_have_value("La mia risposta")


@pytest.mark.parametrize("size", [WIDE, (1024, 768), NARROW], ids=["1280", "1024", "360"])
def test_a_note_on_the_person_lies_inside_its_box(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation, size: Size
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/", size)
    if page.locator("#citizen-button").is_visible():
        page.locator("#citizen-button").click()
    page.locator("#person-note-fold summary").click()
    page.locator("#person-note-text").fill("Chiamare dopo le 15: https://www.example.it/" + "lungo" * 30)
    page.get_by_role("button", name="Salva la nota").click()
    if page.locator("#citizen-button").is_visible() and not page.locator("#citizen").is_visible():
        page.locator("#citizen-button").click()
    note = page.locator("#person-notes .desk-note")
    box = note.bounding_box()
    assert box is not None
    for part in (note.locator(".desk-note-text"), note.get_by_role("button", name="Togli")):
        found = part.bounding_box()
        assert found is not None
        assert box["x"] + 4 <= found["x"]
        assert found["x"] + found["width"] <= box["x"] + box["width"] - 4
    words = note.locator(".desk-note-text")
    assert words.inner_text().startswith("Chiamare")  # no empty line before
    assert note.locator(".desk-note-foot").get_by_role("button", name="Togli").count() == 1
    keep(page, f"desk-person-note-{size[0]}", full_page=False)
    assert_good(page)


def test_a_note_that_was_not_saved_outlives_a_reload(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/?nota=1")
    page.locator("#note-text").fill("Non ancora salvata")
    page.reload()
    expect(page.locator("#note-text")).to_have_value("Non ancora salvata")
    assert not Note.objects.exists()


def test_a_label_goes_on_and_the_focus_stays_there(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    make_label("Anagrafe")
    make_label("Eventi e sagre di tutte le frazioni")
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    page.locator("#label-add").click()
    expect(page.locator("#labels-on")).to_contain_text("Anagrafe")
    expect(page.locator("#label-choice")).to_be_focused()
    expect(page.locator("#live-region")).to_have_text("Etichetta aggiunta")
    assert_good(page)


def test_who_looks_and_who_writes_is_on_thread_and_row(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    hear(page, busy, "looks")
    expect(page.locator("#presence")).to_contain_text("guarda")
    hear(page, busy, "writes")
    expect(page.locator("#presence")).to_have_text("\u2068Edo\u2069 ha un testo non inviato")
    expect(page.locator(f"#presence-{busy.pk}")).to_contain_text("ha un testo non inviato")
    hear(page, busy, "leaves")
    expect(page.locator("#presence")).to_be_hidden()


def test_a_second_press_shows_both_texts_and_sends_neither_by_itself(
    visit: Visiting, live_server: LiveServer, olga: Person, bea: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    box = page.get_by_label("Risposta al cittadino")
    box.fill("Va bene, due tavoli ci sono.")
    Conversation.objects.filter(pk=busy.pk).update(assignee=None)
    Message.objects.update(received_at=timezone.now() - timedelta(minutes=1))
    replying.reply(busy, by=bea, text="Due tavoli vanno benissimo.", key="bea")
    page.locator("#send").click()
    question = page.get_by_role("dialog", name="Bea Esempio ha risposto")
    expect(question).to_contain_text("Due tavoli vanno benissimo.")
    expect(question).to_contain_text("Va bene, due tavoli ci sono.")
    expect(page.get_by_role("link", name="Non inviare, resta in bozza")).to_be_focused()
    page.errors.clear()  # type: ignore[attr-defined]  # the browser's own line about 409
    assert_good(page)
    page.get_by_role("link", name="Non inviare, resta in bozza").click()
    expect(question).to_be_hidden()
    assert not Message.objects.filter(text="Va bene, due tavoli ci sono.").exists()
    expect(page.locator("#composer-text")).to_have_value("Va bene, due tavoli ci sono.")
