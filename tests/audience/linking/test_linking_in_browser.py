# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person who linked two chats, in real Chromium: on the card and on their own page it is changed where they receive, and they part."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.defaults import create_defaults
from arengo.audience.linking.models import Link
from arengo.audience.models import Identity, Subscription
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.factories.audience import citizen, consented
from tests.factories.linking import linked
from tests.factories.personal import link_to
from tests.support.browser_kit import NARROW, WIDE, Visiting, assert_good, chromium, shades, visit
from tests.support.in_browser import illustrate, keep

__all__ = ["chromium", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def link(esempio: Organization, sender: Sender) -> Iterator[Link]:
    create_defaults(esempio)
    with organization_scope(esempio):
        anna = citizen("Anna Esempio", phone="+393330000001")
        work = citizen("Anna Esempio", phone="+393330000002")
        consented(anna, sender)
        yield linked(anna, work, sender)


def test_the_card_shows_two_linked_chats_and_changes_them(
    link: Link, live_server: LiveServer, visit: Visiting, edo: Person
) -> None:
    anna: Identity = link.preferred
    page = visit(f"{live_server.url}/console/iscritti/{anna.contact_id}/", sign_in=edo)
    panel = page.locator("#ways")
    expect(panel.get_by_text("riceve qui")).to_have_count(1)
    for size in (NARROW, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for shade in shades(page):
            keep(page, f"linking-card-{size[0]}-{shade}")
            assert_good(page)
    page.set_viewport_size({"width": 1000, "height": 720})
    panel.scroll_into_view_if_needed()
    illustrate(page, "iscritti-due-chat")
    panel.get_by_role("button", name="Fai ricevere qui").press("Enter")
    expect(page.get_by_text("Da ora riceve su WhatsApp")).to_be_visible()
    assert Subscription.objects.get(active=True).identity_id == link.other_id
    page.locator("#ways").get_by_role("button", name="Scollega").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Scollegare le due chat?")).to_be_visible()
    assert_good(page)
    dialog.get_by_role("button", name="Scollega").click()
    expect(page.get_by_text("ogni chat ha di nuovo la sua iscrizione")).to_be_visible()
    expect(page.locator("#ways")).to_have_count(0)
    assert Subscription.objects.get(active=True).identity_id == anna.pk


def test_her_own_page_shows_two_linked_chats_and_changes_them(
    link: Link, sender: Sender, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}{link_to(link.other, sender)}", NARROW)
    page.get_by_role("button", name="Apri la mia pagina").press("Enter")
    part = page.locator("#parte-ways")
    expect(part.get_by_text("gli avvisi arrivano qui")).to_have_count(1)
    for size in (NARROW, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for shade in shades(page):
            keep(page, f"linking-own-{size[0]}-{shade}")
            assert_good(page)
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    part.get_by_role("button", name="Voglio riceverli qui").press("Enter")
    page.get_by_text("nella chat che hai scelto").wait_for()
    assert Subscription.objects.get(active=True).identity_id == link.other_id
    page.get_by_role("button", name="Cancella tutto di me").press("Enter")
    expect(page.get_by_text("Resta l’altra chat")).to_be_visible()
    keep(page, "linking-own-erase")
    assert_good(page)
    page.get_by_role("link", name="Annulla").press("Enter")
    page.get_by_role("button", name="Scollega le due chat").press("Enter")
    page.get_by_role("heading", name="Scollegare le due chat?").wait_for()
    for shade in shades(page):
        keep(page, f"linking-own-question-{shade}")
        assert_good(page)
    page.get_by_role("button", name="Scollega").press("Enter")
    page.get_by_text("ogni chat ha di nuovo la sua iscrizione").wait_for()
    expect(page.locator("#parte-ways")).to_have_count(0)
    assert not Link.objects.exists()


def test_the_search_says_who_receives_in_another_chat(
    link: Link, live_server: LiveServer, visit: Visiting, edo: Person
) -> None:
    page = visit(f"{live_server.url}/console/iscritti/persone/", sign_in=edo)
    page.locator("input[name=text]").first.fill("Anna Esempio")
    page.locator("input[name=text]").first.press("Enter")
    expect(page.get_by_text("riceve in un’altra sua chat")).to_be_visible()
    for size in (NARROW, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for shade in shades(page):
            keep(page, f"linking-search-{size[0]}-{shade}")
            assert_good(page)
