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
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error as PlaywrightError,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from tests.support.evidence import keep
from tests.support.waiting import NEVER

ROOT = Path(__file__).resolve().parents[2]
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

# A live stream that never opens, as on a very slow line. (A route that holds it would do as well, but Chromium keeps
# no files where a route may answer for them, and every page would be loaded whole.)
_SILENCE = """
const Stream = window.EventSource;
window.EventSource = class extends EventTarget {
  constructor(url, options) {
    if (!new URL(url, location.href).pathname.startsWith("/console/live/")) return new Stream(url, options);
    super();
    this.url = url;
    this.readyState = 0;
  }
  close() { this.readyState = 2; }
};
Object.assign(window.EventSource, { CONNECTING: 0, OPEN: 1, CLOSED: 2 });
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


_path = cache(find_chromium)


def _missing(what: str) -> None:
    """Skips, saying why; in CI a browser test is never skipped."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="module")
def chromium() -> Iterator[None]:
    """There is one, and the files of the pages are built."""
    path = _path()
    if path is None:
        _missing(
            "No Chromium on this machine: install Debian's «chromium», or «playwright install chromium»."
        )
    if not ASSETS.exists() or not AXE.exists():
        _missing("The browser's files are not built: run «npm ci && npm run build».")
    expect.set_options(timeout=NEVER * 1000)
    with _files_may_be_kept():
        yield


@contextlib.contextmanager
def _files_may_be_kept() -> Iterator[None]:
    """The tests' server lets a browser keep static files, as the real one does."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    serve = StaticFilesHandler.serve

    def to_keep(self: Any, request: Any) -> Any:
        response = serve(self, request)
        response["Cache-Control"] = "max-age=3600, immutable"
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", to_keep)
        yield


def _launched(path: str) -> Browser:
    """One for all files of browser tests that follow one another; ``close()`` ends it.

    A browser that died meanwhile (of want of memory, say) is replaced.
    """
    if not _at_work:
        # Playwright keeps an event loop in this thread; Django would refuse its ORM there, though nothing is shared.
        os.environ[_UNSAFE] = "true"
        _at_work.append(sync_playwright().start())
    if path not in _running or not _running[path].is_connected():
        _running[path] = _at_work[0].chromium.launch(executable_path=path, args=_FLAGS)
    return _running[path]


_UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"
_at_work: list[Playwright] = []
_running: dict[str, Browser] = {}  # by its path


@atexit.register
def close() -> None:
    """End the browser, if one runs: Playwright's event loop and that of an asyncio test do not mix in one thread."""
    if _at_work:
        _at_rest.clear()
        _running.clear()
        _at_work.pop().stop()
        del os.environ[_UNSAFE]


def evidence(test: str) -> list[str]:
    """What the open pages show (``evidence.py``); nothing where no browser runs."""
    return [line for browser in _running.values() if browser.is_connected() for line in keep(browser, test)]


def watched(context: BrowserContext, origin: str) -> Page:
    """A page that remembers what it may not do: violations of the policy, errors, requests to other servers."""
    page = context.new_page()
    page.set_default_timeout(NEVER * 1000)
    page.add_init_script(_WATCH)
    _forget(page, origin)
    page.on("request", _note_request)
    page.on("pageerror", lambda error: page.errors.append(str(error)))  # type: ignore[attr-defined]  # set by _forget()
    page.on(
        "console",
        lambda message: page.errors.append(message.text) if message.type == "error" else None,  # type: ignore[attr-defined]  # as above
    )
    return page


def _forget(page: Page, origin: str) -> None:
    page.origin = origin  # type: ignore[attr-defined]  # read by _note_request()
    page.strangers = []  # type: ignore[attr-defined]  # read by assert_good(), as the next
    page.errors = []  # type: ignore[attr-defined]


def _note_request(request: Request) -> None:
    page = request.frame.page
    if not request.url.startswith((page.origin, "data:", "blob:")):  # type: ignore[attr-defined]  # set by _forget()
        page.strangers.append(request.url)  # type: ignore[attr-defined]


@pytest.fixture
def visit(chromium: None) -> Iterator[Visiting]:
    """``visit(url, NARROW, sign_in=person, dark=True)``: an open page, of a profile with nobody's cookies and nothing stored.

    The console's live stream stays silent unless asked for with ``live=True``: the tests' threaded server cannot hold
    one open. Tests of the stream start the real processes.
    """
    opened: list[Page] = []

    def open_page(
        url: str, size: Size = WIDE, *, sign_in: Any = None, dark: bool = False, live: bool = False
    ) -> Page:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        page = (None if live else _woken()) or _new_page(origin, live=live)
        opened.append(page)
        _forget(page, origin)
        if sign_in is not None:
            page.context.add_cookies([{**_session_cookie(sign_in), "url": origin}])
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        page.goto(url)
        return page

    yield open_page
    for page in dict.fromkeys(opened):
        rest(page)


_at_rest: list[Page] = []
"""Pages of earlier tests, emptied: a new process for each page would cost Chromium more than all that a test does."""

