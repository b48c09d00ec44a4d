# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a live update of the desk leaves as the operator has it, whatever changes around it."""

from __future__ import annotations

import io
import wave
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.desk import handling
from arengo.desk.models import Attachment, Conversation, Message
from arengo.platforms.contract import IncomingMedia, Nature
from arengo_sandbox.sample_files import sample
from tests.desk.road import Writes
from tests.factories.audience import citizen
from tests.factories.desk import said
from tests.support.browser_kit import WIDE, Visiting, assert_good
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAME = "element => element.mark = 'the same'"
IS_SAME = "element => element.isConnected && element.mark === 'the same'"


@pytest.fixture
def talk(write: Writes, anna: Identity) -> Conversation:
    write(*(said(anna, f"Riga {number}") for number in range(30)))
    return Conversation.objects.get(identity=anna)


@pytest.fixture
def page(visit: Visiting, live_server: LiveServer, olga: Person, talk: Conversation) -> Page:
    page = visit(f"{live_server.url}/console/sportello/{talk.pk}/", WIDE, sign_in=olga)
    page.wait_for_load_state("networkidle")
    return page


def refresh(page: Page) -> None:
    """The panel is asked for again and its answer is on the page."""
    with page.expect_response("**/pannello/**"):
        page.evaluate("document.getElementById('conversation').dispatchEvent(new Event('refresh'))")
    expect(page.locator("#conversation.htmx-request")).to_have_count(0)


def comes(page: Page, write: Writes, anna: Identity, text: str, **fields: object) -> None:
    """Another message of hers, and the live update that brings it."""
    write(said(anna, text, **fields))
    refresh(page)
    expect(page.locator(".desk-in .desk-text", has_text=text).last).to_be_attached()


def box(page: Page) -> Locator:
    return page.get_by_label("Risposta al cittadino")


def test_the_caret_and_what_is_selected_stay_in_the_middle_of_the_words(
    page: Page, write: Writes, anna: Identity
) -> None:
    box(page).fill("Buongiorno, l’anagrafe apre alle nove")
    box(page).evaluate("box => box.setSelectionRange(12, 22)")
    comes(page, write, anna, "Pronto?")
    expect(box(page)).to_be_focused()
    assert box(page).evaluate("box => [box.selectionStart, box.selectionEnd]") == [12, 22]
    page.keyboard.type("lo")
    expect(box(page)).to_have_value("Buongiorno, lo apre alle nove")


def test_words_selected_in_the_thread_stay_selected(page: Page, write: Writes, anna: Identity) -> None:
    page.locator(".desk-text", has_text="Riga 29").select_text()
    comes(page, write, anna, "Pronto?")
    assert page.evaluate("getSelection().toString()") == "Riga 29"


def test_the_height_of_the_composer_stays(page: Page, write: Writes, anna: Identity) -> None:
    box(page).fill("una\ndue\ntre\nquattro\ncinque")
    height = box(page).evaluate("box => box.offsetHeight")
    comes(page, write, anna, "Pronto?")
    assert box(page).evaluate("box => box.offsetHeight") == height
    assert_good(page)


def test_words_that_were_taken_out_do_not_come_back(page: Page, write: Writes, anna: Identity) -> None:
    box(page).fill("Sto per cambiare idea")
    box(page).fill("")
    comes(page, write, anna, "Pronto?")
    expect(box(page)).to_have_value("")


