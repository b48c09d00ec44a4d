# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The site's form in a browser, on a phone and on a computer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Quarter
from arengo.core.models import Organization
from tests.support.browser_kit import WIDTHS, Size, Visiting, assert_good, chromium, visit
from tests.support.in_browser import keep

__all__ = ["chromium", "visit"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", WIDTHS)
def test_the_form_makes_the_message_and_the_code(
    town: Organization, visit: Visiting, live_server: LiveServer, size: Size
) -> None:
    Quarter.objects.create(organization=town, name="Borgo Nuovo")
    page = visit(f"{live_server.url}/wa", size)
    page.get_by_role("link", name="scegli prima di che cosa").click()
    page.get_by_label("Eventi").check()
    page.get_by_label("Borgo").check()
    page.get_by_role("button", name="Prepara il messaggio").click()
    expect(page.get_by_role("heading", name="Il messaggio è pronto")).to_be_visible()
    expect(page.get_by_label("Eventi")).to_be_checked()
    code = page.get_by_role("img", name="Codice QR")
    assert code.evaluate("async (image) => { await image.decode(); return image.naturalWidth > 0; }")
    assert_good(page)
    keep(page, f"join-form-{size[0]}")