# What a test hangs on its page cannot be taken off again: such a page is not used a second time.
_LASTING = ("on", "once", "add_init_script", "expose_function", "expose_binding")
_NO_DATABASES = (
    "indexedDB.databases().then((all) => all.forEach(({ name }) => indexedDB.deleteDatabase(name)))"
)
# A page of the same origin that runs nothing and asks for nothing, not even an icon.
_NOTHING = '<!doctype html><html lang="it"><title>-</title><link rel="icon" href="data:,">'


def _woken() -> Page | None:
    """A page at rest. One whose process crashed or that was closed meanwhile, alone or with its browser, is thrown away."""
    while _at_rest:
        page = _at_rest.pop()
        try:
            page.evaluate("1")
        except PlaywrightError:
            _throw_away(page)
        else:
            return page
    return None


def _throw_away(page: Page) -> None:
    with contextlib.suppress(PlaywrightError):  # it went with its browser
        page.context.close()


def new_context() -> BrowserContext:
    """A new profile in the run's one browser; the pages of other tests rest in others of its profiles."""
    browser = _launched(_path() or "")
    try:
        return browser.new_context(locale="it-IT", timezone_id="Europe/Rome", reduced_motion="reduce")
    except PlaywrightError:
        if browser.is_connected():
            raise
    return new_context()  # Playwright hears of a browser's death no earlier than it asks something of it


def _new_page(origin: str, *, live: bool) -> Page:
    page = watched(new_context(), origin)
    if not live:
        page.add_init_script(_SILENCE)
    page.lasting = live  # type: ignore[attr-defined]  # read by _rested()
    for name in _LASTING:
        setattr(page, name, _that_lasts(page, getattr(page, name)))
    return page


def _that_lasts(page: Page, method: Callable[..., Any]) -> Callable[..., Any]:
    def called(*given: Any, **named: Any) -> Any:
        page.lasting = True  # type: ignore[attr-defined]  # as above
        return method(*given, **named)

    return called


def rest(page: Page) -> None:
    """The next test may have it; where that cannot be, nobody."""
    if _rested(page):
        _at_rest.append(page)
    else:
        _throw_away(page)


def _rested(page: Page) -> bool:
    """Empty a page and its profile for the next test; False where that cannot be."""
    context, origin = page.context, page.origin  # type: ignore[attr-defined]  # set by _forget()
    if page.lasting or page.is_closed() or context.pages != [page]:  # type: ignore[attr-defined]
        return False
    try:
        context.unroute_all()
        page.unroute_all()
        context.set_offline(False)
        context.clear_cookies()
        page.route(f"{origin}/nothing", lambda route: route.fulfill(content_type="text/html", body=_NOTHING))
        page.goto(f"{origin}/nothing")
        page.unroute_all()
        page.evaluate("sessionStorage.clear(), localStorage.clear()")
        page.evaluate(_NO_DATABASES)
        page.mouse.move(-1, -1)
    except PlaywrightError:
        return False
    return True


def _session_cookie(person: Any) -> Any:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person, backend="arengo.accounts.backend.StaffBackend")
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


def axe(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.1 AA, one line each: rule, help, the elements.

    Of a page that has come to rest: what fades in has another contrast on its way, and on a loaded machine the way is
    long. What is found is looked at again until it is gone, or has stayed for ``_SETTLES`` seconds.
    """
    if not page.evaluate(_TAKE_AXE):
        page.evaluate(_axe_source())
        # From its next document on the page has it at hand: half a megabyte is long on its way.
        Page.add_init_script(page, f"window.takeAxe = () => {{{_axe_source()}\n}};")
    deadline = time.monotonic() + _SETTLES
    while True:
        page.evaluate(_AT_REST)
        found: list[str] = page.evaluate(_FIND)
        if not found or time.monotonic() > deadline:
            return found


@cache
def _axe_source() -> str:
    return AXE.read_text()


_TAKE_AXE = "window.axe || window.takeAxe?.(), 'axe' in window"
_SETTLES = 10.0
# Animations without an end are no way to anywhere.
_AT_REST = """async () => {
  const moving = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime ?? Infinity));
  const late = new Promise((resolve) => setTimeout(resolve, 5000)); // of a page that is not drawn they never end
  await Promise.race([Promise.allSettled(moving.map((one) => one.finished)), late]);
}"""
# Of what is in order only the count is wanted: axe does not describe it, and only the lines travel to the test.
_FIND = """async () => {
  const result = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    resultTypes: ["violations"],
  });
  return result.violations.map((found) =>
    `${found.id}: ${found.help}: ${JSON.stringify(found.nodes.map((node) => node.target))}`);
}"""


def shades(page: Page) -> Iterator[str]:
    """``for shade in shades(page):`` the page in the dark and in the light, in which it stays; how pictures are named.

    Only colours differ: a page need not be loaded for each. What is written and opened on it stays.
    """
    both: tuple[Literal["dark", "light"], ...] = ("dark", "light")
    for shade in both:
        page.emulate_media(color_scheme=shade)
        yield shade


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
