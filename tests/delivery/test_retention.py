# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is forgotten of what was sent, what stays, and that nothing under way is touched."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from arengo.core import batches
from arengo.core.console.retention import Held
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.core.retention.models import RetentionRun
from arengo.core.scope import every_organization, organization_scope
from arengo.delivery import retention, retention_rules
from arengo.delivery.jobs import forget_deliveries
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Outbox, SecondTry, Sender
from arengo.delivery.prices import pricing
from arengo.delivery.queue import outbox
from arengo.delivery.receipts import applying
from arengo.platforms.contract import ReceiptReceived, ReceiptStatus, Text
from tests.factories.delivery import accepted_as, addresses, decide, mailing, make_sender

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = 90


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_LONGEST", 0.0)


@pytest.fixture
def own(scope: Organization, sender: Sender) -> Sender:
    return sender


def age(days: int) -> None:
    """Everything there is happened so many days earlier."""
    earlier = timezone.now() - timedelta(days=days)
    with every_organization("the test ages all"):
        Fanout.objects.update(created_at=earlier, filled_at=earlier)
        Fanout.objects.exclude(last_accepted_at=None).update(
            first_accepted_at=earlier, last_accepted_at=earlier
        )
        Delivery.objects.update(created_at=earlier)


def forget(days: int = DAYS) -> int:
    gone = async_to_sync(retention.forget_old)(retention.Times(days))
    return gone.singles.total() + gone.mailings.total()


def left(fanout: Fanout) -> int:
    return Delivery.unscoped.filter(fanout=fanout).count()


def test_an_old_mailing_keeps_its_counters_and_reasons_and_nobody_it_was_sent_to(own: Sender) -> None:
    fanout = mailing(own, 4)
    first, *others = fanout.deliveries.order_by("pk")
    decide(
        fanout.deliveries.filter(pk=first.pk), DeliveryState.FAILED, 131026, "Undeliverable to +393330000001"
    )
    decide(fanout.deliveries.filter(pk__in=[other.pk for other in others]), DeliveryState.READ)
    SecondTry.objects.create(delivery=first)
    age(DAYS + 1)
    assert forget() == 4
    assert left(fanout) == 0
    assert not SecondTry.objects.exists()
    fanout.refresh_from_db()
    assert (fanout.total, fanout.n_accepted, fanout.n_read, fanout.n_failed) == (4, 3, 3, 1)
    assert fanout.reasons == [[131026, 1, "Undeliverable to …"]]
    assert fanout.forgotten_at is not None
    assert fanout.emptied_at is not None


def test_mailings_that_were_filled_at_the_same_time_are_told_apart(own: Sender) -> None:
    old, young = mailing(own, 2), mailing(own, 2)
    outbox.fill(old, addresses(2, first=10))
    outbox.fill(young, addresses(2, first=10))
    decide(Delivery.objects.all(), DeliveryState.READ)
    age(DAYS + 1)
    Fanout.objects.filter(pk=young.pk).update(created_at=timezone.now())
    old.refresh_from_db()
    assert (old.first_delivery, old.last_delivery) == (
        old.deliveries.earliest("pk").pk,
        old.deliveries.latest("pk").pk,
    )
    assert forget() == 4
    assert (left(old), left(young)) == (0, 4)


def test_a_mailing_of_before_its_place_was_noted_goes_too(own: Sender) -> None:
    fanout = mailing(own, 3)
    decide(fanout.deliveries.all(), DeliveryState.READ)
    age(DAYS + 1)
    Fanout.objects.update(first_delivery=None, last_delivery=None)
    assert forget() == 3
    assert left(fanout) == 0


def test_a_mailing_within_its_time_stays_whole(own: Sender) -> None:
    fanout = mailing(own, 3)
    decide(fanout.deliveries.all(), DeliveryState.READ)
    age(DAYS - 1)
    assert forget() == 0
    fanout.refresh_from_db()
    assert left(fanout) == 3
    assert fanout.forgotten_at is None


def test_the_time_counts_from_the_last_message_that_left(own: Sender) -> None:
    fanout = mailing(own, 3)
    decide(fanout.deliveries.all(), DeliveryState.READ)
    age(DAYS + 30)
    Fanout.objects.update(last_accepted_at=timezone.now() - timedelta(days=DAYS - 1))
    assert forget() == 0
    assert left(fanout) == 3


def test_what_waits_in_the_outbox_is_never_touched(own: Sender) -> None:
    fanout = mailing(own, 3)
    single = outbox.enqueue(own, addresses(1)[0], Text("Buongiorno"))
    decide(fanout.deliveries.filter(pk=fanout.deliveries.earliest("pk").pk), DeliveryState.READ)
    age(DAYS * 10)
    assert forget() == 0
    assert left(fanout) == 3
    single.refresh_from_db()
    assert bytes(single.address_sealed)
    assert Outbox.objects.count() == 3


