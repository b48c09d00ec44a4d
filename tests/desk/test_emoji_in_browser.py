# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The emoji of the composer: searched by Italian words, moved through by keys, inserted at the cursor."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.desk.models import Conversation
from tests.desk.road import Writes
from tests.factories.desk import said
from tests.support.browser_kit import NARROW, WIDE, Visiting, assert_good, shades

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFERED = "emoji-picker .tabpanel .emoji"
WORDS = "Risposta al cittadino"


@pytest.fixture
def address(live_server: LiveServer, write: Writes, anna: Identity) -> str:
    write(said(anna, "Buongiorno, a che ora apre l'anagrafe?"))
    return f"{live_server.url}/console/sportello/{Conversation.objects.get(identity=anna).pk}/"


def open_picker(page: Page) -> None:
    page.locator("#emoji > summary").press("Enter")
    expect(page.locator("emoji-picker").get_by_role("combobox", name="Cerca")).to_be_focused()


def test_an_emoji_is_found_by_its_italian_name_and_lands_at_the_cursor(
    visit: Visiting, address: str, olga: Person
) -> None:
    asked: list[str] = []
    page = visit(address, WIDE, sign_in=olga)
    page.on("request", lambda request: asked.append(request.url) if "emoji" in request.url else None)
    box = page.get_by_label(WORDS)
    box.fill("A domani!")
    box.evaluate("box => box.setSelectionRange(8, 8)")
    assert [url for url in asked if "picker" in url] == []
    open_picker(page)
    page.keyboard.type("pollice in su")
    expect(page.locator(OFFERED)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("A domani👍\ufe0f!")
    expect(box).to_be_focused()
    assert box.evaluate("box => box.value.slice(box.selectionStart)") == "!"
    expect(page.locator("#live-region")).to_have_text("Inserita: pollice in su")
    expect(page.locator("emoji-picker")).to_be_hidden()


def test_each_group_of_emoji_is_one_stop_and_the_arrows_move_inside(
    visit: Visiting, address: str, olga: Person
) -> None:
    page = visit(address, WIDE, sign_in=olga)
    open_picker(page)
    expect(page.locator(OFFERED).first).to_be_visible()
    assert page.locator(f"{OFFERED}[tabindex='0']").count() == 1
    page.locator(OFFERED).first.focus()
    for key, place in (
        ("ArrowRight", 1),
        ("ArrowDown", 8),
        ("ArrowUp", 1),
        ("ArrowLeft", 0),
        ("ArrowLeft", 0),
    ):
        page.keyboard.press(key)
        expect(page.locator(OFFERED).nth(place)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#emoji > summary")).to_be_focused()
    expect(page.locator("#conversation")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_picker_fits_and_is_readable_in_both_lights(
    visit: Visiting, address: str, olga: Person, size: tuple[int, int]
) -> None:
    page = visit(address, size, sign_in=olga)
    open_picker(page)
    expect(page.locator(OFFERED).first).to_be_visible()
    for _shade in shades(page):
        assert_good(page)
    around = page.locator("#emoji-place").bounding_box()
    assert around is not None
    assert around["x"] >= 0
    assert around["y"] >= 0
    assert around["x"] + around["width"] <= size[0]
    smallest = page.locator(OFFERED).first.bounding_box()
    assert smallest is not None
    assert min(smallest["width"], smallest["height"]) >= 44


def test_where_the_picker_cannot_load_the_few_are_there(visit: Visiting, address: str, olga: Person) -> None:
    page = visit(address, WIDE, sign_in=olga)
    page.route("**/emoji/picker*.js", lambda route: route.abort())
    page.locator("#emoji > summary").click()
    expect(page.locator("#emoji-place")).to_contain_text("L’elenco intero non si carica")
    page.locator("#emoji-place").get_by_role("button", name="👍").click()
    expect(page.get_by_label(WORDS)).to_have_value("👍")
