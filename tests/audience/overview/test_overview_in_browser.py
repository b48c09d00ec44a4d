# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The overview and the numbers that do not receive, in a real browser: readable by all, at the desk and on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from arengo.audience.defaults import create_defaults
from arengo.audience.models import Consent
from arengo.audience.overview import keeping
from arengo.audience.reasons import Reason
from arengo.audience.unreached.models import Miss, UnreachedRule
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Fanout, Sender
from arengo.delivery.sending import announced
from arengo.delivery.sending.announced import Announced
from tests.factories.audience import citizen, consented
from tests.factories.delivery import mailing
from tests.support.browser_kit import (
    WIDE,
    WIDTHS,
    Size,
    Visiting,
    assert_good,
    chromium,
    shades,
    visit,
)
from tests.support.in_browser import illustrate, keep

__all__ = ["chromium", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_LEFT = (Reason.UNSUBSCRIBED, Reason.INVALID, Reason.UNSUBSCRIBED, Reason.NEVER_REACHED, Reason.ERASED)


@pytest.fixture
def town(esempio: Organization, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> Organization:
    """A year of a list: a good spring, a quiet August."""
    create_defaults(esempio)
    now = timezone.now()
    with organization_scope(esempio), transaction.atomic():
        number = 0
        for month, many in enumerate((4, 5, 3, 11, 6, 5, 3, 1, 4, 7, 12, 5)):
            for _each in range(many):
                when = now - timedelta(days=30 * (11 - month) + number % 9)
                reason = _LEFT[number // 5 % 5] if number % 5 == 4 else ""
                consented(citizen(f"Persona {number} Esempio"), sender, when=when, reason=reason)
                number += 1
        for number in range(7):
            citizen(f"Chiede {number} Esempio", last_wrote_at=now)
        said = {}
        for days, title in ((240, "Manifesti alle fermate"), (32, "Allerta per il torrente")):
            fanout = mailing(sender, 1)
            Fanout.objects.filter(pk=fanout.pk).update(created_at=now - timedelta(days=days))
            said[fanout.pk] = Announced(title, "", now, staff_href="/console/")
        near = Consent.objects.filter(identity__subscription__active=True).order_by("pk")[0].identity
        Miss.objects.create(identity=near, times=2, invalid=2, first_at=now - timedelta(days=9), last_at=now)
        UnreachedRule.objects.create(kept_back=3)
        keeping.keep(esempio, keeping.due(esempio))
    monkeypatch.setattr(announced, "_describers", [lambda ids: {pk: said[pk] for pk in ids if pk in said}])
    return esempio


@pytest.mark.parametrize("size", WIDTHS)
def test_the_pages_are_good(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting, size: Size
) -> None:
    page = visit(f"{live_server.url}/console/iscritti/", size, sign_in=alice)
    with organization_scope(town):
        row = Consent.objects.filter(reason="invalid").order_by("pk")[0]
        assert row.identity is not None
        card = reverse("audience:citizen", args=[row.identity.contact_id])
    addresses = {
        "overview": "/console/iscritti/",
        "days": "/console/iscritti/?periodo=giorni",
        "over-time": f"{reverse('audience:over_time')}?per=motivi",
        "topics-over-time": f"{reverse('audience:over_time')}?per=temi&periodo=giorni",
        "numbers": reverse("audience:unreached"),
        "rule": reverse("audience:unreached_rule"),
        "moved": f"{reverse('audience:moved')}?che=uscite",
        "left-card": card,
    }
    for name, address in addresses.items():
        page.goto(f"{live_server.url}{address}")
        for shade in shades(page):
            keep(page, f"{name}-{size[0]}-{shade}")
            assert_good(page)


def test_a_bar_leads_to_its_people_and_a_press_puts_one_back(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}/console/iscritti/", WIDE, sign_in=alice)
    illustrate(page, "iscritti-panoramica")
    page.get_by_role("link", name="Numero non più valido").press("Enter")
    page.get_by_role("heading", name="Usciti dalla lista").wait_for()
    page.goto(f"{live_server.url}/console/iscritti/")
    page.get_by_role("link", name=re.compile("Nel tempo.*Perché se ne vanno")).press("Enter")
    page.get_by_role("heading", name="Gli iscritti nel tempo").wait_for()
    illustrate(page, "iscritti-nel-tempo")
    page.goto(f"{live_server.url}{reverse('audience:unreached')}")
    illustrate(page, "iscritti-numeri")
    page.get_by_role("button", name="Rimetti nella lista").first.press("Enter")
    page.get_by_text("Di nuovo nella lista, come prima").wait_for()
    assert_good(page)
    page.goto(f"{live_server.url}{reverse('audience:unreached')}")
    page.get_by_role("button", name="Fai uscire 3 numeri").click()
    page.get_by_role("dialog").get_by_role("button", name="Annulla").click()
    page.get_by_role("button", name="Lasciali nella lista").click()
    page.get_by_text("si conta da capo").wait_for()
