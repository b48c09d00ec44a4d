# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""After *Elimina i dati* nothing of all that is kept names the person, with the vault's keys neither."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection

from arengo.audience import privacy
from arengo.audience.models import Consent, Contact, FormerAddress, Identity, phone_hash, user_hash
from arengo.core.models import Erasure, Organization, Person
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, DeliveryState, Outbox, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.sending.doubts import settling
from arengo.delivery.sql import statement
from arengo.desk.models import Attachment, Message
from arengo.intake import scrubbing
from arengo.intake.models import Journal, Scrub
from tests.factories.delivery import make_sender
from tests.factories.desk import keep
from tests.factories.pictures import picture
from tests.security.erasing import _quick, contact_of, erase, named, town
from tests.security.erasure_traffic import (
    Citizen,
    accepted,
    arrive,
    change_number,
    change_user_id,
    every_kind,
    mailing_to_all,
    of,
)
from tests.support.scan import Named, clear, with_vault

__all__ = ["_quick", "town"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_before_erasure_no_number_and_no_id_lies_in_the_clear(
    town: Sender, olga: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    citizen = Citizen(town)
    every_kind(citizen, olga)
    old = citizen.phone
    change_number(citizen)
    assert clear(named(citizen, old), logs=[caplog.text]) == []
    assert len(with_vault(named(citizen, old))) > 20  # the scan sees what the vault hides


def test_after_erasure_nothing_names_the_person_even_with_the_vault(
    town: Sender, olga: Person, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    citizen = Citizen(town)
    every_kind(citizen, olga)
    old = citizen.phone
    change_number(citizen)
    citizen.text(f"Ecco il nuovo numero {citizen.word}")
    citizen.text("ISCRIVIMI")  # once more: they had stopped it
    accepted(of(citizen, mailing_to_all(town)), citizen.phone)
    contact = contact_of(citizen)
    privacy.export(contact, by=alice)
    consents = Consent.objects.count()
    assert consents >= 4
    erase(citizen, alice)
    assert with_vault(named(citizen, old), logs=[caplog.text]) == []
    assert clear(named(citizen, old), words=True, logs=[caplog.text]) == []
    assert Consent.objects.count() == consents + 1  # that they left with it
    assert FormerAddress.objects.count() == Scrub.unscoped.count() == 0


def test_the_others_keep_everything(town: Sender, olga: Person, alice: Person) -> None:
    one, other = Citizen(town), Citizen(town)
    other.text("ISCRIVIMI")
    other.text("Buongiorno")
    every_kind(one, olga)
    bodies = Journal.objects.exclude(body_sealed=b"").count()
    erase(one, alice)
    assert privacy.consents_of(contact_of(other))[0].text == "ISCRIVIMI"
    assert Message.objects.filter(text="Buongiorno").count() == 1
    assert with_vault(named(other)) != []
    assert Journal.objects.exclude(body_sealed=b"").count() == bodies  # what is left of each is still there


def test_receipts_that_come_later_bring_nothing_back(town: Sender, olga: Person, alice: Person) -> None:
    citizen = Citizen(town)
    every_kind(citizen, olga)
    deliveries = list(Delivery.objects.exclude(state=DeliveryState.CANCELLED))
    erase(citizen, alice)
    for status in ("sent", "delivered", "read"):
        arrive(town, statuses=[citizen.receipt(delivery, status) for delivery in deliveries])
    late = {"code": 131049, "title": "not today"}
    arrive(town, statuses=[citizen.receipt(delivery, "failed", errors=[late]) for delivery in deliveries])
    with connection.cursor() as cursor:
        cursor.execute(statement("settle"), {**settling(town.pk), "patience": -1.0})
    assert Outbox.objects.count() == 0
    assert not Delivery.objects.exclude(address_sealed=b"").exists()
    assert outbox.retry_failed(Delivery.objects.exclude(fanout=None)[0].fanout) == 0
    assert async_to_sync(scrubbing.forget_receipts)() == 4
    assert with_vault(named(citizen)) == []
    assert Erasure.objects.get(object_type="intake.Journal").tables == [
        "intake_journal",
        "intake_scrub",
        "pg_statistic",
    ]


def test_a_result_that_is_written_after_the_erasure_brings_no_number_back(
    town: Sender, alice: Person
) -> None:
    citizen = Citizen(town)
    citizen.text("ISCRIVIMI")
    under_way = of(citizen, mailing_to_all(town))
    erase(citizen, alice)
    accepted(under_way, citizen.phone)
    assert with_vault(named(citizen)) == []


def test_a_file_that_is_being_brought_over_is_not_kept(town: Sender, alice: Person, settings: Any) -> None:
    citizen = Citizen(town)
    citizen.says("image", {"id": "media-1", "mime_type": "image/jpeg"})
    attachment = Attachment.objects.get()
    erase(citizen, alice)
    keep(attachment, picture(), "image/jpeg")
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_who_writes_again_is_somebody_new(town: Sender, olga: Person, alice: Person) -> None:
    citizen = Citizen(town)
    every_kind(citizen, olga)
    erased = erase(citizen, alice)
    citizen.text("ISCRIVIMI")
    new = contact_of(citizen)
    assert new != erased
    assert [consent.text for consent in privacy.consents_of(new)] == ["ISCRIVIMI"]
    erased.refresh_from_db()
    assert (erased.name, erased.conversations.filter(state="open").count()) == ("", 0)


def test_a_number_that_somebody_else_has_by_now_is_not_taken_from_them(town: Sender, alice: Person) -> None:
    before, after = Citizen(town), Citizen(town)
    before.text("ISCRIVIMI", shows="both")
    after.text("ISCRIVIMI", shows="both")
    old = of(before, mailing_to_all(town))
    number = after.phone = before.phone
    after.text("Buongiorno", shows="both")
    new = of(after, mailing_to_all(town))
    previous = Identity.objects.get(user_id_hash=user_hash("whatsapp", before.user_id))
    assert previous.phone_hash is None
    privacy.erase(previous.contact, by=alice)
    async_to_sync(scrubbing.scrub)()
    old.refresh_from_db()
    new.refresh_from_db()
    assert bytes(old.address_sealed) == b""
    assert bytes(new.address_sealed) != b""
    assert new.state == DeliveryState.QUEUED
    assert contact_of(after).erased_at is None
    assert phone_hash("whatsapp", number) == vault().lookup_on("whatsapp", f"phone:{number}")


def test_another_town_keeps_what_the_same_person_told_it(
    town: Sender, altrove: Organization, alice: Person
) -> None:
    citizen = Citizen(town)
    citizen.text("Buongiorno")
    other = make_sender(altrove, "Altrove", credentials=town.credentials)
    Citizen(other, phone=citizen.phone).text("Salve")
    row = Journal.objects.get(sender=other)
    erase(citizen, alice)
    row.refresh_from_db()
    assert citizen.wa_id.encode() in vault().open(row.body_sealed, purpose="journal")
    with organization_scope(altrove):
        assert Identity.objects.filter(phone_hash=phone_hash("whatsapp", citizen.phone)).count() == 1


def _mailed(citizen: Citizen) -> None:
    """A mailing of which one copy is to the address of now, with a receipt."""
    delivery = mailing_to_all(citizen.sender).deliveries.latest("pk")
    accepted(delivery, citizen.phone)
    arrive(citizen.sender, statuses=[citizen.receipt(delivery, "read")])


def _moves_twice(one: Citizen, other: Citizen) -> None:
    for _time in range(2):
        change_number(one)
        one.text("ISCRIVIMI")
        _mailed(one)


def _takes_the_number_of_another_contact(one: Citizen, other: Citizen) -> None:
    other.text("ISCRIVIMI")
    _mailed(other)
    change_number(one, to=other.phone)
    _mailed(one)


def _shows_the_number_late(one: Citizen, other: Citizen) -> None:
    one.text("ISCRIVIMI", shows="user_id")
    _mailed(one)
    one.text("Ecco chi sono", shows="both")
    _mailed(one)


def _gets_a_new_user_id(one: Citizen, other: Citizen) -> None:
    one.text("ISCRIVIMI", shows="both")
    _mailed(one)
    change_user_id(one, to=other.user_id)
    one.text("ISCRIVIMI", shows="user_id")
    _mailed(one)


@pytest.mark.parametrize(
    "history",
    [_moves_twice, _takes_the_number_of_another_contact, _shows_the_number_late, _gets_a_new_user_id],
    ids=lambda history: history.__name__.strip("_"),
)
def test_whatever_they_were_called_before_is_gone_too(
    town: Sender, alice: Person, history: Callable[[Citizen, Citizen], None]
) -> None:
    one, other = Citizen(town), Citizen(town)
    one.text("ISCRIVIMI")
    _mailed(one)
    phones, ids = {one.phone, other.phone}, {one.user_id, other.user_id}
    history(one, other)
    [contact] = Contact.objects.filter(identities__isnull=False).distinct()
    phones |= {former.address.phone for former in FormerAddress.objects.all() if former.address.phone}
    everything = Named((one.phone, *phones), tuple(ids), (one.name, other.name, one.word, other.word))
    assert with_vault(everything) != []
    privacy.erase(contact, by=alice)
    async_to_sync(scrubbing.scrub)()
    assert with_vault(everything) == []
