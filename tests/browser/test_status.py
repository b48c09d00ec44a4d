# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stato del servizio keeps itself up to date, and takes nothing away from who is reading it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from arengo.core import health
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.delivery.senders import activation
from tests.support.browser_kit import NARROW, Visiting, assert_good

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
_WITHIN = 30_000  # milliseconds: it asks again every five seconds


def test_a_trouble_appears_and_goes_without_losing_the_place_of_who_reads(
    esempio: Organization, sender: Sender, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    with organization_scope(esempio):
        activation.stop(sender, reason="Invalid OAuth access token", code=190)
    page = visit(f"{live_server.url}{reverse('settings:status')}", NARROW, sign_in=alice)
    stopped, no_worker = (page.locator(f"[data-trouble={kind}]") for kind in ("sender_stopped", "no_worker"))
    expect(stopped).to_be_visible()
    expect(no_worker).to_be_visible()
    page.get_by_text("Che cosa vogliono dire queste parole").click()
    page.get_by_role("link", name="Apri il mittente").focus()
    health.beat("host:1", "worker")
    expect(no_worker).to_have_count(0, timeout=_WITHIN)
    expect(stopped).to_be_visible()
    expect(page.get_by_role("link", name="Apri il mittente")).to_be_focused()
    expect(page.get_by_text("Quanti messaggi al secondo può inviare il numero.")).to_be_visible()
    assert_good(page)
