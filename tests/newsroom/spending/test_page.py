# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Spesa: what a month cost, and how much it may cost, as people see it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Budget, Charge, Delivery, DeliveryState, Price, Sender
from arengo.delivery.spending.figures import this_month
from arengo.newsroom import publishing
from arengo.newsroom.models import Update
from tests.factories.core import STRANGER_HOST
from tests.factories.delivery import decide, set_price
from tests.newsroom.pages import ROOT, Browse, Write, words

SPENDING = f"{ROOT}spesa/"


def delivered(update: Update) -> None:
    of = Delivery.objects.filter(fanout__topic=update.topic)
    decide(of, DeliveryState.DELIVERED, billable=True, category="marketing")


def send(town: Organization, update: Update, edo: Person) -> None:
    publishing.publish(town, update.pk, by=edo, key=f"k{update.pk}", version=update.version)
    publishing.carry_out(town.pk, update.pk)


def test_each_update_stands_with_what_was_said_and_what_it_cost(
    out: Update, edo: Person, browse: Browse
) -> None:
    two = Delivery.objects.filter(pk__in=Delivery.objects.order_by("pk").values("pk")[:2])
    decide(two, DeliveryState.DELIVERED, billable=True, category="marketing")
    decide(
        Delivery.objects.exclude(state=DeliveryState.DELIVERED), DeliveryState.FAILED, 131026, "Undeliverable"
    )
    page = words(browse(edo).get(SPENDING))
    assert "Gli appuntamenti della settimana" in page
    assert "2 € 0,17 € 0,11" in page  # arrived, estimated, spent
    assert "€ 0,06" not in page
    sent = words(browse(edo).get(out.get_absolute_url()))
    assert "Speso € 0,11" in sent
    assert "Stimato prima € 0,17" in sent
    assert "1 non riuscito · costato € 0,11" in words(browse(edo).get(ROOT))


def test_answers_of_the_desk_stand_by_themselves(
    town: Organization, sender: Sender, edo: Person, browse: Browse
) -> None:
    set_price(town, "0.0248", category="service", free_per_month=1000)
    for billable, many in ((False, 1000), (True, 50)):
        Charge.objects.create(
            organization=town,
            sender=sender,
            day=this_month(town),
            category="service",
            billable=billable,
            count=many,
        )
    page = words(browse(edo).get(SPENDING))
    assert "Risposte dello sportello (service) messaggi singoli 1.050 – € 1,24" in page
    assert "1.050 messaggi arrivati, 1.000 gratuiti" in page
    assert "1.050 di 1.000 usate" in page
    assert "Ora ogni risposta costa € 0,0248." in page


def test_nearly_used_answers_say_whether_they_last(
    town: Organization, sender: Sender, edo: Person, browse: Browse
) -> None:
    set_price(town, "0.0248", category="service", free_per_month=1000)
    Charge.objects.create(
        organization=town, sender=sender, day=this_month(town), category="service", billable=False, count=812
    )
    page = words(browse(edo).get(SPENDING))
    assert "812 di 1.000 usate , oltre l'80 per cento. Poi ogni risposta costa € 0,0248." in page
    assert "A questo passo a fine mese saranno circa" in page


