# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public pages as a citizen's browser sees them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Policy
from arengo.channel.board import publish_post
from arengo.channel.items import Item
from arengo.channel.models import Post
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.factories.audience import list_settings, policy
from tests.factories.pictures import market_square
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size, Visiting, assert_good, shades
from tests.support.in_browser import keep
from tests.support.waiting import until
from tests.support.web_process import web_process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ["/", "/wa", "/canale/", "/informativa/", "/regole/", "/note-legali/", "/accessibilita/", "/non-c-e/"]


@pytest.fixture
def town(esempio: Organization, sender: Sender) -> Organization:
    """An organization with everything that a citizen may meet."""
    Organization.objects.filter(pk=esempio.pk).update(
        tagline="Il Comune vicino a te",
        parent_name="Regione di Esempio",
        parent_url="https://regione.example.it",
        website="https://comune.example.it",
        address="Piazza del Municipio 1, Esempio",
        phone="055 000 0002",
        email="urp@comune.example.it",
        pec="protocollo@pec.comune.example.it",
        desk_hours="dal lunedì al venerdì, 9–13; martedì e giovedì anche 15–17",
        reports_url="https://comune.example.it/segnala",
        dpo_contact="dpo@comune.example.it",
        legal_notes="I testi di questo sito si possono riusare citando la fonte.",
    )
    with organization_scope(esempio):
        list_settings(esempio)
        for kind in Policy.Kind:
            policy(esempio, kind, "Primo punto.\n\nSecondo punto.")
        for number in range(12):
            publish_post(
                esempio,
                key=f"news-{number}",
                title=f"Notizie della settimana {number}",
                items=[
                    Item(
                        "Mercato in piazza domenica dalle 8 alle 13",
                        "https://comune.example.it/mercato",
                        "event",
                    ),
                    Item("Via Roma chiusa al traffico fino a venerdì", "https://comune.example.it/via-roma"),
                ],
                image=ContentFile(market_square(), name="piazza.jpg") if number == 11 else None,
                image_alt="La piazza con le bancarelle" if number == 11 else "",
                published_at=timezone.now() - timedelta(hours=30 * (12 - number)),
            )
    esempio.refresh_from_db()
    return esempio


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_is_good(
    town: Organization, live_server: LiveServer, visit: Visiting, path: str, size: Size
) -> None:
    page = visit(live_server.url + path, size)
    keep(page, f"public{path.replace('/', '-')}{size[0]}")
    if path == "/non-c-e/":
        page.errors.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 404 that we asked for
    assert_good(page)


@pytest.mark.parametrize("size", WIDTHS)
def test_one_post_is_good(town: Organization, live_server: LiveServer, visit: Visiting, size: Size) -> None:
    newest = Post.unscoped.get(key="news-11")
    page = visit(f"{live_server.url}{newest.get_absolute_url()}", size)
    keep(page, f"post-{size[0]}")
    assert_good(page)
    assert page.locator("img.post-image").evaluate("image => image.naturalWidth") > 0


@pytest.mark.parametrize("size", WIDTHS)
def test_the_console_board_is_good(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting, size: Size
) -> None:
    page = visit(f"{live_server.url}/console/canale/", size, sign_in=alice)
    for shade in shades(page):
        keep(page, f"board-{size[0]}-{shade}")
        assert_good(page)


def test_a_lost_live_stream_is_said_and_taken_back_when_it_is_there_again(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}/note-legali/", sign_in=alice, live=True)
    page.route("**/console/live/**", lambda route: route.abort())
    page.goto(f"{live_server.url}/console/canale/")
    bar = page.locator("#offline-bar")
    assert bar.is_hidden()
    bar.wait_for(state="visible")
    assert "Connessione persa" in bar.inner_text()
    page.unroute("**/console/live/**")
    page.route(
        "**/console/live/**", lambda route: route.fulfill(content_type="text/event-stream", body=": ok\n\n")
    )
    bar.wait_for(state="hidden")


def test_withdrawing_asks_once_and_then_the_post_is_gone(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}/console/canale/", sign_in=alice)
    page.locator("tbody tr").first.get_by_role("button", name="Ritira").click()
    dialog = page.get_by_role("dialog", name="Ritirare «Notizie della settimana 11»?")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Annulla"  # Enter alone does no harm
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.locator("tbody tr").first.get_by_role("button", name="Ritira").click()
    dialog.get_by_role("button", name="Sì, ritira").click()
    page.get_by_text("non è più sul canale").wait_for()
    assert page.goto(f"{live_server.url}/canale/") is not None
    assert page.get_by_text("Notizie della settimana 11").count() == 0


@pytest.mark.parametrize("size", [pytest.param(WIDE, id="1280"), pytest.param(NARROW, id="360")])
def test_the_keyboard_alone_reaches_the_contents_and_the_menus(
    town: Organization, live_server: LiveServer, visit: Visiting, size: Size
) -> None:
    page = visit(f"{live_server.url}/", size)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Vai ai contenuti"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-container"
    menu = page.locator("header details.menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.evaluate("menu => menu.open")
    page.keyboard.press("Escape")
    assert not menu.evaluate("menu => menu.open")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_language_menu_changes_the_language(
    town: Organization, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}/canale/")
    page.locator("header details.menu summary").click()
    page.get_by_role("button", name="English").click()
    page.locator("html[lang=en]").wait_for()
    assert page.url.endswith("/canale/")


def test_the_language_is_chosen_on_a_page_that_is_not_there(
    town: Organization, live_server: LiveServer, visit: Visiting
) -> None:
    """Such a page is one for all addresses: the browser says where the reader was."""
    page = visit(f"{live_server.url}/non-c-e/")
    page.errors.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 404 that we asked for
    page.locator("header details.menu summary").click()
    page.get_by_role("button", name="English").click()
    page.wait_for_selector('html[lang="en"]', state="attached")
    assert page.url == f"{live_server.url}/non-c-e/"


def test_a_reader_of_the_real_process_meets_new_posts_and_their_own_language(
    town: Organization, visit: Visiting, tmp_path: Path
) -> None:
    """From memory: the page comes again and again from there, in both languages, and is never an old one."""
    with web_process("127.0.0.1", tmp_path) as web:
        page = visit(f"http://127.0.0.1:{web.port}/canale/")
        assert page.context.cookies() == []
        assert_good(page)
        page.locator("header details.menu summary").click()
        page.get_by_role("button", name="English").click()
        page.wait_for_selector('html[lang="en"]', state="attached")
        assert page.url.endswith("/canale/")
        with organization_scope(town):
            publish_post(town, key="now", title="Appena pubblicata", items=[Item("Ora")])
        expect_again(page, "Appena pubblicata")
        assert page.locator("html").get_attribute("lang") == "en"


def expect_again(page: Page, words: str) -> None:
    """Reloads until the words are there."""

    def there() -> bool:
        page.reload()
        return page.get_by_text(words).count() > 0

    until(there, words)
