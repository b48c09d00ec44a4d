# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from arengo.audience import people, privacy
from arengo.audience.models import (
    Consent,
    Contact,
    ContactKey,
    FormerAddress,
    Identity,
    Subscription,
)
from arengo.core.models import AuditEntry, Organization, Person
from arengo.desk.models import Message
from arengo.platforms.contract import Address
from tests.factories.audience import ANNA, BRUNO, CLARA, at, known, message

Arrive = Callable[..., None]


def test_erasing_leaves_nothing_that_names_the_person(arrive: Arrive, alice: Person) -> None:
    arrive(
        message(ANNA, "ISCRIVIMI", name="Anna Esempio", username="anna.e"),
        message(ANNA, "Il mio segreto", name="Anna Esempio"),
    )
    contact = known(ANNA).contact
    privacy.erase(contact, by=alice)
    contact.refresh_from_db()
    assert (contact.name, contact.erased_at is not None) == ("", True)
    assert Identity.objects.count() == Subscription.objects.count() == 0
    assert set(Message.objects.filter(direction="in").values_list("text", flat=True)) == {""}
    with connection.cursor() as cursor:
        for table in (
            "audience_contact",
            "audience_consent",
            "core_auditentry",
            "desk_message",
            "desk_conversation",
        ):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} t")  # noqa: S608  # names of ours
            [(text,)] = cursor.fetchall()
            assert "3330000001" not in text
            assert "anna" not in text.lower()


def test_consents_outlive_the_person_and_nobody_can_tell_whose_they_were(
    arrive: Arrive, alice: Person
) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    before = Consent.objects.get()
    privacy.erase(known(ANNA).contact, by=alice)
    proof, left = Consent.objects.order_by("pk")
    assert (left.identity, left.reason, left.text, left.subject_hash) == (None, "erased", "", b"")
    assert (proof.identity, proof.action, proof.at, proof.policy) == (None, "given", before.at, before.policy)
    assert (proof.text, proof.message_id, proof.subject_hash) == ("", "", b"")
    assert ContactKey.objects.count() == 0


def test_what_a_person_said_before_a_merge_is_proven_after_it(arrive: Arrive, alice: Person) -> None:
    arrive(message(ANNA, "ISCRIVIMI"), message(CLARA, "Buongiorno"))
    arrive(message(CLARA, "ISCRIVIMI"))
    both = Address(phone=ANNA.phone, user_id=CLARA.user_id)
    arrive(message(both, "CANCELLAMI"))
    contact = known(ANNA).contact
    said = privacy.consents_of(contact)
    assert sorted(consent.text for consent in said) == ["", "CANCELLAMI", "ISCRIVIMI", "ISCRIVIMI"]
    [merged] = [consent for consent in said if not consent.text]
    assert (merged.reason, bool(merged.subject_hash)) == ("merged", True)
    assert all(one.message_id.startswith("wamid.") and one.subject_hash for one in said if one != merged)
    assert contact.keys.count() == 2
    privacy.erase(contact, by=alice)
    assert ContactKey.objects.count() == FormerAddress.objects.count() == 0
    assert [consent.text for consent in Consent.objects.all()] == [""] * 4


def test_a_message_that_is_read_again_after_a_merge_is_no_second_consent(arrive: Arrive) -> None:
    arrive(message(ANNA), message(CLARA))
    join = message(CLARA, "ISCRIVIMI")
    arrive(join)
    arrive(message(Address(phone=ANNA.phone, user_id=CLARA.user_id)))
    arrive(message(ANNA, "CANCELLAMI", sent_at=at(1)))
    arrive(join)
    assert Consent.objects.count() == 2
    assert not known(ANNA).subscription.active


def test_a_hundred_joins_make_their_keys_together(arrive: Arrive) -> None:
    some, many = 4, 24
    joins = [message(Address(phone=f"+39333111{number:04d}"), "ISCRIVIMI") for number in range(some + many)]
    with CaptureQueriesContext(connection) as few:
        arrive(*joins[:some])
    with CaptureQueriesContext(connection) as more:
        arrive(*joins[some:])
    about_keys = [[query for query in queries if "contactkey" in query["sql"]] for queries in (few, more)]
    assert len(about_keys[0]) == len(about_keys[1]) == 1
    assert ContactKey.objects.count() == some + many


def test_erasing_twice_is_audited_once(arrive: Arrive, alice: Person) -> None:
    arrive(message(ANNA))
    contact = known(ANNA).contact
    privacy.erase(contact, by=alice)
    privacy.erase(contact, by=alice)
    entry = AuditEntry.objects.get(verb="audience.erased")
    assert (entry.person, entry.object_id, entry.detail) == (alice, str(contact.pk), {})


def test_an_export_holds_everything_and_is_json(arrive: Arrive, alice: Person) -> None:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio"), message(ANNA, "Buongiorno", name="Anna Esempio"))
    exported = json.loads(json.dumps(privacy.export(known(ANNA).contact, by=alice)))
    assert exported["contact"]["name"] == "Anna Esempio"
    assert exported["identities"][0]["phone"] == ANNA.phone
    assert exported["identities"][0]["subscription"]["active"] is True
    assert exported["consents"][0]["text"] == "ISCRIVIMI"
    assert "Buongiorno" in [said["text"] for said in exported["conversations"]]
    assert AuditEntry.objects.filter(verb="audience.exported", person=alice).exists()


def test_names_fall_back_to_what_is_known(arrive: Arrive) -> None:
    arrive(message(ANNA), message(BRUNO, username="bruno.e"), message(CLARA))
    assert [people.display_name(known(who)) for who in (ANNA, BRUNO, CLARA)] == [
        "+39 … 01",
        "@bruno.e",
        "Senza nome",
    ]
    assert people.shown_phone(known(ANNA)) == "+39 333 000 0001"


def test_a_foreign_number_is_masked_too(arrive: Arrive) -> None:
    foreign = Address(phone="+4915112345678")
    arrive(message(foreign))
    assert people.masked_phone(known(foreign)) == "+49 … 78"


def test_an_erased_citizen_has_no_name(arrive: Arrive, alice: Person, town: Organization) -> None:
    arrive(message(ANNA, name="Anna Esempio"))
    privacy.erase(known(ANNA).contact, by=alice)
    assert people.name_of(Contact.objects.get()) == "Cittadino cancellato"
