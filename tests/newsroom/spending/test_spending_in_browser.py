# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Spesa, and the question before trying again, as people's browsers see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Organization, Person
from arengo.delivery.models import Budget, Charge, Delivery, DeliveryState, Sender
from arengo.delivery.spending.figures import month_before, this_month
from arengo.newsroom import publishing
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST
from tests.factories.delivery import decide, set_price
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size, Visiting
from tests.support.in_browser import good, illustrate, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def spent(town: Organization, sender: Sender, write: Callable[..., Update], edo: Person) -> list[Update]:
    """Half a year of a town: four updates this month, answers of the desk, a budget."""
    set_price(town, "0.0248", category="service", free_per_month=1000, source="Listino di Meta per l’Italia")
    sent = []
    for number, title in enumerate(
        [
            "Mercato, strade, biblioteca, scuola",
            "Lavori in via Lunga",
            "Biblioteca aperta anche la sera",
            "Mensa",
        ]
    ):
        update = write(title=title)
        publishing.publish(town, update.pk, by=edo, key="k", version=update.version)
        publishing.carry_out(town.pk, update.pk)
        of = Delivery.objects.filter(fanout__topic=update.topic)
        decide(of, DeliveryState.DELIVERED, billable=True, category="marketing")
        Charge.objects.filter(fanout__topic=update.topic).update(count=1815 - 80 * number)
        said = {"recipients": 1998, "cost": {"amount": str(111.89 - number), "currency": "EUR"}}
        Placement.objects.filter(update=update, outlet=LIST).update(detail={"estimate": said})
        sent.append(update)
    first = this_month(town)
    Charge.objects.create(
        organization=town, sender=sender, day=first, category="service", billable=False, count=812
    )
    for many in (4_900, 8_600, 3_400, 5_500, 5_100):
        first = month_before(first)
        Charge.objects.create(
            organization=town, sender=sender, day=first, category="marketing", billable=True, count=many
        )
    set_price(town, "0.0560", valid_from=this_month(town) - timedelta(days=300))
    Budget.objects.create(organization=town, amount=Decimal(450), beyond=Budget.Beyond.WARNS)
    return sent


@pytest.mark.parametrize("size", WIDTHS)
def test_the_month_and_its_limit(
    spent: list[Update], live_server: LiveServer, visit: Visiting, ada: Person, size: Size
) -> None:
    page = visit(f"{live_server.url}/console/redazione/spesa/", size, sign_in=ada)
    expect(page.get_by_role("heading", name="Spesa", exact=True)).to_be_visible()
    expect(page.get_by_text("812 di 1.000 usate")).to_be_visible()
    good(page)
    keep(page, f"spending-{size[0]}")
    if size == WIDE:
        illustrate(page, "redazione-spesa")
    page.get_by_label("Al mese, al massimo").fill("300,00")
    page.get_by_label("ferma gli invii fino al mese dopo").check()
    page.get_by_role("button", name="Salva il limite").click()
    expect(page.get_by_text("Limite salvato.")).to_be_visible()
    expect(page.get_by_text("Oltre il limite", exact=True)).to_be_visible()


def test_the_month_in_the_dark(spent: list[Update], open_newsroom: Callable[..., Page]) -> None:
    for size in (WIDE, NARROW):
        page = open_newsroom("spesa/", size, dark=True)
        good(page)
        keep(page, f"spending-dark-{size[0]}")


def test_a_month_without_anything_teaches(town: Organization, open_newsroom: Callable[..., Page]) -> None:
    page = open_newsroom("spesa/", NARROW)
    expect(page.get_by_text("non è ancora arrivato nessun messaggio")).to_be_visible()
    good(page)
    keep(page, "spending-empty-360")


@pytest.mark.parametrize("size", WIDTHS)
def test_trying_again_asks_first_and_then_goes(
    spent: list[Update], open_newsroom: Callable[..., Page], size: Size
) -> None:
    update = spent[0]
    Update.objects.filter(pk=update.pk).update(sent_at=timezone.now() - timedelta(days=8))
    some = Delivery.objects.filter(fanout__topic=update.topic)
    some.update(delivered_at=None, state=DeliveryState.ACCEPTED)
    decide(some, DeliveryState.FAILED, 131000, "Something went wrong")
    page = open_newsroom(f"{update.pk}/", size)
    page.get_by_role("link", name=re.compile("^Riprova")).click()
    expect(page.get_by_text("3 persone che non l'hanno avuto")).to_be_visible()
    expect(page.get_by_text("La notizia 1 parla di")).to_be_visible()
    good(page)
    keep(page, f"retry-{size[0]}")
    page.get_by_role("button", name="Riprova con 3 persone").click()
    expect(page.get_by_text("3 messaggi ripartono.")).to_be_visible()


def test_beyond_the_limit_the_editor_says_so_where_one_presses(
    town: Organization, write: Callable[..., Update], open_newsroom: Callable[..., Page]
) -> None:
    Budget.objects.create(organization=town, amount=Decimal("0.10"), beyond=Budget.Beyond.STOPS)
    page = open_newsroom(f"{write().pk}/modifica/", NARROW)
    expect(page.get_by_text("Il limite del mese è")).to_be_visible()
    good(page)
    keep(page, "newsroom-over-budget-360")
    page.get_by_role("checkbox", name="Lista WhatsApp").uncheck()
    expect(page.get_by_role("button", name="Pubblica ora")).to_be_visible()
    expect(page.get_by_text("Il limite del mese è")).to_have_count(0)
