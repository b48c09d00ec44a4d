# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lines of a memo are written and moved: by buttons, by keys, by drag."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from arengo.core.models import Organization
from arengo.newsroom.models import Update
from tests.support.browser_kit import WIDE, WIDTHS, Size
from tests.support.in_browser import good, illustrate, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_LINES = ("Sagra in piazza", "Mercato dei produttori", "Manca l’acqua in via Verdi")


def fill(page: Page) -> None:
    page.get_by_label("Titolo").fill("Questa settimana")
    for number, line in enumerate(_LINES, start=1):
        page.locator(f"#id_text_{number}").fill(line)
        page.locator(f"#id_url_{number}").fill(f"https://www.comune.example.it/{number}")


def lines(page: Page) -> list[str]:
    return [page.locator(f"#id_text_{number}").input_value() for number in (1, 2, 3, 4)]


@pytest.mark.parametrize("size", WIDTHS)
def test_a_memo_is_written_and_shown_as_it_will_look(
    town: Organization, open_newsroom: Callable[..., Page], size: Size
) -> None:
    page = open_newsroom("nuovo/", size)
    page.get_by_role("link", name="Notizie flash").click()
    expect(page.get_by_role("link", name="Notizie flash")).to_have_attribute("aria-current", "page")
    fill(page)
    phone = page.get_by_role("group", name="Anteprima sul telefono")
    expect(phone).to_contain_text("📅 Sagra in piazza 👉 https://www.comune.example.it/1")
    expect(phone).to_contain_text("ℹ️ Manca l’acqua in via Verdi")
    good(page)
    keep(page, f"digest-editor-{size[0]}")
    if size == WIDE:
        page.evaluate("scrollTo(0, 0)")
        illustrate(page, "redazione-notizie-flash")


def test_lines_move_and_the_focus_goes_along(town: Organization, open_newsroom: Callable[..., Page]) -> None:
    page = open_newsroom("nuovo/?tipo=digest", WIDE)
    fill(page)
    first, second, third = _LINES
    page.get_by_role("button", name="Sposta giù: Notizia 1").click()
    assert lines(page)[:3] == [second, first, third]
    expect(page.get_by_role("button", name="Sposta giù: Notizia 2")).to_be_focused()
    expect(page.locator("#live-region")).to_have_text("Notizia 1 ora al posto 2.")
    page.keyboard.press("Enter")
    assert lines(page)[:3] == [second, third, first]
    page.locator("#id_text_3").focus()
    page.keyboard.press("Alt+ArrowUp")
    assert lines(page)[:3] == [second, first, third]
    expect(page.locator("#id_text_2")).to_be_focused()
    page.locator("legend", has_text="Notizia 2").drag_to(page.locator("#id_text_1"))
    assert lines(page)[:3] == [first, second, third]
    assert not Update.objects.exists(), "nothing is saved by a move"
    page.get_by_role("button", name="Salva la bozza").last.click()
    page.get_by_text("Bozza salvata.").wait_for()
    assert [item.text for item in Update.objects.get().items.all()] == [first, second, third]


def test_enter_goes_to_the_next_line_and_in_the_title_it_saves(
    town: Organization, open_newsroom: Callable[..., Page]
) -> None:
    page = open_newsroom("nuovo/?tipo=digest", WIDE)
    page.locator("#id_text_1").fill("Sagra")
    page.locator("#id_text_1").press("Enter")
    expect(page.locator("#id_text_2")).to_be_focused()
    assert lines(page)[0] == "Sagra"
    page.locator("#id_text_4").press("Enter")
    assert lines(page)[3] == ""
    page.get_by_label("Titolo").fill("Questa settimana")
    page.get_by_label("Titolo").press("Enter")
    page.get_by_text("Bozza salvata").first.wait_for()
    assert [item.text for item in Update.objects.get().items.all()] == ["Sagra"]
