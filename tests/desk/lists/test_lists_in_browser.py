# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list as an operator works with it: rows that stay, a long list that is scrolled, several closed at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from arengo.desk import handling, replying
from arengo.desk.models import Conversation, Desk
from tests.desk.busy import open_desk
from tests.desk.road import Writes
from tests.factories.audience import citizen
from tests.factories.desk import make_conversation, said
from tests.support.browser_kit import NARROW, WIDE, Size, Visiting, assert_good

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_NAMES = [
    "محمد بن عبد الله المثال",
    "Bruno Campione",
    "Maria Antonietta Supercalifragilistichespiralidosa Campionissimi",
]


@pytest.fixture
def morning(write: Writes, sender: Sender, olga: Person) -> list[Conversation]:
    """Two desks, five people: three wait too long, the longest of them with a shut window."""
    found = []
    for number, name in enumerate([*_NAMES, "Carla Prova", "Dario Prova"]):
        person = citizen(name)
        minutes = [322, 112, 72, 42, 5][number]
        write(said(person, f"Domanda di {name}", sent_at=timezone.now() - timedelta(minutes=minutes)))
        found.append(Conversation.objects.get(identity=person))
    library = Desk.objects.create(
        organization_id=sender.organization_id, name="Biblioteca", slug="biblioteca", order=9
    )
    Conversation.objects.filter(pk=found[0].pk).update(citizen_wrote_at=timezone.now() - timedelta(hours=30))
    Conversation.objects.filter(pk=found[1].pk).update(desk=library)
    handling.take(found[1], by=olga)
    return found


def names(page: Page) -> list[str]:
    return page.locator("#rows .desk-name").all_inner_texts()


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (NARROW, True)], ids=["1280", "360-dark"])
def test_the_list_is_good_at_all_widths(
    visit: Visiting,
    live_server: LiveServer,
    olga: Person,
    morning: list[Conversation],
    size: Size,
    dark: bool,
) -> None:
    page = visit(f"{live_server.url}/console/sportello/", size, sign_in=olga, dark=dark)
    expect(page.locator("#group-late")).to_contain_text("Aspettano da oltre un’ora")
    assert names(page) == [*_NAMES, "Carla Prova", "Dario Prova"]
    assert page.title().startswith("(5) ")
    assert_good(page)
    page.locator("#filters summary").click()
    assert_good(page)
    page.keyboard.press("Escape")
    page.locator("#others summary").click()
    page.get_by_role("link", name="Seleziona più conversazioni").click()
    expect(page.locator("#chosen-count")).to_have_text("Nessuna scelta")
    assert_good(page)


def test_rows_stay_while_the_pointer_is_among_them(
    visit: Visiting, live_server: LiveServer, olga: Person, morning: list[Conversation], write: Writes
) -> None:
    page = open_desk(visit, live_server, olga)
    before = names(page)
    page.locator("a.desk-row", has_text="Carla Prova").hover()
    replying.reply(morning[2], by=olga, text="Alle 9.", key="1")
    page.evaluate("htmx.trigger('#inbox', 'refresh')")
    expect(page.locator("#inbox-changed")).to_be_visible()
    assert names(page) == before
    page.locator("#inbox-again").click()
    expect(page.locator("#inbox-changed")).to_be_hidden()
    left = [before[0], before[1], *before[3:]]
    assert names(page) == left
    replying.reply(morning[1], by=olga, text="Alle 9.", key="2")
    page.locator("a.desk-row", has_text="Carla Prova").hover()
    page.evaluate("htmx.trigger('#inbox', 'refresh')")
    expect(page.locator("#inbox-changed")).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(700, 500)
    expect(page.locator("#inbox-changed")).to_be_hidden()
    assert names(page) == [left[0], *left[2:]]


def test_the_answered_conversation_stays_where_it_was_until_it_is_left(
    visit: Visiting, live_server: LiveServer, olga: Person, morning: list[Conversation]
) -> None:
    page = open_desk(visit, live_server, olga)
    before = names(page)
    page.locator("a.desk-row", has_text="Maria Antonietta").click()
    expect(page.locator("#composer-text")).to_be_visible()
    page.locator("#composer-text").fill("Alle 9.")
    page.mouse.move(900, 500)
    page.get_by_role("button", name="Invia", exact=True).click()
    expect(page.locator(".desk-out:not(.desk-pending)")).to_contain_text("Alle 9.")
    page.evaluate("htmx.trigger('#inbox', 'refresh')")
    row = page.locator("#rows .desk-item", has_text="Maria Antonietta")
    expect(row).to_contain_text("risposto")
    assert names(page) == before
    assert page.title().startswith("(4) ")
    assert_good(page)
    page.locator("a.desk-row", has_text="Carla Prova").click()
    expect(page.get_by_role("heading", name="Carla Prova")).to_be_visible()
    page.mouse.move(900, 500)
    page.locator("#composer-text").focus()
    expect(row).to_have_count(0)


def test_a_long_list_is_scrolled_and_never_stands_on_the_page_as_a_whole(
    visit: Visiting, live_server: LiveServer, scope: Organization, sender: Sender, olga: Person
) -> None:
    began = timezone.now() - timedelta(hours=20)
    for number in range(200):
        make_conversation(
            citizen(f"Prova {number:03d}"), sender, waiting_since=began + timedelta(minutes=number), unread=1
        )
    page = open_desk(visit, live_server, olga)
    scroll = page.locator("#inbox-scroll")
    seen: set[str] = set()
    for _turn in range(60):
        seen |= set(names(page))
        assert page.locator("#rows .desk-item").count() <= 90
        if len(seen) == 200:
            break
        scroll.evaluate("box => box.scrollBy(0, 700)")
        page.wait_for_timeout(60)
    assert len(seen) == 200
    for _turn in range(60):
        if "Prova 000" in names(page):
            break
        scroll.evaluate("box => box.scrollBy(0, -700)")
        page.wait_for_timeout(60)
    assert "Prova 000" in names(page)
    assert page.evaluate("document.documentElement.scrollHeight === window.innerHeight")


def test_several_are_chosen_by_key_and_closed_together(
    visit: Visiting, live_server: LiveServer, olga: Person, morning: list[Conversation]
) -> None:
    page = open_desk(visit, live_server, olga)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#chosen-count")).to_have_text("1 scelta")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#chosen-count")).to_have_text("2 scelte")
    page.get_by_role("button", name="Chiudi le scelte").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 persone aspettano ancora una risposta")
    assert_good(page)
    page.get_by_role("button", name="Chiudi 2 conversazioni").click()
    expect(page.get_by_text("2 conversazioni chiuse.")).to_be_visible()
    assert len(names(page)) == 3
    assert Conversation.objects.filter(state="closed").count() == 2
