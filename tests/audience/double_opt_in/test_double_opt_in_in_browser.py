# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The double opt-in in a real browser: where it is explained and switched on, and what is shown of who has not confirmed."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from arengo.audience import arrivals
from arengo.audience.defaults import create_defaults
from arengo.audience.models import ListSettings
from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.factories.audience import ANNA, known, message
from tests.factories.renewals import listed
from tests.support.browser_kit import WIDE, WIDTHS, Size, Visiting, assert_good, chromium, shades, visit
from tests.support.in_browser import illustrate, keep

__all__ = ["chromium", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(esempio: Organization, sender: Sender) -> Organization:
    """With three people on its list."""
    create_defaults(esempio)
    with organization_scope(esempio), transaction.atomic():
        listed(sender, 3)
    return esempio


@pytest.mark.parametrize("size", WIDTHS)
def test_it_is_switched_on_and_who_joins_waits(
    visit: Visiting, live_server: LiveServer, town: Organization, sender: Sender, alice: Person, size: Size
) -> None:
    page = visit(f"{live_server.url}{reverse('settings:terms')}", size, sign_in=alice)
    page.get_by_label("Chi si iscrive deve confermare").check()
    for shade in shades(page):
        keep(page, f"terms-{size[0]}-{shade}")
        assert_good(page)
    if size == WIDE:
        illustrate(page, "iscritti-doppia-conferma")
    page.get_by_role("button", name="Salva").click()
    page.get_by_text("Condizioni salvate").wait_for()
    with organization_scope(town), transaction.atomic():
        assert ListSettings.objects.get().double_opt_in
        said = message(ANNA, "ISCRIVIMI", name="Anna Esempio", sent_at=timezone.now())
        arrivals.receive(Batch(town.pk, sender.pk, [said], "whatsapp"))
        card = reverse("audience:citizen", args=[known(ANNA).contact_id])
    page.goto(f"{live_server.url}{card}")
    page.get_by_role("heading", name="Iscrizione da confermare").wait_for()
    for shade in shades(page):
        keep(page, f"pending-card-{size[0]}-{shade}")
        assert_good(page)
    page.goto(f"{live_server.url}{reverse('audience:subscribers')}")
    page.get_by_text("1 persona in attesa di conferma").wait_for()
    keep(page, f"pending-overview-{size[0]}")
    assert_good(page)
    page.goto(f"{live_server.url}{reverse('settings:list')}")
    assert_good(page)
