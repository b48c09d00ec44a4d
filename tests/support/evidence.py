# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the browser showed when a test failed: a picture and the document of each open page, in ``build/failures/``."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Error as PlaywrightError, Page

FOLDER = Path(__file__).resolve().parents[2] / "build" / "failures"
_MOST_PAGES = 8
_PATIENCE = 10_000.0  # ms
# What a person has typed or chosen stands in no attribute; scripts that run tell by their errors only.
_FIELDS = """() => [...document.querySelectorAll("input, textarea, select")].map((one) =>
  `${one.id || one.name}=${one.type === "password" ? "…" : one.value}`).join("\\n")"""


def keep(browser: Browser, test: str) -> list[str]:
    """One line for each page that is open: where its picture lies, its address, its errors. Pages that cannot tell are left out."""
    lines = []
    pages = [page for context in browser.contexts for page in context.pages]
    shown = [page for page in pages if page.url != "about:blank" and not page.url.endswith("/nothing")]
    for number, page in enumerate(shown[:_MOST_PAGES]):
        name = FOLDER / f"{re.sub(r'[^a-z0-9]+', '-', test.lower())[:100]}-{number}"
        try:
            lines.append(_kept(page, name))
        except (PlaywrightError, OSError) as error:
            lines.append(f"{page.url}: {error}")
    return lines


def _kept(page: Page, name: Path) -> str:
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=name.with_suffix(".png"), timeout=_PATIENCE)
    fields = page.evaluate(_FIELDS)
    name.with_suffix(".html").write_text(f"{page.content()}\n<!-- fields\n{fields}\n-->\n")
    errors = "; ".join(getattr(page, "errors", [])) or "no errors"
    return f"{name.with_suffix('.png')}: {page.url}: {errors}"
