# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page or a browser that dies costs the test in which it dies, and none after it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Error as PlaywrightError, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser_kit import NARROW, Visiting, rest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def crash(page: Page) -> None:
    with contextlib.suppress(PlaywrightError):
        page.goto("chrome://crash")


def close(page: Page) -> None:
    page.close()


def kill_the_browser(page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    with contextlib.suppress(PlaywrightError):
        browser.new_browser_cdp_session().send("Browser.crash")


@pytest.mark.parametrize("die", [crash, close, kill_the_browser])
def test_what_died_at_rest_is_replaced(
    visit: Visiting, live_server: LiveServer, die: Callable[[Page], None]
) -> None:
    resting = visit(f"{live_server.url}/")
    rest(resting)
    die(resting)
    page = visit(f"{live_server.url}/", NARROW, dark=True)
    assert page is not resting
    expect(page.get_by_role("main")).to_be_visible()
    assert page.viewport_size == {"width": NARROW[0], "height": NARROW[1]}


def test_a_page_at_rest_that_lives_is_used_again(visit: Visiting, live_server: LiveServer) -> None:
    resting = visit(f"{live_server.url}/")
    rest(resting)
    assert visit(f"{live_server.url}/") is resting
