# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The phones in real Chromium: a citizen reads, writes, presses, loses signal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from arengo.sandbox.sample_files import sample
from tests.sandbox.catcher import Catcher
from tests.sandbox.town import Town
from tests.support.browser_kit import NARROW, WIDE, Size, Visiting, assert_good
from tests.support.sandbox_server import SandboxProcess, sandbox_process

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    """One of its own, so that the sample citizens are untouched by other tests."""
    with sandbox_process(SANDBOX_MPS="1000") as running:
        yield running


class Hand:
    """A hand on one phone of the page."""

    def __init__(self, page: Page, person: str) -> None:
        self.phone: Locator = page.locator(f"[data-testid=phone][data-person={person}]")

    def open(self) -> Hand:
        self.phone.get_by_test_id("contact").first.click()
        return self

    def write(self, text: str) -> None:
        self.phone.get_by_test_id("composer").fill(text)
        self.phone.get_by_test_id("send").click()

    def switch(self, name: str) -> None:
        """Pressed, and the sandbox knows it."""
        options = self.phone.get_by_test_id("options")
        options.click()
        with self.phone.page.expect_response(
            lambda answer: "/sandbox/people/" in answer.url and answer.request.method in ("PATCH", "POST")
        ):
            self.phone.get_by_test_id(name).click()
        options.click()

    @property
    def messages(self) -> Locator:
        return self.phone.get_by_test_id("message")


@pytest.fixture
def phones(sandbox: SandboxProcess, visit: Visiting) -> Page:
    page = visit(f"{sandbox.url}/phones/", WIDE)
    expect(page.get_by_test_id("connection")).to_have_text("In linea")
    return page


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
def test_the_page_is_good_with_every_kind_of_message(
    sandbox: SandboxProcess, town: Town, visit: Visiting, size: Size
) -> None:
    _everything(town)
    page = visit(f"{sandbox.url}/phones/", size)
    hand = Hand(page, "p1").open()
    expect(hand.messages.last).to_be_visible()
    assert_good(page)
    hand.phone.get_by_test_id("options").click()
    assert_good(page)
    hand.phone.get_by_test_id("options").click()
    hand.phone.get_by_test_id("attach").click()
    expect(hand.phone.get_by_test_id("sheet")).to_be_visible()
    assert_good(page)
    page.keyboard.press("Escape")
    expect(hand.phone.get_by_test_id("attach")).to_be_focused()


def _everything(town: Town) -> None:
    """One message of each kind in the chat of p1."""
    anna = {"id": "p1", "phone": "393330000001"}
    if town.chat(anna):
        return
    asked = town.writes(anna, "Buongiorno")
    for kind in ("image", "document", "sticker", "audio", "video"):
        town.writes(anna, type=kind)
    town.writes(
        anna, type="location", location={"latitude": 43.7, "longitude": 11.2, "name": "Piazza di Esempio"}
    )
    town.writes(
        anna, type="contacts", contacts=[{"name": {"formatted_name": "Bruno Campione"}, "phones": []}]
    )
    town.writes(anna, type="edit")
    png = town.upload(sample("image")[0], "image/png").body["id"]
    to: dict[str, Any] = {"to": anna["phone"]}
    town.sent(
        {**to, "type": "image", "image": {"id": png, "caption": "*La piazza* di https://www.example.org/a."}}
    )
    town.sent({**to, "type": "interactive", "interactive": _choice()})
    town.sent({**to, "type": "interactive", "interactive": _list()})
    town.sent({**to, "type": "reaction", "reaction": {"message_id": asked, "emoji": "❤️"}})


def _choice() -> dict[str, Any]:
    buttons = [{"type": "reply", "reply": {"id": name, "title": name}} for name in ("Sì", "No")]
    return {"type": "button", "body": {"text": "Le è stato utile?"}, "action": {"buttons": buttons}}


def _list() -> dict[str, Any]:
    rows = [
        {"id": "anagrafe", "title": "Anagrafe", "description": "Carta d'identità"},
        {"id": "t", "title": "Tributi"},
    ]
    sections = [{"title": "Uffici", "rows": rows}]
    return {
        "type": "list",
        "body": {"text": "Di che cosa ha bisogno?"},
        "action": {"button": "Scegli", "sections": sections},
    }


