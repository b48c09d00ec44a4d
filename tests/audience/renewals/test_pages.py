# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Iscritti → Conferme: who may see and decide, what is said before and while people are asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.audience import attention
from arengo.audience.models import Identity, ListSettings, Policy, Subscription
from arengo.audience.renewals import asking, closing
from arengo.audience.renewals.models import Asking, Renewal
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import MessageTemplate, Sender
from tests.factories.delivery import set_price
from tests.factories.renewals import arrived, ask_everybody, end, new_version

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
LIST = reverse("audience:renewals")


@pytest.fixture
def renewal(town: Organization, sender: Sender, alice: Person, people: list[Identity]) -> Renewal:
    return ask_everybody(town, sender, alice)


def typed(days: int = 30, then: str = "stay") -> dict[str, str]:
    return {"last_day": (timezone.localdate() + timedelta(days=days)).isoformat(), "then": then}


def test_an_administrator_sees_how_many_and_what_it_costs_and_starts(
    town: Organization, browse: Browse, alice: Person, people: list[Identity]
) -> None:
    set_price(town, "0.03000", category="utility")
    policy = new_version()
    browser = browse(alice)
    assert f"{LIST}chiedi/{policy.pk}/" in browser.get(LIST).text
    page = browser.get(reverse("audience:renewal_ask", args=[policy.pk])).text
    assert "<strong>5 persone</strong>" in page
    assert "€\N{NO-BREAK SPACE}0,15" in page
    assert "Chiedi a 5 persone" in page
    assert "compito di interesse pubblico" in page
    answer = browser.post(reverse("audience:renewal_ask", args=[policy.pk]), typed(), follow=True)
    renewal = Renewal.objects.get()
    assert answer.redirect_chain == [(reverse("audience:renewal", args=[renewal.pk]), 302)]
    asking.run(town.pk, renewal.pk)
    shown = browser.get(reverse("audience:renewal", args=[renewal.pk])).text
    assert "La accetti?" in shown
    assert "Ferma la richiesta" in shown


def test_where_the_list_rests_on_consent_silence_is_explained_otherwise(
    town: Organization, browse: Browse, alice: Person, people: list[Identity]
) -> None:
    ListSettings.objects.update(legal_basis="consent")
    page = browse(alice).get(reverse("audience:renewal_ask", args=[new_version().pk])).text
    assert "il silenzio non è un consenso" in page


def test_what_is_missing_is_said_on_the_page_and_when_publishing(
    town: Organization, browse: Browse, alice: Person, people: list[Identity]
) -> None:
    MessageTemplate.objects.all().delete()
    browser = browse(alice)
    page = browser.get(reverse("audience:renewal_ask", args=[new_version().pk])).text
    assert "Manca il modello «arengo_nuova_versione_resta»" in page
    assert "Manca il modello «arengo_nuova_versione_esce»" in page
    assert reverse("settings:templates") in page
    publishing = browser.get(reverse("settings:policy_new", args=["privacy"])).text
    assert "Per chiedere manca ancora qualcosa" in publishing


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"last_day": "domani", "then": "stay"},
        {"last_day": "2199-12-31", "then": "stay"},
        {"last_day": "", "then": "leave"},
        typed(2),
        typed(30, "erase"),
        {**typed(), "then": ""},
    ],
)
def test_bad_input_says_what_is_wrong_keeps_what_was_typed_and_starts_nothing(
    browse: Browse, alice: Person, people: list[Identity], wrong: dict[str, str]
) -> None:
    answer = browse(alice).post(reverse("audience:renewal_ask", args=[new_version().pk]), wrong)
    assert answer.status_code == 422
    if typed_day := wrong.get("last_day"):
        assert typed_day in answer.text
    assert not Renewal.objects.exists()


def test_a_version_that_is_no_longer_in_force_cannot_be_asked_for(
    browse: Browse, alice: Person, people: list[Identity]
) -> None:
    old = new_version()
    new_version()
    assert browse(alice).get(reverse("audience:renewal_ask", args=[old.pk])).status_code == 404


def test_publishing_asks_nobody_unless_it_is_chosen(
    town: Organization, browse: Browse, alice: Person, people: list[Identity]
) -> None:
    browser, address = browse(alice), reverse("settings:policy_new", args=["privacy"])
    texts = {"summary": "Breve", "text": "Per intero"}
    assert browser.post(address, texts).status_code == 422
    answer = browser.post(address, {**texts, "asking": "nobody"})
    assert answer.headers["Location"] == reverse("settings:policies")
    answer = browser.post(address, {**texts, "asking": "everybody"})
    newest = Policy.objects.filter(kind="privacy").latest("version")
    assert answer.headers["Location"] == reverse("audience:renewal_ask", args=[newest.pk])
    assert not Renewal.objects.exists(), "the next page says how many, and asks"
    assert browser.post(address, {**texts, "asking": "boh"}).status_code == 422


