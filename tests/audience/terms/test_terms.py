# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The legal basis, the minimum age and the first words of the welcome."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from arengo.audience import consent
from arengo.audience.defaults import create_defaults
from arengo.audience.models import ListSettings, Policy
from arengo.audience.policies import publish_policy
from arengo.audience.proofs.models import Told
from arengo.audience.wording import Wording, opening_problems
from arengo.core.models import AuditEntry, Organization, Person
from tests.factories.audience import ANNA, known, message
from tests.factories.core import STRANGER_HOST

Arrive = Callable[..., None]
Browse = Callable[..., Client]
AGE = "Ci si può iscrivere dai 14 anni."


def _save(client: Client, **given: str) -> int:
    values = {"legal_basis": "task", "minimum_age": "", "confirm_days": "7", **given}
    return int(client.post(reverse("settings:terms"), values).status_code)


def test_a_new_list_rests_on_the_public_task_and_its_texts_say_so(town: Organization) -> None:
    assert ListSettings.objects.get().legal_basis == "task"
    notice = Policy.objects.get(kind="privacy")
    assert notice.legal_basis == "task"
    assert "compito di interesse pubblico" in notice.text
    assert "consenso" not in notice.text + notice.summary


def test_the_words_follow_the_basis(arrive: Arrive, alice: Person, edo: Person, browse: Browse) -> None:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio"))
    card = reverse("audience:citizen", args=[known(ANNA).contact_id])
    assert "Richieste di iscrizione e di cancellazione" in browse(edo).get(card).text
    assert _save(browse(alice), legal_basis="consent") == 302
    shown = browse(edo).get(card).text
    assert "Consensi" in shown
    assert "Richieste di iscrizione" not in shown
    line = AuditEntry.objects.get(verb="audience.changed_terms")
    assert (line.person, line.detail["changed"]) == (alice, ["legal_basis"])


def test_another_basis_asks_for_another_notice_and_proposes_it(
    town: Organization, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    assert "un’altra base giuridica" not in client.get(reverse("settings:terms")).text
    _save(client, legal_basis="consent")
    assert "un’altra base giuridica" in client.get(reverse("settings:terms")).text
    proposed = client.get(reverse("settings:policy_new", args=["privacy"]) + "?base=1").context["form"]
    text, summary = str(proposed["text"].value()), str(proposed["summary"].value())
    assert "alla lista: consenso (art. 6" in text
    assert "Il consenso è libero" in summary
    publish_policy(Policy.Kind.PRIVACY, text, summary, alice)
    assert "un’altra base giuridica" not in client.get(reverse("settings:terms")).text


def test_the_proof_says_the_basis_of_its_own_notice(
    arrive: Arrive, alice: Person, edo: Person, browse: Browse
) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    _save(browse(alice), legal_basis="consent")
    line = known(ANNA).consents.get()
    assert "Compito di interesse pubblico" in browse(edo).get(reverse("audience:proof", args=[line.pk])).text


def test_the_minimum_age_is_in_the_welcome_and_on_the_public_pages(
    arrive: Arrive, alice: Person, client: Client, browse: Browse
) -> None:
    assert _save(browse(alice), minimum_age=AGE) == 302
    arrive(message(ANNA, "ISCRIVIMI"))
    assert AGE in Told.objects.get().text
    for name in ("portal:privacy", "portal:follow", "portal:home"):
        assert AGE in client.get(reverse(name), HTTP_HOST="esempio.test").text


def test_a_welcome_that_says_the_age_itself_says_it_once(arrive: Arrive) -> None:
    ListSettings.objects.update(minimum_age=AGE, welcome_text="Iscritta. {eta_minima} Per uscire: STOP")
    arrive(message(ANNA, "ISCRIVIMI"))
    assert Told.objects.get().text == f"Iscritta. {AGE} Per uscire: STOP"


def test_without_an_age_nothing_is_said_of_it(arrive: Arrive, client: Client) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    assert "anni" not in Told.objects.get().text
    assert "Da quale età" not in client.get(reverse("portal:privacy"), HTTP_HOST="esempio.test").text


def test_an_age_that_would_make_the_welcome_too_long_is_refused_and_stays_typed(
    town: Organization, alice: Person, browse: Browse
) -> None:
    ListSettings.objects.update(welcome_text="b" * 2000 + "{informativa}{informativa}")
    Policy.objects.create(kind="privacy", version=2, text="t", summary="a" * 1000)
    answer = browse(alice).post(reverse("settings:terms"), {"legal_basis": "task", "minimum_age": "c" * 150})
    assert answer.status_code == 422
    assert "c" * 150 in answer.text
    assert ListSettings.objects.get().minimum_age == ""


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_welcome_of_every_language_begins_with_what_and_how_to_leave(
    scope: Organization, language: str
) -> None:
    scope.name, scope.language = "Unione dei Comuni della Valle di Esempio e delle Colline", language
    scope.save()
    settings = create_defaults(scope)
    sent = Wording.of(scope).message(settings.welcome_text)
    assert opening_problems(sent, scope.name, settings.leave_words) == []
    assert "/informativa/" in sent
    assert "/regole/" in sent


def test_a_welcome_that_begins_with_something_else_is_warned_of_and_saved_all_the_same(
    town: Organization, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    address = reverse("settings:list")
    assert "Nei primi 160 caratteri" not in client.get(address).text
    ListSettings.objects.update(welcome_text="Ciao! " * 40 + "Per uscire scrivi CANCELLAMI")
    shown = client.get(address).text
    assert shown.count("Nei primi 160 caratteri") == 2
    fields = client.get(address).context["form"]
    given = {name: fields[name].value() for name in fields.fields if name != "remove_topics"}
    assert client.post(address, given).status_code == 302


def test_leave_words_count_whole() -> None:
    said = "Riceverai gli avvisi. Con la cancellazione del mutuo"
    assert len(opening_problems(said, "Ente", ["cancella"])) == 1
    assert opening_problems("Riceverai gli avvisi. Per uscire: Cancella!", "Ente", ["CANCELLA"]) == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_carlo_does_not_see_our_terms(town: Organization, carlo: Person, browse: Browse, method: str) -> None:
    assert getattr(browse(carlo), method)(reverse("settings:terms")).status_code == 404
    assert _save(browse(carlo, STRANGER_HOST), legal_basis="consent") in (302, 404)
    assert ListSettings.objects.get().legal_basis == "task"


def test_auditors_read_and_change_nothing(town: Organization, rita: Person, browse: Browse) -> None:
    client = browse(rita)
    assert client.get(reverse("settings:terms")).status_code == 200
    assert _save(client, legal_basis="consent") == 403


def test_consents_are_still_recorded_where_nothing_was_set(scope: Organization, sender: object) -> None:
    create_defaults(scope)
    ListSettings.objects.all().delete()
    assert publish_policy(Policy.Kind.RULES, "Testo", "Breve", None).legal_basis == ""
    assert consent.say([]) == []