def test_what_digests_alone_would_have_cost(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    """Three news of two flashes: two sends of four instead of three."""
    for number in range(3):
        send(town, update := write(title=f"Titolo {number}"), edo)
        delivered(update)
    page = words(browse(edo).get(SPENDING))
    assert "€ 0,50" in page
    assert "sarebbero 2 invii invece di 3: circa € 0,34" in page


def test_of_one_news_nothing_is_said_of_digests(out: Update, edo: Person, browse: Browse) -> None:
    delivered(out)
    assert "data-digests" not in browse(edo).get(SPENDING).content.decode()


def test_months_before_are_a_press_away_and_the_next_is_not_there_yet(
    out: Update, town: Organization, edo: Person, browse: Browse
) -> None:
    delivered(out)
    before = this_month(town) - timedelta(days=1)
    Charge.objects.update(day=before)
    now = browse(edo).get(SPENDING)
    assert "non è ancora arrivato nessun messaggio" in words(now)
    assert f"?mese={before:%Y-%m}" in now.content.decode()
    assert "Mese dopo" not in words(now)
    then = words(browse(edo).get(f"{SPENDING}?mese={before:%Y-%m}"))
    assert "Gli appuntamenti della settimana" in then
    assert "Mese dopo" in then


@pytest.mark.parametrize("month", ["2199-01", "x", "0001-01", "2026-13", "20261", "%00"])
def test_a_month_that_is_none_is_the_present_one(
    town: Organization, edo: Person, browse: Browse, month: str
) -> None:
    assert "fin qui" in words(browse(edo).get(f"{SPENDING}?mese={month}"))


def test_without_prices_the_page_says_so(out: Update, edo: Person, browse: Browse) -> None:
    Price.objects.all().delete()
    delivered(out)
    page = words(browse(edo).get(SPENDING))
    assert "Di 3 messaggi a pagamento non c'è il prezzo: la spesa vera è più alta." in page
    assert "€ 0,00" not in page.split("Sei mesi")[0]


def test_the_file_holds_the_same_lines(out: Update, edo: Person, browse: Browse) -> None:
    delivered(out)
    answer = browse(edo).get(f"{SPENDING}csv/")
    assert "spesa-" in answer["Content-Disposition"]
    [head, line] = answer.content.decode().splitlines()
    assert head.endswith("Che cosa;Quando;Arrivati;Gratuiti;Stimato;Speso")
    assert line.startswith("Gli appuntamenti della settimana;")
    assert line.replace("\xa0", " ").endswith(";3;0;€ 0,17;€ 0,17")


# --- the budget -----------------------------------------------------------------------------------------------------


def test_who_approves_sets_the_budget_and_the_log_says_so(
    town: Organization, ada: Person, browse: Browse
) -> None:
    client = browse(ada)
    answer = client.post(f"{SPENDING}limite/", {"amount": "600,00", "beyond": "stops"}, follow=True)
    assert "Limite salvato." in words(answer)
    assert "Nel limite" in words(answer)
    budget = Budget.objects.get()
    assert (budget.amount, budget.currency, budget.stops) == (Decimal(600), "EUR", True)
    assert AuditEntry.objects.get(verb="newsroom.set_budget").detail == {
        "amount": "600.00 EUR",
        "beyond": "stops",
    }
    client.post(f"{SPENDING}limite/", {"amount": "1.200", "beyond": "warns"})
    assert Budget.objects.get().amount == 1200
    client.post(f"{SPENDING}limite/togli/")
    assert not Budget.objects.exists()


@pytest.mark.parametrize("amount", ["", "0", "-1", "molto", "NaN"])
def test_a_budget_that_is_none_is_refused_and_stays_in_the_field(
    town: Organization, ada: Person, browse: Browse, amount: str
) -> None:
    answer = browse(ada).post(f"{SPENDING}limite/", {"amount": amount, "beyond": "stops"})
    assert answer.status_code == 422
    assert f'value="{amount}"' in answer.content.decode() or not amount
    assert not Budget.objects.exists()


def test_an_editor_looks_and_does_not_decide(town: Organization, edo: Person, browse: Browse) -> None:
    page = words(browse(edo).get(SPENDING))
    assert "Salva il limite" not in page
    assert "Lo decide chi approva o chi amministra." in page
    assert browse(edo).post(f"{SPENDING}limite/", {"amount": "1", "beyond": "stops"}).status_code == 403
    assert browse(edo).post(f"{SPENDING}limite/togli/").status_code == 403


def test_carlo_of_another_organization_sees_nothing_of_it(
    out: Update, altrove: Organization, carlo: Person, browse: Browse
) -> None:
    delivered(out)
    client = browse(carlo, host=STRANGER_HOST)
    assert "Gli appuntamenti" not in words(client.get(SPENDING))
    for address in ("", "csv/", "limite/togli/"):
        assert browse(carlo).get(SPENDING + address).status_code == 404
    assert browse(carlo).post(f"{SPENDING}limite/", {"amount": "1", "beyond": "stops"}).status_code == 404


def test_it_asks_the_database_the_same_few_times_however_many_updates_there_are(
    town: Organization, write: Write, edo: Person, browse: Browse, django_assert_max_num_queries: object
) -> None:
    for number in range(4):
        send(town, update := write(title=f"Titolo {number}"), edo)
        delivered(update)
    client = browse(edo)
    with django_assert_max_num_queries(32):  # type: ignore[operator]  # pytest-django's
        client.get(SPENDING)
