# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection

from arengo.audience import people, privacy
from arengo.audience.models import Consent, Contact, Identity, Subscription, phone_hash
from arengo.core.models import AuditEntry, Organization, Person
from arengo.desk.models import Message
from arengo.platforms.contract import Address
from tests.audience.conftest import ANNA, BRUNO, CLARA, known, message

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


def test_consents_outlive_the_person_and_are_found_by_who_holds_the_number(
    arrive: Arrive, alice: Person
) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    privacy.erase(known(ANNA).contact, by=alice)
    proof = Consent.objects.get()
    assert proof.identity is None
    assert bytes(proof.subject_hash) == phone_hash(ANNA.phone or "")


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


@pytest.mark.parametrize(
    "written",
    ["+393330000001", "333 000 0001", "0039 333 0000001", "333-0000001", "+39 333.000.00.01", " 3330000001 "],
)
def test_a_citizen_is_found_by_number_however_it_is_written(arrive: Arrive, written: str) -> None:
    arrive(message(ANNA, name="Anna Esempio"), message(BRUNO, name="Bruno Esempio"))
    assert [contact.name for contact in people.find(written)] == ["Anna Esempio"]


@pytest.mark.parametrize(
    ("text", "names"), [("esem", 2), ("ANNA", 1), ("x", 0), ("", 0), ("%", 0), ("12", 0)]
)
def test_a_citizen_is_found_by_a_part_of_the_name(arrive: Arrive, text: str, names: int) -> None:
    arrive(message(ANNA, name="Anna Esempio"), message(BRUNO, name="Bruno Esempio"))
    assert people.find(text).count() == names


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


def test_an_erased_citizen_is_not_found(arrive: Arrive, alice: Person, town: Organization) -> None:
    arrive(message(ANNA, name="Anna Esempio"))
    privacy.erase(known(ANNA).contact, by=alice)
    assert people.find("Anna").count() == people.find(ANNA.phone or "").count() == 0
    assert people.name_of(Contact.objects.get()) == "Cittadino cancellato"
