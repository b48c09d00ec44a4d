# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real Chromium for tests: found or skipped with a reason (in CI never skipped), and what every page must pass.

``tests/browser/conftest.py`` makes the fixtures known there::

    def test_home(visit: Visiting, live_server: LiveServer) -> None:
        page = visit(f"{live_server.url}/", NARROW)
        assert_good(page)
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error as PlaywrightError,
    Page,
    Route,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ASSETS = ROOT / "build" / "static" / "arengo" / "arengo.css"

WIDE = (1280, 900)
NARROW = (360, 740)
WIDTHS = [pytest.param(WIDE, id="1280"), pytest.param(NARROW, id="360")]

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Runs before the page's own scripts, also after a navigation.
_WATCH = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.__violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

Size = tuple[int, int]
Visiting = Callable[..., Page]


def find_chromium() -> str | None:
    """The system's Chromium or the one that Playwright installed; ``ARENGO_CHROMIUM`` names another."""
    named = os.environ.get("ARENGO_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if named:
        return named
    with sync_playwright() as playwright:
        bundled = playwright.chromium.executable_path
    return bundled if Path(bundled).exists() else None


def _missing(what: str) -> None:
    """Skips, saying why; in CI a browser test is never skipped."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium() -> Browser:
    path = find_chromium()
    if path is None:
        _missing(
            "No Chromium on this machine: install Debian's «chromium», or «playwright install chromium»."
        )
    if not ASSETS.exists() or not AXE.exists():
        _missing("The browser's files are not built: run «npm ci && npm run build».")
    return _launched(path)


@cache
def _launched(path: str) -> Browser:
    """One for the whole run: each folder that imports the fixture has one of its own, Playwright only one loop."""
    # Playwright keeps an event loop in this thread; Django would refuse its ORM there, though nothing is shared.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright.chromium.launch(executable_path=path, args=_FLAGS)


def watched(context: BrowserContext, origin: str) -> Page:
    """A page that remembers what it may not do: violations of the policy, errors, requests to other servers."""
    context.add_init_script(_WATCH)
    page = context.new_page()
    strangers: list[str] = []
    errors: list[str] = []
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((origin, "data:", "blob:")) else strangers.append(request.url)
        ),
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.strangers = strangers  # type: ignore[attr-defined]  # read by assert_good
    page.errors = errors  # type: ignore[attr-defined]
    return page


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visiting]:
    """``visit(url, NARROW, sign_in=person, dark=True)``: an open page, closed at the end of the test.

    The live stream stays silent: the tests' threaded server cannot hold one open. Tests of the stream start the
    real processes.
    """
    contexts: list[BrowserContext] = []
    silent: list[Route] = []

    def open_page(url: str, size: Size = WIDE, *, sign_in: Any = None, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="it-IT",
            timezone_id="Europe/Rome",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if sign_in is not None:
            context.add_cookies([{**_session_cookie(sign_in), "url": origin}])
        page = watched(context, origin)
        page.route("**/console/live/**", lambda route: silent.append(route))
        page.goto(url)
        return page

    yield open_page
    for stream in silent:  # held until now; left unanswered they would be reported as unfinished
        with contextlib.suppress(PlaywrightError):
            stream.abort()
    for context in contexts:
        context.close()


def _session_cookie(person: Any) -> Any:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


def axe(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.1 AA, one line each: rule, help, the elements."""
    page.evaluate(AXE.read_text())
    result = page.evaluate(
        """() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})"""
    )
    return [
        f"{found['id']}: {found['help']}: {[node['target'] for node in found['nodes']]}"
        for found in result["violations"]
    ]


def assert_no_sideways_scroll(page: Page) -> None:
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1], f"The page is {widths[0]} px wide in a window of {widths[1]} px."


def assert_no_csp_violations(page: Page) -> None:
    assert page.evaluate("window.__violations") == []
    refused = [error for error in page.errors if "Content Security Policy" in error]  # type: ignore[attr-defined]
    assert refused == []


def assert_good(page: Page) -> None:
    """What every page of ours must be: readable by all, within its policy, asking no other server, no errors."""
    assert axe(page) == []
    assert_no_sideways_scroll(page)
    assert_no_csp_violations(page)
    assert page.strangers == []  # type: ignore[attr-defined]  # set by watched()
    assert page.errors == []  # type: ignore[attr-defined]