def test_chosen_files_and_the_quoted_message_stay(page: Page, write: Writes, anna: Identity) -> None:
    last = page.locator(".desk-message", has_text="Riga 29")
    last.hover()
    last.get_by_role("link", name="Cita").click()
    page.set_input_files(
        "#composer-files", [{"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}]
    )
    comes(page, write, anna, "Pronto?")
    expect(page.locator("#quote-text")).to_have_text("Riga 29")
    expect(page.locator("#quote")).to_be_visible()
    expect(page.locator("#uploads li")).to_have_count(1)
    expect(page.locator("#uploads")).to_contain_text("pronto")
    box(page).press("Enter")
    expect(page.locator(".desk-out:not(.desk-pending) .desk-file")).to_contain_text("b.pdf")
    assert Message.objects.get(direction="out").reply_to == Message.objects.get(text="Riga 29")


def test_open_menus_stay_open_and_shut_ones_shut(page: Page, write: Writes, anna: Identity) -> None:
    page.locator("#actions-menu summary").click()
    page.locator("#format").evaluate("menu => menu.open = true")
    comes(page, write, anna, "Pronto?")
    for opened in ("#actions-menu", "#format"):
        expect(page.locator(opened)).to_have_attribute("open", "")
    expect(page.locator("details[id^=react-][open]")).to_have_count(0)
    last = page.locator("details[id^=react-]").last
    last.evaluate("menu => menu.open = true")
    comes(page, write, anna, "Ci siete?")
    expect(last).not_to_have_attribute("open", "")  # it is the new message's
    expect(page.locator("details[id^=react-][open]")).to_have_count(1)


def test_the_words_that_an_emoji_is_searched_by_stay(page: Page, write: Writes, anna: Identity) -> None:
    page.locator("#emoji > summary").click()
    search = page.locator("emoji-picker").get_by_role("combobox")
    expect(search).to_be_focused()
    search.fill("festa")
    comes(page, write, anna, "Pronto?")
    expect(search).to_have_value("festa")
    expect(search).to_be_focused()


def test_what_a_message_said_before_stays_unfolded(page: Page, write: Writes, anna: Identity) -> None:
    write(said(anna, "alle otto", message_id="wamid.edited"))
    write(said(anna, "alle nove", nature=Nature.EDIT, about="wamid.edited"))
    refresh(page)
    page.locator(".desk-versions summary").click()
    comes(page, write, anna, "Pronto?")
    expect(page.locator(".desk-versions")).to_have_attribute("open", "")
    expect(page.get_by_text("alle otto")).to_be_visible()


def test_the_citizens_pane_stays_open_on_a_small_screen(page: Page, write: Writes, anna: Identity) -> None:
    page.set_viewport_size({"width": 800, "height": 900})
    page.get_by_role("button", name="Cittadino").click()
    comes(page, write, anna, "Pronto?")
    expect(page.locator("#citizen")).to_be_visible()
    assert page.evaluate("document.getElementById('citizen').matches(':popover-open')")


def test_the_places_in_the_thread_and_in_the_list_stay(
    page: Page, write: Writes, anna: Identity, talk: Conversation
) -> None:
    for number in range(20):
        write(said(citizen(f"Persona {number}", user_id=f"IT.{number}"), "Eccomi"))
    page.reload()
    page.evaluate("document.getElementById('thread').scrollTop = 100")
    page.evaluate("document.getElementById('inbox-scroll').scrollTop = 120")
    comes(page, write, anna, "Pronto?")
    with page.expect_response("**/sportello/lista/**"):
        page.evaluate("htmx.trigger('#inbox', 'sse:inbox')")
    expect(page.locator("#inbox.htmx-request")).to_have_count(0)
    assert page.evaluate("document.getElementById('thread').scrollTop") == 100
    assert page.evaluate("document.getElementById('inbox-scroll').scrollTop") == 120


def test_the_row_with_the_focus_keeps_it_when_others_pass_it(
    page: Page, write: Writes, talk: Conversation
) -> None:
    neighbours = [citizen(f"Persona {number}", user_id=f"IT.{number}") for number in range(4)]
    for one in neighbours:
        write(said(one, "Eccomi"))
    page.reload()
    row = page.locator(f"#open-{Conversation.objects.get(identity=neighbours[2]).pk}")
    row.focus()
    row.evaluate(SAME)
    changed, first = page.locator("#inbox-changed"), page.locator("#rows a.desk-row").first
    oldest = timezone.now() - timedelta(minutes=10)
    for number, one in enumerate((neighbours[3], neighbours[0])):  # from below it, from above it
        since = oldest - timedelta(minutes=number)
        Conversation.objects.filter(identity=one).update(waiting_since=since)
        page.evaluate("htmx.trigger('#inbox', 'sse:inbox')")
        expect(changed).to_be_visible()
        expect(row).to_be_focused()
        expect(first).not_to_contain_text(one.contact.name)  # nothing moves under who is among the rows
        changed.get_by_role("button", name="Aggiorna").click()
        expect(first).to_contain_text(one.contact.name)
        expect(changed).to_be_hidden()
        row.focus()
    assert row.evaluate(IS_SAME)


def spoken(write: Writes, who: Identity, content: bytes, mime_type: str) -> Message:
    """A voice message that has come, with its file."""
    write(said(who, "", kind="audio", media=IncomingMedia(media_id="media-1", mime_type=mime_type)))
    attachment = Attachment.objects.get()
    attachment.file.save("", ContentFile(content), save=False)
    attachment.size, attachment.mime_type = len(content), mime_type
    attachment.state = Attachment.State.READY
    attachment.save()
    return Message.objects.get(kind="audio")


@pytest.fixture
def voice(write: Writes, anna: Identity, talk: Conversation) -> Message:
    """A voice message of a minute."""
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(b"\x80" * 8000 * 60)
    return spoken(write, anna, written.getvalue(), "audio/mpeg")


LOUDEST = """async (sound) => {
    const bytes = await (await fetch(sound.src)).arrayBuffer();
    const decoded = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(bytes);
    return decoded.getChannelData(0).reduce((most, each) => Math.max(most, Math.abs(each)), 0);
}"""


def test_the_samples_voice_message_says_its_length_and_is_heard(
    page: Page, write: Writes, anna: Identity
) -> None:
    content, mime_type, _name = sample("audio")
    voice = spoken(write, anna, content, mime_type)
    page.reload()
    sound = page.locator(f"#b-{voice.pk} audio")
    until(lambda: page.wait_for_timeout(50) or sound.evaluate("sound => sound.readyState > 0"))
    assert 2 < sound.evaluate("sound => sound.duration") < 5
    assert sound.evaluate(LOUDEST) > 0.1
    sound.evaluate("sound => { sound.muted = true; sound.playbackRate = 4; return sound.play(); }")
    until(lambda: page.wait_for_timeout(50) or sound.evaluate("sound => sound.ended"))


def test_a_voice_message_plays_on(page: Page, voice: Message, write: Writes, anna: Identity) -> None:
    """Also while messages come before it, after it, and something is added to its own bubble."""
    page.reload()
    sound = page.locator(f"#b-{voice.pk} audio")
    sound.evaluate(SAME)
    sound.evaluate("sound => { sound.muted = true; return sound.play(); }")
    comes(page, write, anna, "Dopo")
    comes(page, write, anna, "Prima", sent_at=voice.sent_at - timedelta(seconds=1))
    Message.objects.filter(pk=voice.pk).update(forwarded=True)
    refresh(page)
    expect(page.locator(f"#b-{voice.pk}").get_by_text("Inoltrato")).to_be_visible()
    assert sound.evaluate(IS_SAME)
    assert sound.evaluate("sound => !sound.paused")
    at = sound.evaluate("sound => sound.currentTime")
    until(lambda: page.wait_for_timeout(50) or sound.evaluate("sound => sound.currentTime") > at)
    assert at > 0


def test_only_a_new_message_is_new_to_a_screen_reader(page: Page, write: Writes, anna: Identity) -> None:
    page.evaluate(
        """window.added = [];
        new MutationObserver(list => list.forEach(one => one.addedNodes.forEach(node =>
          node.nodeType === 1 && window.added.push(node.textContent.trim().replace(/\\s+/g, " "))))).observe(
          document.getElementById("thread"), {childList: true, subtree: true})"""
    )
    comes(page, write, anna, "Pronto?")
    (added,) = page.evaluate("window.added")
    assert "Pronto?" in added


def test_a_message_on_its_way_is_not_taken_for_one_that_comes(
    page: Page, write: Writes, anna: Identity
) -> None:
    held: list[Route] = []
    page.route("**/rispondi/**", lambda route: held.append(route))
    box(page).fill("Arrivo subito")
    box(page).press("Enter")
    until(lambda: page.wait_for_timeout(20) or held)
    comes(page, write, anna, "Pronto?")
    held[0].abort()
    expect(page.locator("#composer-trouble")).to_be_visible()
    expect(page.locator(".desk-in .desk-text", has_text="Pronto?")).to_be_visible()
    expect(box(page)).to_have_value("Arrivo subito")


def test_words_written_while_a_refused_answer_comes_stay_behind_the_refused_ones(
    page: Page, bea: Person, talk: Conversation
) -> None:
    """A colleague was faster: what was sent and what was begun since are both there, with the caret."""
    page.route("**/pannello/**", lambda route: route.abort())
    handling.take(talk, by=bea)
    held: list[Route] = []
    page.route("**/rispondi/**", lambda route: held.append(route))
    box(page).fill("La prima")
    box(page).press("Enter")
    until(lambda: page.wait_for_timeout(20) or held)
    box(page).press_sequentially("La seconda")
    held[0].continue_()
    kept = page.get_by_label("Il tuo testo, non inviato")
    expect(kept).to_have_value("La prima\nLa seconda")
    expect(kept).to_be_visible()


def test_a_composer_that_comes_back_sends_under_the_key_that_may_have_arrived(
    page: Page, bea: Person, olga: Person, talk: Conversation, write: Writes
) -> None:
    """Sent without an answer, taken by a colleague, given back: the same words are the same message."""
    page.route("**/rispondi/**", lambda route: route.abort())
    box(page).fill("Una volta sola")
    box(page).press("Enter")
    expect(page.locator("#composer-trouble")).to_be_visible()
    key = page.locator("#composer-key").input_value()
    handling.take(talk, by=bea)
    refresh(page)
    expect(page.get_by_label("Il tuo testo, non inviato")).to_have_value("Una volta sola")
    talk.refresh_from_db()
    handling.release(talk, by=bea)
    refresh(page)
    expect(box(page)).to_have_value("Una volta sola")
    assert page.locator("#composer-key").input_value() == key
