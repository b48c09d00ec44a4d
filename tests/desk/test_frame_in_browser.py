# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's frame: the page itself never scrolls, and inside a conversation the room belongs to the conversation."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.desk import handling
from arengo.desk.models import Attachment, Conversation, Desk
from tests.desk.busy import arrived, busy, open_desk
from tests.desk.road import Writes
from tests.factories.desk import photo_said, said
from tests.support.browser_kit import Visiting, assert_good
from tests.support.waiting import until

__all__ = ["busy"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Width and height in CSS pixels: a desk, a small one, 1280 × 900 at 200 %, a phone, a phone lying, 1080p at 200 %.
_SIZES = [(1280, 900), (1440, 760), (640, 450), (360, 740), (740, 360), (960, 540), (320, 568)]


def _page_scrolls(page: Page) -> int:
    """By how many pixels the page is longer than its window."""
    found: int = page.evaluate(
        "() => new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(() =>"
        " tell(document.documentElement.scrollHeight - innerHeight))))"
    )
    return found


def test_the_page_never_scrolls_into_nothing(
    visit: Visiting, live_server: LiveServer, olga: Person, anna: Identity, write: Writes
) -> None:
    write(*(photo_said(anna, f"Foto {number}") for number in range(30)))
    write(said(anna, "Ecco tutto, dal " + timezone.localdate().isoformat()))
    for attachment in Attachment.objects.all():
        arrived(attachment)
    conversation = Conversation.objects.get()
    for path in ("", f"{conversation.pk}/"):
        page = open_desk(visit, live_server, olga, path)
        page.wait_for_load_state("networkidle")
        for width, height in _SIZES:
            page.set_viewport_size({"width": width, "height": height})
            # A busy browser draws the new size a little later.
            until(lambda: _page_scrolls(page) == 0, f"{path} {width} × {height}: a page that stands still")  # noqa: B023  # at once


def test_until_when_one_may_answer_is_read_at_every_width(
    visit: Visiting, live_server: LiveServer, olga: Person, bea: Person, busy: Conversation
) -> None:
    """Beside the longest that stands there: another desk, and a colleague's name."""
    Desk.objects.create(name="Polizia locale", slug="polizia-locale")
    handling.assign(busy, to=bea, by=olga)
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    for width, height in ((1280, 900), (1024, 768), (640, 450), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        until(lambda: _page_scrolls(page) == 0)
        deadline, actions, facts, thread = (
            page.locator(each).bounding_box()
            for each in (".desk-fact-deadline", "#actions", "#facts", "#thread")
        )
        assert deadline is not None
        assert actions is not None
        assert facts is not None
        assert thread is not None
        assert deadline["x"] + deadline["width"] <= actions["x"] + 1, width
        assert deadline["y"] + deadline["height"] <= facts["y"] + facts["height"] + 1, width
        assert width > 700 or thread["y"] <= 64, width


def test_inside_a_conversation_header_tabs_and_footer_go_where_room_is_short(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/")
    around = [page.locator(one) for one in (".console-header", ".console-tabs", ".console-footer")]
    for part in around:
        expect(part).to_be_visible()
    for width, height in ((360, 740), (640, 450), (960, 540), (740, 360)):
        page.set_viewport_size({"width": width, "height": height})
        for part in around:
            expect(part).to_be_hidden()
        expect(page.locator("#back")).to_be_visible()
        expect(page.get_by_label("Risposta al cittadino")).to_be_in_viewport(ratio=1)
        top = page.evaluate("document.getElementById('thread').getBoundingClientRect().top")
        assert top <= 64, (width, height)
    page.set_viewport_size({"width": 640, "height": 450})
    assert_good(page)
    page.locator("#back").click()
    for part in around[:2]:
        expect(part).to_be_visible()
