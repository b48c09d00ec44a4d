# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Modelli and prezzi."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from arengo.core.models import Person
from arengo.delivery.models import Price

Browse = Callable[..., Client]
PRICE = {
    "category": "utility",
    "amount": "1",
    "currency": "EUR",
    "free_per_month": "0",
    "valid_from": "2026-10-01",
}


def test_a_price_is_added_with_a_comma_and_taken_away(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    data = {
        "category": "service",
        "amount": "0,03",
        "currency": "EUR",
        "free_per_month": "1000",
        "valid_from": "2026-10-01",
        "source": "Contratto",
    }
    assert client.post(places["prices"], data).status_code == 302
    added = Price.objects.get(category="service")
    assert (added.amount, added.free_per_month) == (Decimal("0.03"), 1000)
    assert "già un prezzo" in client.post(places["prices"], data).text
    client.post(reverse("settings:price_remove", args=[added.pk]))
    assert not Price.objects.filter(pk=added.pk).exists()


@pytest.mark.parametrize(
    ("typed", "amount", "free"),
    [
        ("0,030", "0.03", "1.000"),
        ("0.030", "0.03", "1,000"),
        ("1.000", "1", "1 000"),
        ("1,250", "1.25", "1'000"),
    ],
)
def test_a_price_is_read_in_either_writing_and_a_count_is_never_a_thousandth(
    places: dict[str, str], alice: Person, browse: Browse, typed: str, amount: str, free: str
) -> None:
    data = {**PRICE, "amount": typed, "free_per_month": free}
    for language in ("it", "en"):
        Price.objects.filter(category="utility").delete()
        client = browse(alice)
        client.cookies["arengo_language"] = language
        assert client.post(places["prices"], data).status_code == 302
        added = Price.objects.get(category="utility")
        assert (added.amount, added.free_per_month) == (Decimal(amount), 1000)


def test_a_price_that_has_two_readings_is_asked_about_and_stays_in_the_field(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    answer = browse(alice).post(places["prices"], {**PRICE, "amount": "12.345"})
    assert answer.status_code == 422
    assert "intendi 12345 (senza decimali) o 12,3450 (con i decimali)" in answer.text
    assert 'value="12.345"' in answer.text
    assert not Price.objects.filter(category="utility").exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": "-1"},
        {"amount": "x"},
        {"amount": "NaN"},
        {"free_per_month": "1,5"},
        {"currency": "euro"},
        {"category": "oro"},
    ],
)
def test_a_price_that_is_none_is_refused(
    places: dict[str, str], alice: Person, browse: Browse, changed: dict[str, str]
) -> None:
    assert browse(alice).post(places["prices"], {**PRICE, **changed}).status_code == 422


def test_the_platforms_own_prices_are_offered_in_euro_and_taken_by_a_press(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    Price.objects.all().delete()
    client = browse(alice)
    page = client.get(places["prices"]).text.replace("\xa0", " ")
    assert "da una fonte pubblica che non è Meta" in page
    assert "€ 0,0658" in page
    assert "$" not in page
    assert client.post(reverse("settings:prices_published")).status_code == 302
    taken = {price.category: price for price in Price.objects.all()}
    assert {name: price.amount for name, price in taken.items()} == {
        "marketing": Decimal("0.0658"),
        "utility": Decimal("0.0248"),
        "authentication": Decimal("0.0248"),
        "service": Decimal("0.0248"),
    }
    assert (taken["service"].free_per_month, taken["marketing"].free_per_month) == (1000, 0)
    assert "Usa questi prezzi" not in client.get(places["prices"]).text
    client.post(reverse("settings:prices_published"))
    assert Price.objects.count() == 4


def test_what_the_contract_says_is_not_written_over(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    Price.objects.all().delete()
    client = browse(alice)
    client.post(
        places["prices"], {**PRICE, "category": "marketing", "amount": "0,07", "valid_from": "2026-11-01"}
    )
    client.post(reverse("settings:prices_published"))
    assert Price.objects.get(category="marketing").amount == Decimal("0.07")
    assert Price.objects.count() == 4


def test_only_an_administrator_of_the_organization_takes_them(
    places: dict[str, str], rita: Person, carlo: Person, browse: Browse
) -> None:
    Price.objects.all().delete()
    assert browse(rita).post(reverse("settings:prices_published")).status_code == 403
    assert browse(carlo).post(reverse("settings:prices_published")).status_code == 404
    assert not Price.objects.exists()
