# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One person under several addresses: joined where they turn out to be one, told apart where they are two."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from arengo.audience import arrivals
from arengo.audience.models import Consent, Contact, Identity, Subscription
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from arengo.desk.models import Conversation, Message
from arengo.platforms.contract import Address, IdentityChanged
from tests.factories.audience import ANNA, BRUNO, CLARA, NOON, at, known, message

Arrive = Callable[..., None]


def test_a_user_id_learnt_later_belongs_to_the_known_number(arrive: Arrive) -> None:
    arrive(message(ANNA))
    both = Address(phone=ANNA.phone, user_id="IT.ANNA0001")
    arrive(message(both))
    assert Identity.objects.count() == 1
    assert known(Address(user_id="IT.ANNA0001")).address == both


def test_a_number_shown_later_belongs_to_the_known_user_id(arrive: Arrive) -> None:
    arrive(message(CLARA, "ISCRIVIMI"))
    both = Address(phone="+393330000003", user_id=CLARA.user_id)
    arrive(message(both))
    assert Identity.objects.count() == 1
    assert known(Address(phone="+393330000003")).subscription.active


def test_a_number_and_a_user_id_that_turn_out_to_be_one_person_are_joined(
    arrive: Arrive, sender: Sender
) -> None:
    arrive(message(ANNA, "A che ora apre l'anagrafe?", name="Anna Esempio"))
    arrive(message(CLARA, "ISCRIVIMI", sent_at=at(1)), message(CLARA, "Grazie!", sent_at=at(2)))
    arrive(message(Address(phone=ANNA.phone, user_id=CLARA.user_id), "Sono sempre io", sent_at=at(3)))
    person = Identity.objects.get()
    assert person.address == Address(phone=ANNA.phone, user_id=CLARA.user_id)
    assert Contact.objects.get().name == "Anna Esempio"
    assert Subscription.objects.get().identity == person
    assert Consent.objects.get().identity == person
    assert {conversation.identity_id for conversation in Conversation.objects.all()} == {person.pk}
    assert Conversation.objects.filter(state="open").count() == 1
    assert Message.objects.filter(direction="in").count() == 4


def test_a_name_that_is_seen_stays_with_who_is_joined(arrive: Arrive) -> None:
    arrive(message(ANNA), message(CLARA, name="Clara Esempio", username="clara"))
    Contact.objects.filter(name="").update(name="\u3164")  # as an older version stored it
    Identity.objects.filter(username="").update(username="\u200b")
    arrive(message(Address(phone=ANNA.phone, user_id=CLARA.user_id), sent_at=at(3)))
    assert Contact.objects.get().name == "Clara Esempio"
    assert Identity.objects.get().username == "clara"


@pytest.mark.parametrize(
    ("by_number", "by_user_id", "still"),
    [("ISCRIVIMI", "CANCELLAMI", False), ("STOP", "ISCRIVIMI", True)],
)
def test_of_two_joined_subscriptions_the_later_word_counts(
    arrive: Arrive, by_number: str, by_user_id: str, still: bool
) -> None:
    arrive(message(ANNA, by_number, sent_at=at(1)), message(CLARA, by_user_id, sent_at=at(2)))
    arrive(message(Address(phone=ANNA.phone, user_id=CLARA.user_id), sent_at=at(3)))
    assert Subscription.objects.get().active is still


def test_a_number_taken_over_by_somebody_else_leaves_the_former_owner_their_user_id(arrive: Arrive) -> None:
    anna = Address(phone=ANNA.phone, user_id="IT.ANNA0001")
    clara = Address(phone="+393330000003", user_id="IT.CLARA0001")
    arrive(message(anna, name="Anna Esempio"), message(clara, name="Clara Esempio"))
    arrive(message(Address(phone=ANNA.phone, user_id="IT.CLARA0001")))
    assert known(ANNA).contact.name == "Clara Esempio"
    assert known(Address(user_id="IT.ANNA0001")).address == Address(user_id="IT.ANNA0001")
    assert known(Address(user_id="IT.ANNA0001")).contact.name == "Anna Esempio"


def test_people_seen_under_three_addresses_in_one_batch_are_one(arrive: Arrive) -> None:
    both = Address(phone=ANNA.phone, user_id="IT.ANNA0001")
    arrive(message(ANNA), message(Address(user_id="IT.ANNA0001")), message(both))
    assert (Identity.objects.get().address, Contact.objects.count()) == (both, 1)


def test_who_changes_number_keeps_subscription_and_consent(
    arrive: Arrive, town: Organization, sender: Sender
) -> None:
    before = Address(phone=ANNA.phone, user_id="IT.ANNA0001")
    arrive(message(before, "ISCRIVIMI"))
    person = known(before)
    after = Address(phone="+393330000009", user_id="IT.ANNA0002")
    change = IdentityChanged(previous=before, current=after, at=at(1))
    arrivals.identity_changed(Batch(town.pk, sender.pk, [change], "whatsapp"))
    arrivals.identity_changed(Batch(town.pk, sender.pk, [change], "whatsapp"))
    person.refresh_from_db()
    assert (person.address, person.subscription.active) == (after, True)
    assert Identity.objects.count() == 1


def test_a_changed_number_that_wrote_already_is_joined_with_its_former_self(
    arrive: Arrive, town: Organization, sender: Sender
) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    arrive(message(BRUNO, "Ho cambiato numero"))
    change = IdentityChanged(previous=ANNA, current=BRUNO, at=at(1))
    arrivals.identity_changed(Batch(town.pk, sender.pk, [change], "whatsapp"))
    assert known(BRUNO).subscription.active
    assert (Identity.objects.count(), Contact.objects.count()) == (1, 1)


def test_a_change_of_somebody_unknown_is_no_trouble(town: Organization, sender: Sender) -> None:
    change = IdentityChanged(previous=ANNA, current=BRUNO, at=NOON)
    arrivals.identity_changed(Batch(town.pk, sender.pk, [change], "whatsapp"))
    assert Identity.objects.count() == 0


def test_an_erased_person_who_writes_again_is_somebody_new(
    arrive: Arrive, town: Organization, alice: object
) -> None:
    from arengo.audience.privacy import erase

    arrive(message(ANNA, name="Anna Esempio"))
    erase(known(ANNA).contact, by=alice)  # type: ignore[arg-type]  # the fixture is a Person
    arrive(message(ANNA, "Rieccomi"))
    assert Contact.objects.count() == 2
    assert known(ANNA).contact.erased_at is None
