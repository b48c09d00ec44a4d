# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The running demo, and browsers that look at it: staff, phones, the public."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.cli.commands import free_ports
from tests.support.browser_kit import new_context, watched
from tests.support.demo import Demo
from tests.support.ready import make_ready
from tests.support.sandbox_server import SandboxProcess
from tests.support.waiting import NEVER

PASSWORD = "una password di prova"


@dataclass
class World:
    """The running demo and the pages that look at it."""

    site: str
    outside: SandboxProcess
    sessions: dict[str, list[Any]] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(self, origin: str, width: int = 1280) -> Page:
        context = new_context()
        self.contexts.append(context)
        page = watched(context, origin)
        page.set_viewport_size({"width": width, "height": 900})
        return page

    def close_pages(self) -> None:
        """What is left open would go on working beside the next test. The browser's other pages are other tests'."""
        while self.contexts:
            self.contexts.pop().close()

    def sign_in(self, who: str) -> Page:
        """A page of theirs. The first time they sign in; later they still are."""
        page = self.page(self.site)
        if who in self.sessions:
            page.context.add_cookies(self.sessions[who])
            return page
        page.goto(f"{self.site}/console/")
        page.fill("input[name=login]", f"{who}@esempio.invalid")
        page.fill("input[name=password]", PASSWORD)
        page.get_by_role("button", name="Accedi").click()
        page.wait_for_url(re.compile(r"/console/(?!accesso)"))
        self.sessions[who] = page.context.cookies()
        return page

    def phone(self, page: Page, person: str) -> Locator:
        """That person's phone on a page of phones, with the Comune's chat open."""
        if not page.url.endswith("/phones/"):
            page.goto(f"{self.outside.url}/phones/")
        # Phones come one after the other; the page is in line once all are there.
        expect(page.locator("html")).to_have_attribute("data-linked", "true", timeout=NEVER * 1000)
        shown = page.locator(f"[data-testid=phone][data-person={person}]")
        if shown.count() == 0:
            page.get_by_test_id("phone").first.get_by_test_id("who").select_option(person)
        shown.get_by_test_id("contact").click()
        return shown

    def newcomer(self, name: str) -> str:
        """A citizen whom nobody has seen yet."""
        made = self.outside.control("POST", "/people", {"count": 1, "name": name, "automatic": False})
        return str(made["people"][0]["id"])

    def heard(self, person: str) -> list[dict[str, Any]]:
        """What reached that person, oldest first."""
        messages = self.outside.control("GET", f"/people/{person}/messages")["messages"]
        return [message for message in messages if message["direction"] == "out"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, chromium: None) -> Iterator[World]:
    ports = free_ports()
    folder = tmp_path_factory.mktemp("road")
    demo = Demo(
        make_ready(folder / "data"),
        [sys.executable, "-m", "arengo", "demo"],
        {**ports, "ARENGO_DEMO_PASSWORD": PASSWORD},
    )
    try:
        demo.wait_until_ready()
        outside = SandboxProcess(
            f"http://127.0.0.1:{demo.outside}",
            demo.outside,
            process=None,  # type: ignore[arg-type]  # the demo ends it
            environment={},
        )
        outside.account = outside.control("GET", "/account")
        yield World(f"http://127.0.0.1:{demo.site}", outside)
    finally:
        demo.process.terminate()
        demo.process.wait(NEVER)
