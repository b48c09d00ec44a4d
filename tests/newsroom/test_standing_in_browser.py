# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What reached people, as the list and the page of a sent update show it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, DeliveryState
from arengo.newsroom import publishing
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST, outcome
from tests.factories.delivery import decide, lose
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size
from tests.support.in_browser import good, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def week(town: Organization, write: Callable[..., Update], edo: Person) -> dict[str, Update]:
    """Four updates: one reached everybody, one nobody, one was stopped, and of one nobody knows."""
    found = {}
    for name in (
        "Biblioteca aperta anche la sera",
        "Domenica a piedi",
        "Lavori in via Lunga",
        "Mercato e strade",
    ):
        update = write(title=name)
        publishing.publish(town, update.pk, by=edo, key="k", version=update.version)
        publishing.carry_out(town.pk, update.pk)
        found[name] = update
    reached, nobody, stopped, unknown = (
        Delivery.objects.filter(fanout__topic=update.topic).order_by("pk") for update in found.values()
    )
    decide(reached, DeliveryState.READ, billable=True, category="marketing")
    decide(nobody, DeliveryState.FAILED, 131000, "Something went wrong")
    decide(stopped.filter(pk=stopped[0].pk), DeliveryState.DELIVERED)
    outcome.stop(Placement.objects.get(outlet=LIST, update__title="Lavori in via Lunga"), by=edo)
    decide(unknown.filter(pk=unknown[0].pk), DeliveryState.DELIVERED)
    lose(unknown.exclude(state=DeliveryState.DELIVERED))
    return found


@pytest.mark.parametrize("size", WIDTHS)
def test_the_list_tells_them_apart(
    week: dict[str, Update], open_newsroom: Callable[..., Page], size: Size
) -> None:
    page = open_newsroom("", size)
    for words in (
        "Arrivato a 3 di 3",
        "Non arrivato a nessuno",
        "Fermato: a 1 di 3",
        "Arrivato a 1 di 3 · 2 senza esito",
    ):
        expect(page.get_by_text(words, exact=True)).to_be_visible()
    good(page)
    keep(page, f"standings-{size[0]}")


def test_and_so_do_their_pages_in_the_dark(
    week: dict[str, Update], open_newsroom: Callable[..., Page]
) -> None:
    page = open_newsroom("", WIDE, dark=True)
    good(page)
    keep(page, "standings-dark")
    for number, update in enumerate(week.values()):
        page = open_newsroom(f"{update.pk}/", NARROW if number % 2 else WIDE, dark=number > 1)
        expect(page.locator(".outcome-headline")).to_be_visible()
        good(page)
        keep(page, f"standing-{number}")
