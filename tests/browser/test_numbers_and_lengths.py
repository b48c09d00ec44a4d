# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is typed into a field stays there beside what is wrong with it; counters count as the server does."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.defaults import create_defaults
from arengo.core.lengths import Unit, length
from arengo.core.models import Organization, Person
from arengo.delivery.models import Price, Sender
from tests.support.browser_kit import WIDTHS, Size, Visiting, assert_good
from tests.support.in_browser import keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAMPLES = [
    "perché",
    "e\u0300",
    "😀",
    "👍🏽",
    "🇮🇹",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "👨‍👩‍👧‍👦",
    "السلام",
    "a\nb",
    "  uno \n",
    "x" * 1500,
    "😀" * 751,
]


@pytest.fixture
def town(esempio: Organization, sender: Sender) -> Organization:
    create_defaults(esempio)
    return esempio


@pytest.mark.parametrize("unit", Unit)
def test_the_counter_counts_as_the_server_does(
    visit: Visiting, live_server: LiveServer, town: Organization, alice: Person, unit: Unit
) -> None:
    page = visit(live_server.url + reverse("settings:policy_new", args=["privacy"]), sign_in=alice)
    counter = page.locator("output[data-count-for=id_summary]")
    counter.evaluate("(output, unit) => output.dataset.unit = unit", unit.value)
    for sample in SAMPLES:
        page.locator("#id_summary").fill(sample)
        used = length(sample.strip(), unit)
        expect(counter).to_have_text(f"{used:,}".replace(",", ".") + " / 1.500")
        assert (counter.get_attribute("data-over") is not None) == (used > 1500)


def test_a_text_over_the_limit_comes_back_whole_with_by_how_much(
    visit: Visiting, live_server: LiveServer, town: Organization, alice: Person
) -> None:
    page = visit(live_server.url + reverse("settings:policy_new", args=["privacy"]), sign_in=alice)
    page.locator("#id_summary").fill("😀" * 751)
    page.locator("#id_text").fill("Per intero")
    page.get_by_role("button", name="Pubblica questa versione").click()
    expect(page.get_by_text("1.502 caratteri: il massimo è 1.500, 2 di troppo.")).to_be_visible()
    expect(page.locator("#id_summary")).to_have_value("😀" * 751)


@pytest.mark.parametrize("size", WIDTHS)
def test_a_price_with_two_readings_is_asked_about_and_then_stored(
    visit: Visiting, live_server: LiveServer, town: Organization, alice: Person, size: Size
) -> None:
    page = visit(live_server.url + reverse("settings:prices"), size, sign_in=alice)
    amount, free = page.get_by_label("Prezzo a messaggio"), page.get_by_label("Gratuiti al mese")
    expect(amount).to_have_attribute("inputmode", "decimal")
    expect(free).to_have_attribute("inputmode", "numeric")
    amount.fill("12.345")
    free.fill("1.000")
    page.get_by_role("button", name="Aggiungi").click()
    expect(page.locator("#id_amount_error")).to_contain_text("intendi 12345 (senza decimali) o 12,3450")
    expect(amount).to_have_value("12.345")
    expect(free).to_have_value("1.000")
    page.errors.clear()  # type: ignore[attr-defined]  # Chromium reports the 422 of a refused form
    assert_good(page)
    keep(page, f"price-asked-{size[0]}")
    amount.fill("12,3450")
    page.get_by_role("button", name="Aggiungi").click()
    expect(page.get_by_text("Prezzo aggiunto")).to_be_visible()
    assert list(Price.unscoped.values_list("free_per_month", flat=True)) == [1000]
