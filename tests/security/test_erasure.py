# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""After *Elimina i dati* nothing of all that is kept names the person, with the vault's keys neither."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from arengo.audience import privacy
from arengo.audience.defaults import create_defaults
from arengo.audience.models import Consent, Contact, FormerAddress, Identity, phone_hash, user_hash
from arengo.core import bites
from arengo.core.models import Erasure, Organization, Person
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery import outbox
from arengo.delivery.doubts import settling
from arengo.delivery.models import Delivery, DeliveryState, Outbox, Sender
from arengo.delivery.statements import statement
from arengo.desk.models import Attachment, Message
from arengo.intake import handing_out, reader, scrubbing
from arengo.intake.jobs import scrub_journal
from arengo.intake.models import Journal, Scrub
from tests.attachments import keep
from tests.scan import Named, clear, with_vault
from tests.security.erasure_traffic import (
    Citizen,
    accepted,
    arrive,
    change_number,
    change_user_id,
    every_kind,
    mailing,
    of,
    photo,
    store,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(bites, "_LONGEST", 0.0)
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def town(esempio: Organization, sender: Sender) -> Iterator[Sender]:
    with organization_scope(esempio):
        create_defaults(esempio)
        yield sender


def named(citizen: Citizen, *former: str) -> Named:
    return Named((citizen.phone, *former), (citizen.user_id,), (citizen.name, citizen.word))


def contact_of(citizen: Citizen) -> Contact:
    return Identity.objects.get(phone_hash=phone_hash("whatsapp", citizen.phone)).contact


def erase(citizen: Citizen, by: Person) -> Contact:
    """The press, and the job that it defers."""
    contact = contact_of(citizen)
    privacy.erase(contact, by=by)
    async_to_sync(scrubbing.scrub)()
    contact.refresh_from_db()
    return contact


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
    accepted(of(citizen, mailing(town)), citizen.phone)
    contact = contact_of(citizen)
    privacy.export(contact, by=alice)
    consents = Consent.objects.count()
    assert consents >= 4
    erase(citizen, alice)
    assert with_vault(named(citizen, old), logs=[caplog.text]) == []
    assert clear(named(citizen, old), words=True, logs=[caplog.text]) == []
    assert Consent.objects.count() == consents
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


def test_a_webhook_about_two_people_keeps_the_other(town: Sender, alice: Person) -> None:
    one, other = Citizen(town), Citizen(town)
    one.text("Buongiorno")
    other.text("Buongiorno")
    deliveries = [
        Delivery.objects.create(
            organization_id=town.organization_id,
            sender=town,
            address_sealed=b"x",
            address_hash=bytes([number]) * 32,
        )
        for number in (1, 2)
    ]
    row = arrive(town, statuses=[one.receipt(deliveries[0], "read"), other.receipt(deliveries[1], "read")])
    erase(one, alice)
    row.refresh_from_db()
    body = vault().open(row.body_sealed, purpose="journal")
    assert other.wa_id.encode() in body
    assert one.wa_id.encode() not in body


def test_what_could_not_be_read_and_names_nobody_else_is_emptied_and_says_so(
    town: Sender, alice: Person
) -> None:
    citizen = Citizen(town)
    citizen.text("Buongiorno")
    sealed = vault().seal(f'{{"broken": "{citizen.wa_id}'.encode(), purpose="journal")
    row = Journal.objects.create(
        sender=town, body_sealed=sealed, state=Journal.State.MARKED, problem="not JSON"
    )
    erase(citizen, alice)
    row.refresh_from_db()
    assert (bytes(row.body_sealed), row.state) == (b"", Journal.State.APPLIED)
    assert "erased" in row.problem


def test_the_press_defers_the_job_that_goes_through_the_journal(town: Sender, alice: Person) -> None:
    citizen = Citizen(town)
    citizen.text("Buongiorno")
    before = set(ProcrastinateJob.objects.values_list("pk", flat=True))
    privacy.erase(contact_of(citizen), by=alice)
    [job] = ProcrastinateJob.objects.filter(task_name="intake.scrub_journal").exclude(pk__in=before)
    assert (job.lock, job.args) == ("intake.scrub_journal", {"timestamp": 0})
    async_to_sync(scrub_journal.func)(timestamp=0)
    assert Scrub.unscoped.count() == 0
    assert Erasure.objects.get().unfinished == 0


def test_what_still_waits_to_be_read_is_read_first(
    town: Sender, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "_READ_WITHIN", 1)
    citizen = Citizen(town)
    citizen.text("Buongiorno")
    store(town, statuses=[])
    erase(citizen, alice)
    assert Scrub.unscoped.count() == 1  # the next run goes on
    assert Erasure.objects.get().unfinished == 1
    arrive(town, statuses=[])
    async_to_sync(scrubbing.scrub)()
    assert Scrub.unscoped.count() == Erasure.objects.get().unfinished == 0


@pytest.mark.parametrize("behind", [False, True])
def test_what_waited_when_somebody_was_erased_brings_them_not_back(
    town: Sender, alice: Person, behind: bool
) -> None:
    citizen, other = Citizen(town), Citizen(town)
    citizen.text("Buongiorno")
    citizen.waits("ISCRIVIMI")
    other.waits("ISCRIVIMI")
    if behind:
        Journal.objects.filter(state=Journal.State.WAITING).update(state=Journal.State.BEHIND, lane="join")
    privacy.erase(contact_of(citizen), by=alice)
    while reader.read_batch():
        pass
    assert not Identity.objects.filter(phone_hash=phone_hash("whatsapp", citizen.phone)).exists()
    assert contact_of(other).identities.get().subscription.active
    async_to_sync(scrubbing.scrub)()
    assert Scrub.unscoped.count() == 0
    citizen.text("ISCRIVIMI")
    assert contact_of(citizen).identities.get().subscription.active, "what arrives later is a new word"


def test_a_webhook_that_is_told_again_after_the_erasure_brings_nobody_back(
    town: Sender, alice: Person
) -> None:
    citizen = Citizen(town)
    citizen.text("Buongiorno")
    row = citizen.waits("ISCRIVIMI")
    body = bytes(row.body_sealed)
    privacy.erase(contact_of(citizen), by=alice)
    while reader.read_batch():
        pass
    async_to_sync(scrubbing.scrub)()
    Journal.objects.create(sender=town, body_sealed=body)
    while reader.read_batch():
        pass
    assert not Identity.objects.filter(phone_hash=phone_hash("whatsapp", citizen.phone)).exists()


def test_what_waits_of_who_has_an_erased_persons_number_by_now_is_theirs(town: Sender, alice: Person) -> None:
    before, after = Citizen(town), Citizen(town)
    before.text("ISCRIVIMI", shows="both")
    after.phone = before.phone
    after.text("Buongiorno", shows="both")
    previous = Identity.objects.get(user_id_hash=user_hash("whatsapp", before.user_id))
    FormerAddress.objects.filter(contact=previous.contact).update(until=timezone.now() - timedelta(days=9000))
    after.waits("ISCRIVIMI", shows="both")
    privacy.erase(previous.contact, by=alice)
    while reader.read_batch():
        pass
    assert contact_of(after).identities.get().subscription.active


def test_who_is_erased_while_their_word_is_being_applied_stays_erased(
    town: Sender, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader has looked who was erased, and then the erasure is committed."""
    citizen, other = Citizen(town), Citizen(town)
    citizen.text("Buongiorno")
    for each in (citizen, other):
        each.waits("ISCRIVIMI")
    contact = contact_of(citizen)
    unseen = handing_out._unseen

    def erased_just_now(arrived: Any) -> Any:
        monkeypatch.setattr(handing_out, "_unseen", unseen)
        eraser = threading.Thread(target=_erase_in_a_session_of_its_own, args=(contact, alice))
        eraser.start()
        eraser.join(30)
        return unseen(arrived)

    monkeypatch.setattr(handing_out, "_unseen", erased_just_now)
    while reader.read_batch():
        pass
    contact.refresh_from_db()
    assert contact.erased_at is not None
    assert not Identity.objects.filter(phone_hash=phone_hash("whatsapp", citizen.phone)).exists()
    assert contact_of(other).identities.get().subscription.active
    assert not Journal.objects.exclude(state=Journal.State.APPLIED).exists()


def _erase_in_a_session_of_its_own(contact: Contact, by: Person) -> None:
    try:
        with organization_scope(contact.organization_id):
            privacy.erase(contact, by=by)
    finally:
        connection.close()


def test_a_scrubbing_that_is_cut_off_goes_on_where_it_was(
    town: Sender, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "BITE", 2)
    citizen = Citizen(town)
    for _number in range(6):
        citizen.text("Buongiorno")
    walked = scrubbing._Walk.__call__
    seen = []

    async def cut_off(self: Any) -> int:
        if len(seen) == 2:
            raise OSError
        seen.append(self._after)
        return await walked(self)

    monkeypatch.setattr(scrubbing._Walk, "__call__", cut_off)
    with pytest.raises(OSError):
        erase(citizen, alice)
    position = Scrub.unscoped.get().position
    assert position > 0
    monkeypatch.setattr(scrubbing._Walk, "__call__", walked)
    assert async_to_sync(scrubbing.scrub)() == 6 - 4
    assert with_vault(named(citizen)) == []


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
    under_way = of(citizen, mailing(town))
    erase(citizen, alice)
    accepted(under_way, citizen.phone)
    assert with_vault(named(citizen)) == []


def test_a_file_that_is_being_brought_over_is_not_kept(town: Sender, alice: Person, settings: Any) -> None:
    citizen = Citizen(town)
    citizen.says("image", {"id": "media-1", "mime_type": "image/jpeg"})
    attachment = Attachment.objects.get()
    erase(citizen, alice)
    keep(attachment, photo(), "image/jpeg")
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
    old = of(before, mailing(town))
    number = after.phone = before.phone
    after.text("Buongiorno", shows="both")
    new = of(after, mailing(town))
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
    other = Sender(organization=altrove, name="Altrove")
    other.credentials = town.credentials
    with organization_scope(altrove):
        other.save()
    Citizen(other, phone=citizen.phone).text("Salve")
    row = Journal.objects.get(sender=other)
    erase(citizen, alice)
    row.refresh_from_db()
    assert citizen.wa_id.encode() in vault().open(row.body_sealed, purpose="journal")
    with organization_scope(altrove):
        assert Identity.objects.filter(phone_hash=phone_hash("whatsapp", citizen.phone)).count() == 1


def _mailed(citizen: Citizen) -> None:
    """A mailing of which one copy is to the address of now, with a receipt."""
    delivery = mailing(citizen.sender).deliveries.latest("pk")
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