def test_a_citizen_writes_and_sees_the_ticks_turn_blue(town: Town, phones: Page, catcher: Catcher) -> None:
    hand = Hand(phones, "p2").open()
    hand.write("Buongiorno, a che ora apre l'anagrafe?")
    ticks = hand.messages.last.get_by_test_id("ticks")
    expect(ticks).to_have_attribute("data-status", "delivered")
    message = catcher.wait(lambda: catcher.items("messages"))[-1]
    town.sends({"status": "read", "message_id": message["id"], "typing_indicator": {"type": "text"}})
    expect(ticks).to_have_attribute("data-status", "read")
    expect(hand.phone.get_by_test_id("subtitle")).to_have_text("sta scrivendo…")
    town.sent({"to": "393330000002", "type": "text", "text": {"body": "Apre alle *9:00*."}})
    expect(hand.messages.last.locator("strong")).to_have_text("9:00")
    expect(hand.phone.get_by_test_id("subtitle")).not_to_have_text("sta scrivendo…")


def test_only_an_open_chat_reads(town: Town, phones: Page, catcher: Catcher) -> None:
    town.writes({"id": "p5"}, "Buongiorno")
    person = town.sandbox.control("GET", "/people/p5")
    wamid = town.sent({"recipient": person["user_id"], "type": "text", "text": {"body": "Buongiorno a lei"}})
    catcher.wait_status(wamid, "delivered")
    hand = Hand(phones, "p5")
    expect(hand.phone.get_by_test_id("unread")).to_contain_text("1")
    assert "read" not in catcher.statuses(wamid)
    hand.open()
    catcher.wait_status(wamid, "read")


def test_buttons_and_lists_answer(town: Town, phones: Page, catcher: Catcher) -> None:
    town.writes({"id": "p2"}, "Ci siete?")
    asked = town.sent({"to": "393330000002", "type": "interactive", "interactive": _choice()})
    hand = Hand(phones, "p2").open()
    hand.messages.last.get_by_test_id("reply-button").first.click()
    reply = catcher.wait(lambda: [m for m in catcher.items("messages") if m["type"] == "interactive"])[-1]
    assert reply["interactive"]["button_reply"] == {"id": "Sì", "title": "Sì"}
    assert reply["context"]["id"] == asked
    catcher.posts.clear()
    town.sent({"to": "393330000002", "type": "interactive", "interactive": _list()})
    hand.messages.last.get_by_test_id("reply-button").click()
    hand.phone.get_by_test_id("list-row").filter(has_text="Anagrafe").click()
    reply = catcher.wait(lambda: [m for m in catcher.items("messages") if m["type"] == "interactive"])[-1]
    assert reply["interactive"]["list_reply"]["id"] == "anagrafe"


def test_photos_documents_and_places_are_sent(
    town: Town, phones: Page, catcher: Catcher, tmp_path: Path
) -> None:
    photo, paper = tmp_path / "buca.png", tmp_path / "Modulo di prova.pdf"
    photo.write_bytes(sample("image")[0])
    paper.write_bytes(sample("document")[0])
    hand = Hand(phones, "p2").open()
    for name, file in (("attach-photo", photo), ("attach-document", paper)):
        hand.phone.get_by_test_id("attach").click()
        with phones.expect_file_chooser() as chooser:
            hand.phone.get_by_test_id(name).click()
        chooser.value.set_files(file)
        kind = "image" if file is photo else "document"
        expect(hand.phone.locator(f"[data-testid=message][data-type={kind}]").last).to_be_visible()
    hand.phone.get_by_test_id("attach").click()
    hand.phone.get_by_test_id("attach-location").click()
    heard = catcher.wait(
        lambda: (
            {m["type"]: m for m in catcher.items("messages")} if len(catcher.items("messages")) == 3 else None
        )
    )
    assert heard["document"]["document"]["filename"] == "Modulo di prova.pdf"
    assert heard["image"]["image"]["mime_type"] == "image/png"
    with phones.expect_download() as download:
        hand.phone.get_by_test_id("document").last.click()
    assert Path(download.value.path()).read_bytes() == paper.read_bytes()
    assert download.value.suggested_filename == "Modulo di prova.pdf"


def test_reactions_go_both_ways(town: Town, phones: Page, catcher: Catcher) -> None:
    town.writes({"id": "p2"}, "Grazie")
    wamid = town.sent({"to": "393330000002", "type": "text", "text": {"body": "Prego"}})
    hand = Hand(phones, "p2").open()
    message = hand.phone.locator(f"[data-id='{wamid}']")
    message.get_by_test_id("react").click()
    hand.phone.locator("[data-emoji='👍']").click()
    expect(message.get_by_test_id("reactions")).to_contain_text("👍")
    heard = catcher.wait(lambda: [m for m in catcher.items("messages") if m["type"] == "reaction"])[-1]
    assert heard["reaction"] == {"message_id": wamid, "emoji": "👍"}
    asked = town.chat({"id": "p2"})[-3]["id"]
    town.sent({"to": "393330000002", "type": "reaction", "reaction": {"message_id": asked, "emoji": "❤️"}})
    expect(hand.phone.locator(f"[data-id='{asked}']").get_by_test_id("reactions")).to_contain_text("❤️")


