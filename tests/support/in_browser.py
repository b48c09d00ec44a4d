# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What browser tests do over and over: sign in and out, keep a picture of a page, ask whether it is good."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from arengo.core.models import Person
from tests.factories.core import PASSWORD
from tests.support.browser_kit import assert_good

LARGEST_PICTURE = 150_000  # bytes: people read the manual over slow lines too


def illustrate(page: Page, name: str) -> None:
    """Takes the picture ``docs/images/<name>.png`` of the manual. Kept in the folder that ``ARENGO_PICTURES`` names, if one is."""
    with Image.open(BytesIO(page.screenshot(animations="disabled"))) as shown:
        drawn = shown.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    written = BytesIO()
    drawn.save(written, "PNG", optimize=True)
    assert len(written.getvalue()) < LARGEST_PICTURE, name
    if folder := os.environ.get("ARENGO_PICTURES"):
        (Path(folder) / f"{name}.png").write_bytes(written.getvalue())


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
