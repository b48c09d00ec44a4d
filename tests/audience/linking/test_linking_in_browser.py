# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The card of a person who linked two chats, in real Chromium: where they receive is changed, and they come apart."""

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
from tests.support.browser_kit import NARROW, WIDE, Visiting, assert_good, chromium, shades, visit
from tests.support.in_browser import keep

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
