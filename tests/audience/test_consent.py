# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from arengo.audience import consent
from arengo.audience.consent import Outcome
from arengo.audience.models import Consent, Identity, Policy
from arengo.audience.policies import publish_policy
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Sender
from tests.factories.audience import ANNA, at, citizen


@pytest.fixture
def anna(town: Organization) -> Identity:
    return citizen("Anna Esempio", phone=ANNA.phone)


def join(identity: Identity, minutes: float = 0, **fields: Any) -> consent.Step:
    return consent.give(
        identity,
        **{"at": at(minutes), "message_id": f"join.{minutes}", "text": "ISCRIVIMI", "sender_id": 1, **fields},
    )


def leave(identity: Identity, minutes: float = 0, **fields: Any) -> consent.Step:
    return consent.withdraw(
        identity,
        **{
            "at": at(minutes),
            "source": "message",
            "message_id": f"leave.{minutes}",
            "text": "STOP",
            **fields,
        },
    )


def test_consent_is_recorded_with_its_proof(anna: Identity, sender: Sender) -> None:
    step = join(anna, sender_id=sender.pk)
    assert (step.outcome, step.subscription.active, step.subscription.sender_id) == (
        Outcome.JOINED,
        True,
        sender.pk,
    )
    proof = Consent.objects.get()
    assert (proof.action, proof.at, proof.source, proof.message_id, proof.text) == (
        "given",
        at(0),
        "message",
        "join.0",
        "ISCRIVIMI",
    )
    assert (proof.policy.version, proof.rules.version) == (1, 1)
    assert bytes(proof.subject_hash) == bytes(anna.phone_hash or b"")
    assert b"ISCRIVIMI" not in bytes(proof.text_sealed)


def test_the_version_in_force_is_the_latest(anna: Identity, alice: Person) -> None:
    publish_policy(Policy.Kind.PRIVACY, "Testo nuovo", "Breve", alice)
    join(anna)
    proof = Consent.objects.get()
    assert (proof.policy.version, proof.rules.version) == (2, 1)


def test_joining_twice_is_no_second_consent(anna: Identity) -> None:
    join(anna)
    assert join(anna, 1).outcome is Outcome.ALREADY
    assert Consent.objects.count() == 1


def test_leaving_ends_it_at_once_and_joining_again_begins_anew(anna: Identity) -> None:
    join(anna)
    left = leave(anna, 1)
    assert (left.outcome, left.subscription.active) == (Outcome.LEFT, False)
    assert join(anna, 2).outcome is Outcome.JOINED
    anna.refresh_from_db()
    assert (anna.subscription.active, anna.subscription.since, anna.subscription.ended_at) == (
        True,
        at(2),
        None,
    )
    assert list(Consent.objects.order_by("at").values_list("action", flat=True)) == [
        "given",
        "withdrawn",
        "given",
    ]


def test_leaving_without_being_on_the_list_is_recorded_once(anna: Identity) -> None:
    assert leave(anna, 1).outcome is Outcome.NOT_SUBSCRIBED
    assert leave(anna, 2).outcome is Outcome.NOT_SUBSCRIBED
    assert list(Consent.objects.values_list("action", "effective")) == [("withdrawn", False)]


@pytest.mark.parametrize("said", [1.5, 0.5])
def test_a_join_older_than_the_last_leave_changes_nothing(anna: Identity, said: float) -> None:
    leave(anna, 1)
    leave(anna, 2)
    assert join(anna, said).outcome is Outcome.OVERTAKEN
    assert not anna.subscription.active
    assert Consent.objects.filter(action="given", effective=False).count() == 1


def test_a_leave_older_than_the_join_changes_nothing(anna: Identity) -> None:
    join(anna, 5)
    assert leave(anna, 1).outcome is Outcome.OVERTAKEN
    assert anna.subscription.active


def test_the_same_message_again_changes_nothing(anna: Identity) -> None:
    join(anna, 1)
    leave(anna, 2)
    assert join(anna, 1).outcome is Outcome.OVERTAKEN
    assert leave(anna, 2).outcome is Outcome.OVERTAKEN
    assert Consent.objects.count() == 2


def test_staff_may_unsubscribe_at_request_and_it_is_audited(anna: Identity, alice: Person) -> None:
    join(anna)
    step = consent.withdraw(anna, at=at(1), source="staff", by=alice)
    assert step.outcome is Outcome.LEFT
    assert Consent.objects.get(action="withdrawn").by == alice
    assert AuditEntry.objects.filter(verb="audience.unsubscribed", person=alice).count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audience_consent SET text_sealed = NULL",
        "UPDATE audience_consent SET at = now()",
        "UPDATE audience_consent SET identity_id = NULL, action = 'withdrawn'",
        "DELETE FROM audience_consent",
        "TRUNCATE audience_consent CASCADE",
        "UPDATE audience_policy SET text = 'altro'",
        "DELETE FROM audience_policy",
        "TRUNCATE audience_policy CASCADE",
    ],
)
def test_the_database_refuses_to_change_proof_and_policies(anna: Identity, statement: str) -> None:
    join(anna)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Consent.objects.get().text == "ISCRIVIMI"


def test_a_consent_may_lose_its_person_but_never_gets_one_back(anna: Identity) -> None:
    join(anna)
    Consent.objects.update(identity=None)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Consent.objects.update(identity=anna)


def test_policies_are_numbered_one_after_the_other(town: Organization, alice: Person) -> None:
    first = Policy.objects.get(kind="rules")
    second = publish_policy(Policy.Kind.RULES, "Nuove regole", "Breve", alice)
    assert (first.version, second.version) == (1, 2)
    assert AuditEntry.objects.filter(verb="audience.published_policy", person=alice).count() == 1
