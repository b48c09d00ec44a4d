# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation is read when its newest message was on a screen, and what came later is not."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.desk.models import Conversation
from tests.desk.road import Writes, jobs, page_of
from tests.factories.desk import said
from tests.support.browser_kit import NARROW, WIDE, Size, Visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_HIDDEN = """Object.defineProperty(document, "visibilityState", {configurable: true, get: () => window.__seen ?? "hidden"})"""


def opened(visit: Visiting, live_server: LiveServer, person: Person, path: str, size: Size = WIDE) -> Page:
    return visit(f"{live_server.url}{path}", size, sign_in=person)


def unread(conversation: Conversation) -> int:
    conversation.refresh_from_db()
    return conversation.unread


def ticks(conversation: Conversation) -> list[int]:
    """The messages that the platform is asked to show as read; jobs of other tests lie in the same table."""
    own = conversation.organization_id
    return [job["message_id"] for job in jobs("desk.mark_read") if job["organization_id"] == own]


def comes(page: Page, conversation: Conversation) -> None:
    """The live stream tells this page that something came."""
    page.evaluate(f"htmx.trigger('#conversation', 'sse:conversation:{conversation.pk}')")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_what_is_opened_is_read_once(
    visit: Visiting, live_server: LiveServer, olga: Person, conversation: Conversation, size: Size
) -> None:
    page = opened(visit, live_server, olga, page_of(conversation), size)
    expect(page.locator("#seen-form")).to_have_count(0)
    assert unread(conversation) == 0
    page.reload()
    page.wait_for_load_state("networkidle")
    assert ticks(conversation) == [conversation.messages.get().pk]


def test_from_the_list_and_back_again(
    visit: Visiting,
    live_server: LiveServer,
    olga: Person,
    conversation: Conversation,
    write: Writes,
    anna: Identity,
) -> None:
    page = opened(visit, live_server, olga, "/console/sportello/")
    assert unread(conversation) == 1
    page.locator("a.desk-row").click()
    expect(page.locator("#conversation")).to_be_visible()
    expect(page.locator("#seen-form")).to_have_count(0)
    assert unread(conversation) == 0
    page.go_back()
    expect(page.locator("#conversation")).to_have_count(0)
    write(said(anna, "E il sabato?"))
    page.go_forward()
    expect(page.locator("#messages").get_by_text("E il sabato?")).to_be_visible()
    expect(page.locator("#seen-form")).to_have_count(0)
    assert unread(conversation) == 0


def test_a_page_that_nobody_sees_reads_nothing_until_somebody_does(
    visit: Visiting, live_server: LiveServer, olga: Person, conversation: Conversation
) -> None:
    """Prefetched, restored in the background, in another tab."""
    page = opened(visit, live_server, olga, "/console/sportello/")
    page.add_init_script(_HIDDEN)
    page.goto(f"{live_server.url}{page_of(conversation)}")
    page.wait_for_load_state("networkidle")
    assert unread(conversation) == 1
    page.evaluate("window.__seen = 'visible'; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#seen-form")).to_have_count(0)
    assert unread(conversation) == 0


def test_who_reads_further_up_has_not_read_what_came_below(
    visit: Visiting, live_server: LiveServer, olga: Person, write: Writes, anna: Identity
) -> None:
    write(*(said(anna, f"Riga {number}") for number in range(40)))
    conversation = Conversation.objects.get()
    page = opened(visit, live_server, olga, page_of(conversation))
    expect(page.locator("#seen-form")).to_have_count(1)  # it opened at the first of them
    page.evaluate("document.getElementById('thread').scrollTop = 1e6")
    expect(page.locator("#seen-form")).to_have_count(0)
    page.evaluate("document.getElementById('thread').scrollTop = 0")
    write(said(anna, "Ancora io"))
    comes(page, conversation)
    expect(page.locator("#jump")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert unread(conversation) == 1
    page.locator("#jump").click()
    expect(page.locator("#seen-form")).to_have_count(0)
    assert unread(conversation) == 0


def test_what_comes_while_it_is_said_is_said_by_itself(
    visit: Visiting,
    live_server: LiveServer,
    olga: Person,
    conversation: Conversation,
    write: Writes,
    anna: Identity,
) -> None:
    """The page showed one message; the second came before its word reached the server."""
    first = conversation.messages.get()
    page = opened(visit, live_server, olga, "/console/sportello/")
    with page.expect_request("**/visto/**") as asked:
        page.route("**/visto/**", lambda route: None)  # on its way
        page.locator("a.desk-row").click()
    write(said(anna, "E il sabato?"))
    page.unroute("**/visto/**")
    page.request.post(
        asked.value.url, data=asked.value.post_data, headers=asked.value.headers
    )  # it arrives late
    assert unread(conversation) == 1
    assert ticks(conversation) == [first.pk]


def test_what_was_read_without_a_network_is_said_when_it_is_back(
    visit: Visiting, live_server: LiveServer, olga: Person, conversation: Conversation
) -> None:
    page = opened(visit, live_server, olga, "/console/sportello/")
    page.route("**/visto/**", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "/visto/" in request.url):
        page.locator("a.desk-row").click()
    assert unread(conversation) == 1
    page.unroute("**/visto/**")
    expect(page.locator("#seen-form")).to_have_count(0)
    assert unread(conversation) == 0


def test_what_was_read_when_the_session_was_over_is_said_after_the_next_sign_in(
    visit: Visiting, live_server: LiveServer, olga: Person, conversation: Conversation
) -> None:
    page = opened(visit, live_server, olga, "/console/sportello/")
    page.route("**/visto/**", lambda route: route.fulfill(status=401))
    with page.expect_response("**/visto/**"):
        page.locator("a.desk-row").click()
    expect(page.locator("#seen-form")).to_have_count(1)
    assert unread(conversation) == 1
    page.unroute("**/visto/**")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # back from the sign-in's tab
    expect(page.locator("#seen-form")).to_have_count(0)
    assert unread(conversation) == 0


def test_who_only_reads_gives_no_blue_ticks(
    visit: Visiting, live_server: LiveServer, rita: Person, conversation: Conversation
) -> None:
    page = opened(visit, live_server, rita, page_of(conversation))
    page.wait_for_load_state("networkidle")
    expect(page.locator("#seen-form")).to_have_count(0)
    assert unread(conversation) == 1
    assert ticks(conversation) == []


def test_in_two_tabs_it_is_read_once_and_the_list_of_the_other_follows(
    visit: Visiting, live_server: LiveServer, olga: Person, bea: Person, conversation: Conversation
) -> None:
    other = opened(visit, live_server, bea, "/console/sportello/")
    expect(other.locator(".desk-name-new")).to_have_count(1)
    page = opened(visit, live_server, olga, page_of(conversation))
    expect(page.locator("#seen-form")).to_have_count(0)
    second = page.context.new_page()
    second.goto(f"{live_server.url}{page_of(conversation)}")
    second.wait_for_load_state("networkidle")
    assert len(ticks(conversation)) == 1
    other.evaluate("htmx.trigger('#inbox', 'sse:inbox')")
    expect(other.locator(".desk-name-new")).to_have_count(0)
