# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever takes somebody off the list says why, in the row that proves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.audience import consent, identities, privacy
from arengo.audience.consent import Outcome, Words
from arengo.audience.models import Consent, Identity, Subscription
from arengo.audience.reasons import Reason
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Sender
from arengo.platforms.contract import Address
from tests.factories.audience import ANNA, at, citizen, message


def join(identity: Identity, sender: Sender, minutes: float = 0) -> consent.Step:
    return consent.give(
        identity, at=at(minutes), message_id=f"join.{minutes}", text="ISCRIVIMI", sender_id=sender.pk
    )


def why() -> list[str]:
    """Of each that was withdrawn, in the order in which it was recorded."""
    rows = Consent.objects.filter(action=Consent.Action.WITHDRAWN, effective=True).order_by("pk")
    return list(rows.values_list("reason", flat=True))


@pytest.mark.parametrize(
    ("source", "reason"),
    [("message", "unsubscribed"), ("staff", "unsubscribed"), ("platform", "platform"), ("import", "bulk")],
)
def test_a_door_has_its_usual_reason(town: Organization, sender: Sender, source: str, reason: str) -> None:
    anna = citizen()
    join(anna, sender)
    consent.withdraw(anna, at=at(1), source=source)
    assert why() == [reason]


def test_a_reason_that_is_told_is_kept(town: Organization, sender: Sender) -> None:
    anna = citizen()
    join(anna, sender)
    consent.withdraw(anna, at=at(1), source=Consent.Source.RULE, reason=Reason.TOPIC_ENDED)
    assert why() == ["topic_ended"]


def test_the_database_takes_no_leaving_without_a_reason_and_no_joining_with_one(town: Organization) -> None:
    anna = citizen()
    for action, reason in (("withdrawn", ""), ("withdrawn", "because"), ("given", "erased")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.create(identity=anna, action=action, at=at(0), source="staff", reason=reason)


def test_who_is_erased_is_counted_on_their_day_and_named_nowhere(
    town: Organization, sender: Sender, alice: Person
) -> None:
    anna = citizen("Anna Esempio", phone=ANNA.phone)
    join(anna, sender)
    privacy.erase(anna.contact, by=alice)
    assert why() == ["erased"]
    row = Consent.objects.get(reason="erased")
    assert (row.identity, row.own_key, row.text, row.subject_hash) == (None, None, "", b"")
    today: date = timezone.localdate()
    left = Consent.objects.filter(action=Consent.Action.WITHDRAWN, effective=True)
    assert [timezone.localtime(one.at).date() for one in left] == [today]
    assert not AuditEntry.objects.filter(
        verb="audience.unsubscribed"
    ).exists()  # the erasure has its own line


def test_who_was_not_on_the_list_leaves_nothing_when_erased(town: Organization, alice: Person) -> None:
    privacy.erase(citizen().contact, by=alice)
    assert why() == []


def test_of_two_subscriptions_that_become_one_the_other_counts_as_merged(
    town: Organization, sender: Sender
) -> None:
    by_phone, by_user = citizen(phone=ANNA.phone), citizen(user_id="IT.ANNA1")
    join(by_phone, sender)
    join(by_user, sender, 5)
    phone_hash = by_phone.subject_hash
    [kept] = identities.resolve("whatsapp", sender.pk, [Address(phone=ANNA.phone, user_id="IT.ANNA1")])
    assert why() == ["merged"]
    assert Subscription.objects.filter(active=True).count() == 1
    given = Consent.objects.filter(action="given", effective=True).count()
    assert given - len(why()) == 1  # arrivals less departures are who is there
    row = Consent.objects.get(reason="merged")
    assert row.identity_id == kept.pk
    assert row.subject_hash in {phone_hash, by_user.subject_hash}


def test_who_was_merged_can_still_leave_and_the_merger_is_no_word_of_theirs(
    town: Organization, sender: Sender
) -> None:
    join(citizen(phone=ANNA.phone), sender)
    join(citizen(user_id="IT.ANNA1"), sender, 5)
    [anna] = identities.resolve("whatsapp", sender.pk, [Address(phone=ANNA.phone, user_id="IT.ANNA1")])
    assert (
        consent.withdraw(anna, at=timezone.now(), source="message", message_id="leave").outcome
        is Outcome.LEFT
    )
    assert why() == ["merged", "unsubscribed"]


def test_a_merger_of_somebody_who_is_not_on_the_list_ends_no_subscription(
    town: Organization, sender: Sender
) -> None:
    join(citizen(phone=ANNA.phone), sender)
    citizen(user_id="IT.ANNA1")
    identities.resolve("whatsapp", sender.pk, [Address(phone=ANNA.phone, user_id="IT.ANNA1")])
    assert why() == []


def test_a_leave_in_their_own_words_is_recorded_behind_one_of_a_rule(
    town: Organization, sender: Sender
) -> None:
    anna = citizen()
    join(anna, sender)
    consent.withdraw(anna, at=at(1), source=Consent.Source.RULE, reason=Reason.INVALID)
    step = consent.withdraw(anna, at=at(2), source="message", message_id="leave", text="CANCELLAMI")
    assert step.outcome is Outcome.NOT_SUBSCRIBED
    assert Consent.objects.order_by("-at")[0].text == "CANCELLAMI"


def test_an_import_brings_nobody_back_whose_number_a_rule_took_off(
    town: Organization, sender: Sender, alice: Person
) -> None:
    anna = citizen()
    imported: dict[str, Any] = {"sender_id": sender.pk, "by": alice}
    consent.say([Words(anna, Consent.Action.GIVEN, at(0), Consent.Source.IMPORT, **imported)])
    consent.withdraw(anna, at=at(1), source=Consent.Source.RULE, reason=Reason.INVALID)
    [step] = consent.say([Words(anna, Consent.Action.GIVEN, at(2), Consent.Source.IMPORT, **imported)])
    assert step.outcome is Outcome.OVERTAKEN


def test_the_leave_command_says_unsubscribed(town: Organization, arrive: Any) -> None:
    arrive(message(text="ISCRIVIMI"))
    arrive(message(text="CANCELLAMI", sent_at=at(1)))
    assert why() == ["unsubscribed"]


def test_card_and_proof_say_why_in_words(
    town: Organization, sender: Sender, edo: Person, browse: Callable[..., Client]
) -> None:
    client = browse(edo)
    anna = citizen()
    join(anna, sender)
    consent.withdraw(anna, at=at(1), source=Consent.Source.RULE, reason=Reason.INVALID)
    row = Consent.objects.get(reason="invalid")
    card = client.get(reverse("audience:citizen", args=[anna.contact_id])).content.decode()
    proof = client.get(reverse("audience:proof", args=[row.pk])).content.decode()
    for page in (card, proof):
        assert "il numero non è più valido" in page
    assert "regola della lista, applicata da Arengo" in proof
    exported = privacy.of_citizen(anna.contact_id)["consents"]
    assert [one["reason"] for one in exported] == ["invalid", ""]
