# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An administrator adds a place with the keyboard alone, and downloads its code."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.defaults import create_defaults
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.portal.posters import places
from tests.support.browser_kit import NARROW, WIDE, Visiting, assert_good, chromium, shades, visit
from tests.support.in_browser import illustrate, keep

__all__ = ["chromium", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _good_everywhere(page: Page, name: str) -> None:
    """At both widths; in the dark at one of them."""
    for size in (NARROW, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for shade in shades(page) if size == WIDE else ["light"]:
            keep(page, f"places-{name}-{size[0]}-{shade}")
            assert_good(page)


def test_a_place_is_added_and_its_code_downloaded(
    esempio: Organization, sender: Sender, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    create_defaults(esempio)
    page = visit(f"{live_server.url}/console/impostazioni/luoghi/", sign_in=alice)
    expect(page.get_by_text("Ancora nessun luogo")).to_be_visible()
    _good_everywhere(page, "none")
    page.get_by_label("Luogo").fill("Biblioteca")
    page.get_by_label("Luogo").press("Enter")
    expect(page.get_by_role("heading", name="Biblioteca", level=1)).to_be_visible()
    expect(page.get_by_text("ISCRIVIMI (da: biblioteca)")).to_be_visible()
    _good_everywhere(page, "one")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    illustrate(page, "iscritti-luogo")
    with page.expect_download() as download:
        page.get_by_role("link", name="Scarica per la stampa (PNG)").press("Enter")
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    with organization_scope(esempio):
        places.add(esempio, "Farmacia di " + "via della Conciliazione " * 2, by=alice)
        places.use(places.add(esempio, "مكتبة المدينة", by=alice), on=False, by=alice)
    page.get_by_role("link", name="Luoghi dei codici QR").first.press("Enter")
    expect(page.get_by_role("table", name="Luoghi")).to_be_visible()
    _good_everywhere(page, "three")
