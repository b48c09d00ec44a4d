# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A link that an editor pastes becomes an item."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from arengo.core.models import Organization
from tests.support.browser_kit import WIDTHS, Size
from tests.support.in_browser import good, keep
from tests.support.web_site import HTML, Site, says, site

__all__ = ["site"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = """<title>Comune</title><meta property="og:title" content="Viale dei Tigli chiuso fino a venerdì">
<meta property="og:description" content="Deviazione per via Roma."><meta name="date" content="2026-11-26">"""


def paste(page: Page, words: str) -> None:
    page.evaluate(
        """(words) => {
          const box = document.activeElement;
          box.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, clipboardData: new DataTransfer() }));
          box.value = words;
          box.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        words,
    )


def looked_at(page: Page) -> None:
    """A preview that is on its way is taken back by the next one, and htmx says so: not while axe looks."""
    page.wait_for_timeout(700)  # the preview is asked for half a second after the last key
    expect(page.locator("#panel.htmx-request")).to_have_count(0)
    page.errors[:] = [error for error in page.errors if not error.startswith("htmx:")]  # type: ignore[attr-defined]  # set by the kit
    good(page)


@pytest.mark.parametrize("size", WIDTHS)
def test_a_pasted_link_becomes_an_item(
    town: Organization, open_newsroom: Callable[..., Page], site: Site, size: Size
) -> None:
    site.answers = {
        "/tigli": says(200, PAGE.encode(), **HTML),
        "/altro": says(200, b"<h1>Altro</h1>", **HTML),
    }
    page = open_newsroom("nuovo/", size)
    text, link = page.locator("#id_text_1"), page.locator("#id_url_1")
    link.focus()
    paste(page, f"{site.home}/tigli")
    expect(text).to_have_value("Viale dei Tigli chiuso fino a venerdì")
    expect(page.locator("#live-region")).to_contain_text("Riga presa dalla pagina: Viale dei Tigli")
    expect(page.locator("#page-1")).to_contain_text("26 novembre 2026")
    looked_at(page)
    keep(page, f"newsroom-page-read-{size[0]}")

    page.get_by_role("button", name="Usa la descrizione").click()
    expect(text).to_have_value("Deviazione per via Roma.")
    expect(text).to_be_focused()

    link.fill(f"{site.home}/altro")  # what was read was another page's
    expect(page.locator("#page-1")).to_have_text("")
    page.locator("[data-slot]").first.get_by_role("button", name="Leggi la pagina").click()
    expect(page.locator("#page-1")).to_contain_text("Altro")
    expect(text).to_have_value("Deviazione per via Roma.")  # what somebody wrote stays

    link.fill(f"{site.home}/niente")
    page.locator("[data-slot]").first.get_by_role("button", name="Leggi la pagina").click()
    expect(page.locator("#page-1")).to_contain_text("Scrivi tu la riga: il collegamento resta.")
    expect(link).to_have_value(f"{site.home}/niente")
    looked_at(page)