def test_an_administrator_stops_it_after_a_question(browse: Browse, alice: Person, renewal: Renewal) -> None:
    browser, address = browse(alice), reverse("audience:renewal_stop", args=[renewal.pk])
    assert "Fermare la richiesta" in browser.get(address).text
    assert Renewal.objects.get().state == Renewal.State.ASKED
    browser.post(address)
    assert Renewal.objects.get().state == Renewal.State.STOPPED
    assert "andata avanti" in browser.post(address, follow=True).text


def test_an_administrator_goes_back_and_an_editor_puts_one_person_back(
    town: Organization, browse: Browse, alice: Person, edo: Person, people: list[Identity], renewal: Renewal
) -> None:
    arrived(people)
    end(renewal)
    one = Asking.objects.get(identity=people[0])
    card = browse(edo).get(reverse("audience:citizen", args=[people[0].contact_id])).text
    assert "è uscita perché non ha risposto" in card
    assert reverse("audience:renewal_put_back", args=[one.pk]) in card
    browse(edo).post(reverse("audience:renewal_put_back", args=[one.pk]))
    assert Subscription.objects.get(identity=people[0]).active
    page = browse(alice).get(reverse("audience:renewal", args=[renewal.pk])).text
    assert "Rimetti 5 persone nella lista" in page
    browse(alice).post(reverse("audience:renewal_restore", args=[renewal.pk]))
    closing.run_restoring(town.pk, renewal.pk)
    assert Subscription.objects.filter(active=True).count() == 5


def test_what_holds_it_up_is_shown_and_can_be_tried_again(
    browse: Browse, alice: Person, renewal: Renewal
) -> None:
    Renewal.objects.update(state=Renewal.State.ASKING, problem="Il modello è in pausa.", tries=12)
    page = browse(alice).get(reverse("audience:renewal", args=[renewal.pk])).text
    assert "Il modello è in pausa." in page
    browse(alice).post(reverse("audience:renewal_go_on", args=[renewal.pk]))
    assert (Renewal.objects.get().problem, Renewal.objects.get().tries) == ("", 0)


def test_the_overview_points_at_one_that_is_open(town: Organization, renewal: Renewal, alice: Person) -> None:
    [point] = [one for one in attention.points(alice.memberships.get()) if "nuova versione" in one.title]
    assert point.address == reverse("audience:renewal", args=[renewal.pk])
    assert "5 persone" in point.title


def test_editors_and_auditors_look_and_only_administrators_decide(
    browse: Browse, edo: Person, olga: Person, renewal: Renewal
) -> None:
    page = browse(edo).get(reverse("audience:renewal", args=[renewal.pk]))
    assert page.status_code == 200
    assert "Ferma la richiesta" not in page.text
    for name, pk in (
        ("renewal_ask", renewal.policy_id),
        ("renewal_stop", renewal.pk),
        ("renewal_go_on", renewal.pk),
        ("renewal_restore", renewal.pk),
    ):
        assert browse(edo).post(reverse(f"audience:{name}", args=[pk])).status_code == 403
    assert browse(olga).get(LIST).status_code == 403
    assert Renewal.objects.get().state == Renewal.State.ASKED


def test_carlo_of_another_organization_sees_and_does_nothing(
    browse: Browse, carlo: Person, people: list[Identity], renewal: Renewal
) -> None:
    stranger = browse(carlo)
    row = Asking.objects.first()
    assert row is not None
    addresses = [
        LIST,
        reverse("audience:renewal", args=[renewal.pk]),
        *(reverse(f"audience:renewal_{name}", args=[renewal.pk]) for name in ("stop", "go_on", "restore")),
        reverse("audience:renewal_ask", args=[renewal.policy_id]),
        reverse("audience:renewal_put_back", args=[row.pk]),
    ]
    for address in addresses:
        assert stranger.get(address).status_code == 404
        assert stranger.post(address).status_code == 404
    assert Renewal.objects.get().state == Renewal.State.ASKED


def test_another_organizations_renewal_is_not_found(
    browse: Browse, altrove: Organization, alice: Person, carlo: Person
) -> None:
    with organization_scope(altrove):
        policy = new_version()
        other = Renewal.objects.create(
            policy=policy, then="stay", until=timezone.now() + timedelta(days=20), by=carlo
        )
    for name in ("renewal", "renewal_stop", "renewal_restore"):
        assert browse(alice).get(reverse(f"audience:{name}", args=[other.pk])).status_code == 404
    assert browse(alice).get(reverse("audience:renewal_ask", args=[policy.pk])).status_code == 404


def test_the_last_day_is_whole(town: Organization, renewal: Renewal) -> None:
    assert renewal.last_day == timezone.localdate() + timedelta(days=30)
    assert isinstance(renewal.last_day, date)
    assert timezone.localtime(renewal.until).hour == 23
