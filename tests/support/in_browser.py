# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What browser tests do over and over: sign in and out, keep a picture of a page, ask whether it is good."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from arengo.core.models import Person
from tests.factories.core import PASSWORD
from tests.support.browser_kit import assert_good


def keep(page: Page, name: str, *, full_page: bool = True) -> None:
    """A picture of the page for people to look at, when a folder for them is named."""
    if folder := os.environ.get("ARENGO_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=full_page)


def good(page: Page) -> None:
    """As every page; but for what htmx says of the live stream, which some tests cut off (see the kit)."""
    page.errors[:] = [error for error in page.errors if error != "[object Event]"]  # type: ignore[attr-defined]  # set by the kit
    assert_good(page)


def sign_in(page: Page, person: Person, address: str) -> None:
    """By the sign-in page, to which ``address`` leads who is not signed in; then there."""
    page.goto(address)
    page.locator("[name=login]").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Accedi").click()
    expect(page.locator(".console-tools details.menu summary")).to_contain_text(person.get_short_name())
    page.goto(address)


def sign_out(page: Page) -> None:
    page.locator(".console-tools details.menu summary").click()
    page.get_by_role("button", name="Esci").click()
    expect(page.get_by_role("heading", name="Accedi")).to_be_visible()


def stored(page: Page) -> str:
    """All that the page keeps in this browser, as JSON."""
    text: str = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    return text
