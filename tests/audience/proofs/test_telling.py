# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each consent keeps how it was said, what was answered, and which versions that answer showed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from arengo.audience import consent, privacy
from arengo.audience.models import Consent, ListSettings, Policy
from arengo.audience.policies import publish_policy
from arengo.audience.proofs.models import Told
from arengo.core import automatic
from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery
from tests.factories.audience import ANNA, CLARA, at, known, message

Arrive = Callable[..., None]


def test_the_answer_stands_in_the_log_word_by_word_with_the_versions_that_it_carries(arrive: Arrive) -> None:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio"))
    line, told = Consent.objects.get(), Told.objects.get()
    assert told.consent == line
    assert "CANCELLAMI" in told.text
    assert told.policy == line.policy
    assert told.rules == line.rules
    assert told.delivery_id == Delivery.objects.get().pk
    assert b"CANCELLAMI" not in bytes(told.text_sealed)


def test_a_welcome_that_names_neither_text_shows_no_version(arrive: Arrive) -> None:
    ListSettings.objects.update(welcome_text="Benvenuta. Per uscire: CANCELLAMI")
    arrive(message(ANNA, "ISCRIVIMI"))
    line, told = Consent.objects.get(), Told.objects.get()
    assert (told.policy, told.rules) == (None, None)
    assert line.policy is not None, "what was in force is another thing than what was shown"


def test_a_link_shows_a_version_too(arrive: Arrive) -> None:
    ListSettings.objects.update(welcome_text="Benvenuta: {link_informativa}")
    arrive(message(ANNA, "ISCRIVIMI"))
    told = Told.objects.get()
    assert told.policy == Policy.objects.get(kind="privacy")
    assert told.rules is None


def test_a_later_version_does_not_change_what_was_shown(arrive: Arrive, alice: Person) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    publish_policy(Policy.Kind.PRIVACY, "Testo nuovo", "Breve", alice)
    assert Told.objects.get().policy.version == 1


def test_what_is_not_answered_was_shown_nothing(arrive: Arrive) -> None:
    automatic.switch(["audience.welcome"], on=False)
    arrive(message(ANNA, "ISCRIVIMI"))
    assert Consent.objects.count() == 1
    assert not Told.objects.exists()


def test_the_goodbye_belongs_to_the_leaving(arrive: Arrive) -> None:
    arrive(message(ANNA, "ISCRIVIMI"), message(ANNA, "CANCELLAMI", sent_at=at(5)))
    assert [each.consent.action for each in Told.objects.order_by("pk")] == ["given", "withdrawn"]


@pytest.mark.parametrize(
    ("fields", "way"),
    [
        ({}, "message"),
        ({"kind": "choice", "choice_id": "arengo:join"}, "button"),
        ({"kind": "choice", "choice_id": "arengo:join", "from_list": True}, "menu"),
    ],
)
def test_the_way_is_kept(arrive: Arrive, fields: dict[str, object], way: str) -> None:
    arrive(message(ANNA, "ISCRIVIMI", **fields))
    assert Consent.objects.get().way == way


def test_a_way_that_nobody_says_is_the_plain_one_of_its_source(arrive: Arrive, alice: Person) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    consent.withdraw(known(ANNA), at=at(9), source=Consent.Source.STAFF, by=alice)
    assert Consent.objects.get(action="withdrawn").way == "staff"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audience_proofs_told SET at = now()",
        "DELETE FROM audience_proofs_told",
        "TRUNCATE audience_proofs_told",
        "UPDATE audience_consent SET way = 'form'",
        "UPDATE audience_consent SET poster = 'B12'",
    ],
)
def test_the_database_refuses_to_change_it(arrive: Arrive, statement: str) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_erasing_the_person_closes_the_answer_for_good(arrive: Arrive, alice: Person) -> None:
    arrive(message(CLARA, "ISCRIVIMI", name="Clara Esempio"))
    assert (
        privacy.export(known(CLARA).contact, by=alice)["answers_to_consents"][0]["text"]
        == Told.objects.get().text
    )
    privacy.erase(known(CLARA).contact, by=alice)
    told = Told.objects.get()
    assert told.text == ""
    assert told.policy.version == 1


def test_people_of_another_organization_are_not_in_it(arrive: Arrive, town: Organization) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    assert set(Told.objects.values_list("organization", flat=True)) == {town.pk}
