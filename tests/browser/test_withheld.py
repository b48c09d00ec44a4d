# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dopo un ripristino, in a browser: what waits is read, and decided by one press after one question."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Fanout, Sender
from arengo.delivery.queue import outbox
from arengo.platforms.contract import Address, Text
from tests.factories.delivery import mailing
from tests.factories.timeline import restore, watched
from tests.support.browser_kit import WIDTHS, Size, Visiting, assert_good
from tests.support.in_browser import keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/console/impostazioni/ripristino/"


@pytest.fixture
def back(esempio: Organization, sender: Sender, tmp_path: Path) -> Fanout:
    people = [Address(phone=f"+3933300000{number:02}") for number in range(12)]
    with organization_scope(esempio):
        folder_note = watched(tmp_path)
        fanout = mailing(sender, people, topic="")
        outbox.enqueue(sender, people[0], Text("Buongiorno"))
        restore(folder_note)
    return fanout


@pytest.mark.parametrize("size", WIDTHS)
def test_what_waits_is_decided_by_one_press_after_one_question(
    back: Fanout, alice: Person, live_server: LiveServer, visit: Visiting, size: Size
) -> None:
    page = visit(f"{live_server.url}{PAGE}", size, sign_in=alice)
    assert_good(page)
    keep(page, f"withheld-{size[0]}")
    mailing = page.locator("[data-mailing]")
    mailing.get_by_role("button", name="Invia a chi aspetta").click()
    question = page.locator("dialog[open]")
    expect(question).to_contain_text("lo riceve una seconda volta")
    assert_good(page)
    keep(page, f"withheld-question-{size[0]}")
    question.get_by_role("button", name="Invia a chi aspetta").click()
    expect(page.get_by_text("12 messaggi ripartono.")).to_be_visible()
    page.locator("[data-singles]").get_by_role("button", name="Non inviare").click()
    page.locator("dialog[open]").get_by_role("button", name="Non inviare").click()
    expect(page.get_by_text("Niente di ciò che era in coda")).to_be_visible()
    assert_good(page)
    keep(page, f"withheld-done-{size[0]}")
