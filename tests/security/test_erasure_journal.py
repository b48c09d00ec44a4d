# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the journal holds of somebody who is erased: read first, emptied, and nobody comes back from it."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from arengo.audience import privacy
from arengo.audience.models import Contact, FormerAddress, Identity, phone_hash, user_hash
from arengo.core.models import Erasure, Person
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery.models import Sender
from arengo.intake import handing_out, reader, scrubbing
from arengo.intake.jobs import scrub_journal
from arengo.intake.models import Journal, Scrub
from tests.factories.delivery import delivery_row
from tests.factories.intake import journal, read_all
from tests.security.erasing import _quick, contact_of, erase, named, town
from tests.security.erasure_traffic import (
    Citizen,
    arrive,
    store,
)
from tests.support.scan import with_vault

__all__ = ["_quick", "town"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_webhook_about_two_people_keeps_the_other(town: Sender, alice: Person) -> None:
    one, other = Citizen(town), Citizen(town)
    one.text("Buongiorno")
    other.text("Buongiorno")
    deliveries = [delivery_row(town, bytes([number]) * 32) for number in (1, 2)]
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
    row = journal(town, body_sealed=sealed, state=Journal.State.MARKED, problem="not JSON")
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
    journal(town, body_sealed=body)
    read_all()
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
