# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking again in a real browser, wide and narrow, light and dark; a citizen answers on their page."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from arengo.audience.defaults import create_defaults
from arengo.audience.models import Identity, Policy
from arengo.audience.renewals import asking, verbs
from arengo.audience.renewals.models import Asking, Renewal
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Fanout, Sender
from tests.factories.audience import citizen, consented
from tests.factories.delivery import set_price
from tests.factories.personal import link_to
from tests.factories.renewals import BEFORE, approve, arrived, end, listed, new_version
from tests.support.browser_kit import WIDE, WIDTHS, Size, Visiting, assert_good, chromium, shades, visit
from tests.support.in_browser import illustrate, keep

__all__ = ["chromium", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(esempio: Organization, sender: Sender) -> Organization:
    """Forty people on the list, both templates, a price, and a new version of the notice."""
    create_defaults(esempio)
    set_price(esempio, "0.03000", category="utility")
    with organization_scope(esempio), transaction.atomic():
        listed(sender, 40)
        approve(sender)
        new_version()
    return esempio


def _people() -> list[Identity]:
    return list(Identity.objects.order_by("pk"))


@pytest.mark.parametrize("size", WIDTHS)
def test_an_administrator_asks_sees_how_far_it_is_and_goes_back(
    visit: Visiting, live_server: LiveServer, town: Organization, sender: Sender, alice: Person, size: Size
) -> None:
    page = visit(f"{live_server.url}{reverse('audience:renewals')}", size, sign_in=alice)
    for shade in shades(page):
        keep(page, f"renewals-empty-{size[0]}-{shade}")
        assert_good(page)
    page.get_by_role("link", name="Informativa sulla privacy, versione 2").click()
    page.get_by_role("button", name="Chiedi a 40 persone").wait_for()
    for shade in shades(page):
        keep(page, f"renewal-ask-{size[0]}-{shade}")
        assert_good(page)
    if size == WIDE:
        illustrate(page, "iscritti-chiedere-di-nuovo")
    page.get_by_label("Esce dalla lista").check()
    page.get_by_role("button", name="Chiedi a 40 persone").click()
    page.get_by_text("Si comincia a chiedere").wait_for()
    with organization_scope(town):
        renewal = Renewal.objects.get()
        asking.run(town.pk, renewal.pk)
        people = _people()
        arrived(people[:36])
        Fanout.objects.update(n_waiting=0, n_delivered=36)
        Asking.objects.filter(identity__in=people[:21]).update(state=Asking.State.ACCEPTED)
    page.reload()
    page.get_by_text("si aspettano le risposte").wait_for()
    assert page.get_by_text("Hanno accettato").locator("xpath=..").inner_text().split()[-1] == "21"
    for shade in shades(page):
        keep(page, f"renewal-{size[0]}-{shade}")
        assert_good(page)
    if size == WIDE:
        illustrate(page, "iscritti-conferme")
    with organization_scope(town):
        end(renewal)
    page.reload()
    page.get_by_role("button", name="Rimetti 15 persone nella lista").click()
    page.get_by_role("dialog").get_by_text("Rimetterle nella lista?").wait_for()
    assert_good(page)
    page.get_by_role("dialog").get_by_role("button", name="Rimetti 15 persone nella lista").click()
    page.get_by_text("Si torna indietro: il lavoro").wait_for()
    page.goto(f"{live_server.url}{reverse('audience:renewals')}")
    for shade in shades(page):
        keep(page, f"renewals-{size[0]}-{shade}")
        assert_good(page)
    page.goto(f"{live_server.url}{reverse('audience:citizen', args=[people[30].contact_id])}")
    page.get_by_role("heading", name="Nuove versioni dei testi").wait_for()
    keep(page, f"renewal-card-{size[0]}")
    assert_good(page)


@pytest.mark.parametrize("size", WIDTHS)
def test_who_publishes_chooses_whether_people_are_asked(
    visit: Visiting, live_server: LiveServer, town: Organization, alice: Person, size: Size
) -> None:
    page = visit(f"{live_server.url}{reverse('settings:policy_new', args=['privacy'])}", size, sign_in=alice)
    page.get_by_label("Si chiede a tutti gli iscritti").check()
    for shade in shades(page):
        keep(page, f"policy-new-{size[0]}-{shade}")
        assert_good(page)
    page.get_by_role("button", name="Pubblica questa versione").click()
    page.get_by_role(
        "heading", name="Chiedere di accettare: Informativa sulla privacy, versione 3"
    ).wait_for()


@pytest.mark.parametrize("size", WIDTHS)
def test_a_citizen_accepts_on_their_page_by_keyboard(
    visit: Visiting, live_server: LiveServer, town: Organization, sender: Sender, alice: Person, size: Size
) -> None:
    with organization_scope(town):
        anna = citizen("Anna Esempio", phone="+393330000001")
        consented(anna, sender, when=timezone.now() - BEFORE)
        policy = Policy.objects.filter(kind="privacy").latest("version")
        renewal = verbs.start(town, policy, verbs.last_days(town)[1], "leave", by=alice)
        asking.run(town.pk, renewal.pk)
        link = link_to(anna, sender)
    page = visit(f"{live_server.url}{link}", size)
    page.get_by_role("button").first.click()
    button = page.get_by_role("button", name="Accetto", exact=True)
    button.wait_for()
    for shade in shades(page):
        keep(page, f"own-renewal-{size[0]}-{shade}")
        assert_good(page)
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_text("hai accettato la nuova versione").wait_for()
    assert_good(page)
    with organization_scope(town):
        assert Asking.objects.get(identity=anna).state == Asking.State.ACCEPTED