def test_a_phone_without_signal_waits_both_ways(town: Town, phones: Page, catcher: Catcher) -> None:
    hand = Hand(phones, "p2").open()
    hand.switch("offline")
    hand.write("Scritto senza rete")
    expect(hand.messages.last.get_by_test_id("ticks")).to_have_attribute("data-status", "waiting")
    before = hand.messages.count()
    wamid = town.sent({"to": "393330000002", "type": "text", "text": {"body": "Arrivo dopo"}})
    catcher.wait_status(wamid, "sent")
    expect(hand.messages).to_have_count(before)
    hand.switch("offline")
    expect(hand.messages).to_have_count(before + 1)
    expect(hand.phone.locator(f"[data-id='{wamid}']")).to_contain_text("Arrivo dopo")
    catcher.wait(
        lambda: [
            m for m in catcher.items("messages") if m.get("text", {}).get("body") == "Scritto senza rete"
        ]
    )


def test_the_switches_hide_the_number_block_and_stop(town: Town, phones: Page, catcher: Catcher) -> None:
    hand = Hand(phones, "p2").open()
    hand.switch("hide")
    hand.write("Chi sono?")
    heard = catcher.wait(lambda: catcher.items("messages"))[-1]
    assert "from" not in heard
    hand.switch("hide")
    hand.switch("stop-marketing")
    assert (
        catcher.wait(lambda: catcher.changes("user_preferences"))[0]["user_preferences"][0]["value"] == "stop"
    )
    hand.switch("stop-marketing")
    hand.switch("block")
    wamid = town.sent({"to": "393330000002", "type": "text", "text": {"body": "Non arriva"}})
    catcher.wait_status(wamid, "sent")
    hand.switch("block")
    expect(hand.phone.locator(f"[data-id='{wamid}']")).to_have_count(0)


def test_phones_are_added_changed_and_removed(phones: Page) -> None:
    expect(phones.get_by_test_id("phone")).to_have_count(3)
    phones.get_by_test_id("add-phone").click()
    expect(phones.get_by_test_id("phone")).to_have_count(4)
    newest = phones.get_by_test_id("phone").last
    newest.get_by_test_id("who").select_option("new")
    expect(newest).to_have_attribute("aria-label", "Telefono di Nuova persona di prova")
    newest.get_by_test_id("options").click()
    newest.get_by_test_id("remove-phone").click()
    expect(phones.get_by_test_id("phone")).to_have_count(3)
    phones.reload()
    expect(phones.get_by_test_id("phone")).to_have_count(3)


def test_all_of_it_works_from_the_keyboard(phones: Page, catcher: Catcher) -> None:
    hand = Hand(phones, "p2")
    hand.phone.get_by_test_id("who").focus()
    phones.keyboard.press("Tab")
    expect(hand.phone.get_by_test_id("options")).to_be_focused()
    phones.keyboard.press("Tab")
    phones.keyboard.press("Enter")
    expect(hand.phone.get_by_test_id("composer")).to_be_focused()
    phones.keyboard.type("Scritto con la tastiera")
    phones.keyboard.press("Enter")
    catcher.wait(
        lambda: [m for m in catcher.items("messages") if m["text"]["body"] == "Scritto con la tastiera"]
    )
    expect(hand.phone.get_by_test_id("composer")).to_be_focused()


def test_a_page_that_lost_the_stream_catches_up(town: Town, phones: Page) -> None:
    hand = Hand(phones, "p2").open()
    phones.context.set_offline(True)
    wamid = town.writes({"id": "p2"}, "Scritto altrove")
    phones.context.set_offline(False)
    phones.evaluate("window.dispatchEvent(new Event('online'))")
    expect(hand.phone.locator(f"[data-id='{wamid}']")).to_be_visible()


def test_a_link_of_the_business_opens_the_chat_with_the_text_written(
    visit: Visiting, sandbox: SandboxProcess
) -> None:
    page = visit(f"{sandbox.url}/wa/{sandbox.account['phone_numbers'][0]['wa_id']}?text=ISCRIVIMI%20EVENTI")
    expect(page.get_by_test_id("composer").first).to_have_value("ISCRIVIMI EVENTI")
    assert page.url == f"{sandbox.url}/phones/"
    assert_good(page)