def test_a_single_message_keeps_its_outcome_but_not_to_whom_nor_what(own: Sender) -> None:
    single = outbox.enqueue(own, addresses(1)[0], Text("Buongiorno"), topic="conversation:1")
    decide(Delivery.objects.all(), DeliveryState.READ)
    accepted_as(Delivery.objects.all(), "wamid.x")
    hashed = bytes(single.address_hash)
    age(DAYS + 1)
    assert forget() == 1
    single.refresh_from_db()
    assert single.state == DeliveryState.READ
    assert single.read_at is not None
    assert (bytes(single.address_sealed), single.outgoing_sealed) == (b"", None)
    assert (single.message_hash, single.message_sealed) == (None, None)
    assert bytes(single.address_hash) != hashed
    assert forget() == 0


def test_a_single_message_nobody_can_be_found_for_is_not_sent_again(own: Sender) -> None:
    single = outbox.enqueue(own, addresses(1)[0], Text("Buongiorno"))
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131026)
    age(DAYS + 1)
    forget()
    single.refresh_from_db()
    assert not outbox.can_retry(single)
    with pytest.raises(ValueError, match="non riusciti"):
        outbox.retry(single)
    assert not Outbox.objects.exists()


def test_cut_off_in_the_middle_it_goes_on_the_next_time(own: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = mailing(own, 7), mailing(own, 5)
    decide(Delivery.objects.all(), DeliveryState.READ)
    decide_one_failed(first)
    age(DAYS + 1)
    monkeypatch.setattr(retention, "BITE", 3)
    asked = 0

    async def killed(_database: Any) -> bool:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise KeyboardInterrupt
        return False

    with monkeypatch.context() as patch:
        patch.setattr(retention, "_busy", killed)
        with pytest.raises(KeyboardInterrupt):
            forget()
    first.refresh_from_db()
    assert left(first) == 1
    assert first.forgotten_at is not None
    assert first.emptied_at is None
    assert left(second) == 5
    reasons, forgotten_at = first.reasons, first.forgotten_at
    assert forget() == 6
    first = Fanout.objects.get(pk=first.pk)
    assert (left(first), left(second)) == (0, 0)
    assert first.emptied_at is not None
    # What was counted while all was there stays; it is not counted again from the rest.
    assert (first.reasons, first.forgotten_at) == (reasons, forgotten_at)
    assert reasons == [[131026, 1, ""]]


def decide_one_failed(fanout: Fanout) -> None:
    """One of the delivered ones had in fact failed at once."""
    fanout.deliveries.filter(pk=fanout.deliveries.earliest("pk").pk).update(
        state=DeliveryState.FAILED, failed_at=timezone.now(), code=131026
    )


def test_a_forgotten_mailing_is_not_sent_again(own: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    fanout = mailing(own, 3)
    decide(fanout.deliveries.all(), DeliveryState.FAILED, 131026)
    Fanout.objects.update(forgotten_at=timezone.now())
    assert outbox.retry_failed(fanout) == 0
    assert not Outbox.objects.exists()


def test_what_a_person_put_back_meanwhile_stays_until_it_is_decided(own: Sender) -> None:
    fanout = mailing(own, 3)
    decide(fanout.deliveries.all(), DeliveryState.FAILED, 131026)
    age(DAYS + 1)
    one = fanout.deliveries.earliest("pk")
    outbox.retry_failed(fanout, among=[bytes(one.address_hash)])
    Fanout.objects.update(n_waiting=0)  # as retention may have seen it a moment before
    assert forget() == 2
    assert left(fanout) == 1
    fanout = Fanout.objects.get(pk=fanout.pk)
    assert fanout.emptied_at is None
    decide(fanout.deliveries.all(), DeliveryState.READ)
    Fanout.objects.update(n_waiting=0)
    age(DAYS + 1)
    assert forget() == 1
    fanout = Fanout.objects.get(pk=fanout.pk)
    assert fanout.emptied_at is not None


def test_a_receipt_that_comes_after_all_changes_nothing(own: Sender) -> None:
    fanout = mailing(own, 1)
    delivery = fanout.deliveries.get()
    decide(fanout.deliveries.all(), DeliveryState.ACCEPTED)
    age(DAYS + 1)
    forget()
    late = [
        ReceiptReceived("wamid.x", ReceiptStatus.READ, timezone.now(), opaque=opaque)
        for opaque in (str(delivery.pk), "")
    ]
    applying.apply(Batch(own.organization_id, own.pk, late, "whatsapp"))
    fanout.refresh_from_db()
    assert (fanout.n_accepted, fanout.n_read) == (1, 0)
    assert left(fanout) == 0


def test_a_younger_mailing_of_another_organization_stays(own: Sender, altrove: Organization) -> None:
    ours = mailing(own, 3)
    decide(ours.deliveries.all(), DeliveryState.READ)
    age(DAYS + 1)
    other = make_sender(altrove, "Altrove", credentials=own.credentials)
    with organization_scope(altrove):
        theirs = mailing(other, 3)
        decide(theirs.deliveries.all(), DeliveryState.READ)
        single = outbox.enqueue(other, addresses(1)[0], Text("Buongiorno"))
    forget()
    assert (left(ours), left(theirs)) == (0, 3)
    with organization_scope(altrove):
        single.refresh_from_db()
        theirs.refresh_from_db()
    assert bytes(single.address_sealed)
    assert theirs.forgotten_at is None


def test_what_was_sent_this_month_is_counted_the_same(own: Sender, scope: Organization) -> None:
    mailing(own, 3)
    single = outbox.enqueue(own, addresses(1)[0], Text("Buongiorno"), price_category="utility")
    decide(Delivery.objects.all(), DeliveryState.READ)
    Delivery.objects.filter(pk=single.pk).update(accepted_at=timezone.now())
    local = timezone.now().astimezone(scope.zone)
    before = pricing.accepted_this_month(scope, own, "utility", local)
    assert before == 4
    forget(days=0)
    assert Delivery.objects.count() == 1
    assert pricing.accepted_this_month(scope, own, "utility", local) == before


def times(esempio: Organization, altrove: Organization) -> retention.Times:
    """Ours for 35 days, theirs for 90."""
    each = {esempio.pk: 35, altrove.pk: DAYS}
    return retention.Times(DAYS, singles=each, mailings=each)


def test_each_organization_has_its_own_time(own: Sender, altrove: Organization) -> None:
    with organization_scope(altrove):
        theirs = make_sender(altrove, "Altrove")
        their_mailing = mailing(theirs, 2)
        decide(their_mailing.deliveries.all(), DeliveryState.READ)
        their_single = outbox.enqueue(theirs, addresses(1)[0], Text("Qui"), topic="t")
        decide(Delivery.objects.filter(pk=their_single.pk), DeliveryState.READ)
    fanout = mailing(own, 3)
    decide(fanout.deliveries.all(), DeliveryState.READ)
    single = outbox.enqueue(own, addresses(1)[0], Text("Qui"), topic="t")
    decide(Delivery.objects.filter(pk=single.pk), DeliveryState.READ)
    age(50)
    gone = async_to_sync(retention.forget_old)(times(own.organization, altrove))
    assert gone.mailings == {own.organization_id: 3}
    assert gone.singles == {own.organization_id: 1}
    assert left(fanout) == 0
    assert left(their_mailing) == 2
    assert bytes(Delivery.unscoped.get(pk=their_single.pk).address_sealed)


def test_rows_that_others_keep_longer_do_not_stop_the_walk(
    own: Sender, altrove: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BITE", 2)
    with organization_scope(altrove):
        theirs = make_sender(altrove, "Altrove")
        for address in addresses(5):
            outbox.enqueue(theirs, address, Text("Qui"), topic="t")
        decide(Delivery.objects.all(), DeliveryState.READ)
    single = outbox.enqueue(own, addresses(1)[0], Text("Qui"), topic="t")
    decide(Delivery.objects.filter(pk=single.pk), DeliveryState.READ)
    with every_organization("the test ages all"):
        for minutes, each in enumerate(Delivery.objects.order_by("pk")):  # ours is the youngest
            each.created_at = timezone.now() - timedelta(days=50) + timedelta(minutes=minutes)
            each.save(update_fields=["created_at"])
    gone = async_to_sync(retention.forget_old)(times(own.organization, altrove))
    assert gone.singles == {own.organization_id: 1}


def test_what_was_sent_to_somebody_whose_data_are_held_stays_until_they_are_not(own: Sender) -> None:
    fanout = mailing(own, 3)
    decide(fanout.deliveries.all(), DeliveryState.READ)
    single = outbox.enqueue(own, addresses(1)[0], Text("Qui"), topic="t")
    decide(Delivery.objects.filter(pk=single.pk), DeliveryState.READ)
    age(DAYS + 1)
    held = [bytes(fanout.deliveries.earliest("pk").address_hash), bytes(single.address_hash)]
    gone = async_to_sync(retention.forget_old)(retention.Times(DAYS, held=held))
    stayed = fanout.deliveries.filter(address_hash__in=held).count()
    assert (gone.mailings.total(), gone.singles.total(), left(fanout)) == (3 - stayed, 0, stayed)
    fanout.refresh_from_db()
    assert fanout.emptied_at is None
    counts = retention_rules._Mailings()
    assert counts.held_back(timezone.now() - timedelta(days=DAYS), Held(addresses=held), most=10) == stayed
    assert forget() == stayed + 1
    assert left(fanout) == 0
    fanout.refresh_from_db()
    assert fanout.emptied_at is not None


def test_the_night_writes_a_line_for_each_organization(own: Sender, altrove: Organization) -> None:
    fanout = mailing(own, 3)
    decide(fanout.deliveries.all(), DeliveryState.READ)
    age(DAYS + 1)
    assert retention_rules._Mailings().count(timezone.now() - timedelta(days=DAYS), Held(), most=10) == 3
    async_to_sync(forget_deliveries.func)(0)
    with every_organization("the test looks at all"):
        runs = RetentionRun.objects.filter(rule="delivery.mailings")
        assert {run.organization_id: run.gone for run in runs} == {own.organization_id: 3, altrove.pk: 0}
