# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Evidence that an unknown message did not go: its neighbours' receipts have come, and its own has not (decision 12)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from arengo.core.events import Batch
from arengo.core.models import LiveEvent, Organization
from arengo.core.scope import organization_scope
from arengo.delivery.limits import ceilings
from arengo.delivery.models import (
    Acceptances,
    Delivery,
    DeliveryState,
    Doubt,
    Fanout,
    Outbox,
    Sender,
)
from arengo.delivery.queue import outbox
from arengo.delivery.receipts import applying
from arengo.delivery.sending import doubts
from arengo.delivery.sql import statement
from arengo.platforms.contract import ReceiptReceived, ReceiptStatus
from tests.delivery.plans_of import plans
from tests.delivery.queue.crossing import everybody
from tests.factories.delivery import claim, decide, lose, mailing, make_sender

pytestmark = pytest.mark.django_db(transaction=True)

ENOUGH = ceilings.EVIDENCE_NEIGHBOURS
AROUND = ceilings.EVIDENCE_AROUND


def ten_minutes_later() -> int:
    Doubt.objects.filter(weigh_at__isnull=False).update(weigh_at=timezone.now())
    return doubts.weigh()


def evidence() -> dict[int, int | None]:
    return dict(Doubt.objects.values_list("pk", "neighbours"))


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test does in a row is near in time, however busy the machine."""
    monkeypatch.setattr(ceilings, "EVIDENCE_AROUND", timedelta(minutes=4))


@pytest.fixture
def unknown(scope: Organization, sender: Sender, unhurried: None) -> Delivery:
    """One unknown among as many accepted as evidence needs, all with receipts."""
    fanout = mailing(sender, ENOUGH + 1)
    first, *others = fanout.deliveries.order_by("pk")
    decide(Delivery.objects.filter(pk__in=[each.pk for each in others]), DeliveryState.SENT)
    lose(Delivery.objects.filter(pk=first.pk))
    first.refresh_from_db()
    assert first.state == DeliveryState.UNKNOWN
    return first


def receipt(delivery: Delivery, status: ReceiptStatus = ReceiptStatus.SENT) -> None:
    told = ReceiptReceived(f"wamid.{delivery.pk}", status, timezone.now(), opaque=str(delivery.pk))
    applying.apply(Batch(delivery.organization_id, delivery.sender_id, [told], "whatsapp"))


def test_where_all_the_neighbours_have_receipts_it_did_not_go(unknown: Delivery) -> None:
    LiveEvent.objects.all().delete()
    assert ten_minutes_later() == 1
    assert evidence() == {unknown.pk: ENOUGH}
    assert list(LiveEvent.objects.values_list("topic", flat=True)) == ["update:1"], "its screen hears of it"
    assert ten_minutes_later() == 0, "it is looked at no more"


def test_before_ten_minutes_nothing_is_said(unknown: Delivery) -> None:
    assert doubts.weigh() == 0
    found = Doubt.objects.get()
    assert found.weigh_at == found.tried_at[0] + timedelta(minutes=10)


def test_one_neighbour_without_a_receipt_is_enough_to_say_nothing(unknown: Delivery) -> None:
    assert unknown.fanout is not None
    late = mailing(unknown.sender, 1).deliveries.get()
    decide(Delivery.objects.filter(pk=late.pk), DeliveryState.ACCEPTED)
    ten_minutes_later()
    assert evidence() == {unknown.pk: None}
    receipt(late)
    ten_minutes_later()
    assert evidence() == {unknown.pk: ENOUGH + 1}


def test_a_neighbour_that_failed_was_reported_too(unknown: Delivery) -> None:
    late = mailing(unknown.sender, 1).deliveries.get()
    decide(Delivery.objects.filter(pk=late.pk), DeliveryState.ACCEPTED)
    receipt(late, ReceiptStatus.FAILED)
    ten_minutes_later()
    assert evidence() == {unknown.pk: ENOUGH + 1}


def test_nineteen_neighbours_say_nothing(unknown: Delivery) -> None:
    lost = Delivery.objects.filter(state=DeliveryState.SENT).first()
    assert lost is not None
    Delivery.objects.filter(pk=lost.pk).update(state=DeliveryState.CANCELLED)
    ten_minutes_later()
    assert evidence() == {unknown.pk: None}


@pytest.mark.parametrize(("seconds", "found"), [(-5.2, None), (-4.2, ENOUGH), (4.2, ENOUGH), (5.2, None)])
def test_neighbours_are_those_of_five_seconds_on_either_side(
    unknown: Delivery, seconds: float, found: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ceilings, "EVIDENCE_AROUND", AROUND)
    moment = Delivery.objects.filter(state=DeliveryState.SENT).values_list("accepted_at", flat=True)[0]
    Doubt.objects.update(tried_at=[moment + timedelta(seconds=seconds)])
    ten_minutes_later()
    assert evidence() == {unknown.pk: found}


def test_another_number_s_sends_are_no_neighbours(unknown: Delivery, sender: Sender) -> None:
    other = make_sender(sender.organization, "Altro")
    Acceptances.objects.update(sender=other)
    ten_minutes_later()
    assert evidence() == {unknown.pk: None}


def test_what_was_tried_twice_needs_evidence_for_both_times(unknown: Delivery) -> None:
    tried = Doubt.objects.get().tried_at[0]
    Doubt.objects.update(tried_at=[tried - timedelta(hours=1), tried])
    ten_minutes_later()
    assert evidence() == {unknown.pk: None}


def test_evidence_is_looked_for_for_a_day_at_ever_longer_intervals(unknown: Delivery) -> None:
    Acceptances.objects.all().delete()
    waits = []
    for hours in (0.5, 2, 10):
        Doubt.objects.update(since=timezone.now() - timedelta(hours=hours))
        ten_minutes_later()
        again = Doubt.objects.get().weigh_at
        assert again is not None
        waits.append(round((again - timezone.now()) / timedelta(hours=1), 1))
    assert waits == [0.5, 2.0, 10.0]
    Doubt.objects.update(since=timezone.now() - timedelta(hours=25))
    ten_minutes_later()
    assert Doubt.objects.get().weigh_at is None


def test_a_receipt_of_its_own_decides_whatever_the_evidence_said(unknown: Delivery) -> None:
    ten_minutes_later()
    receipt(unknown)
    unknown.refresh_from_db()
    assert unknown.state == DeliveryState.SENT
    assert unknown.fanout is not None
    unknown.fanout.refresh_from_db()
    assert (doubts.unknown(unknown.fanout).count, doubts.unknown(unknown.fanout).not_sent) == (0, 0)


def test_of_a_stopped_sender_doubts_are_decided_as_well(scope: Organization, sender: Sender) -> None:
    fanout = mailing(sender, 1)
    claim(fanout.deliveries.all(), epoch=1)
    with connection.cursor() as cursor:
        cursor.execute(statement("take_over"), {"sender": sender.pk, "epoch": 2})
    Outbox.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
    doubts.settle_stopped()
    assert Outbox.objects.exists(), "its owner sees to that of an active one"
    Sender.objects.update(state=Sender.State.STOPPED)
    doubts.settle_stopped()
    assert fanout.deliveries.get().state == DeliveryState.UNKNOWN


# --- a person presses -----------------------------------------------------------------------------------------


@pytest.fixture
def two(scope: Organization, sender: Sender, unhurried: None) -> tuple[Fanout, Delivery, Delivery]:
    """A mailing with two unknown: of the first there is evidence that it did not go."""
    fanout = mailing(sender, ENOUGH + 2)
    not_sent, nobody_knows, *others = fanout.deliveries.order_by("pk")
    decide(Delivery.objects.filter(pk__in=[each.pk for each in others]), DeliveryState.SENT)
    lose(Delivery.objects.filter(pk__in=[not_sent.pk, nobody_knows.pk]))
    Doubt.objects.filter(pk=nobody_knows.pk).update(tried_at=[timezone.now() - timedelta(hours=1)])
    ten_minutes_later()
    fanout.refresh_from_db()
    return fanout, not_sent, nobody_knows


def test_a_mailing_says_how_many_are_unknown_and_how_many_did_not_go(two: Any) -> None:
    fanout, _not_sent, _nobody_knows = two
    found = doubts.unknown(fanout)
    assert (found.count, found.not_sent, found.open, found.fewest) == (2, 1, 1, ENOUGH)


def test_only_those_that_did_not_go_go_again(two: Any) -> None:
    fanout, not_sent, nobody_knows = two
    mark = doubts.unknown(fanout).mark
    assert outbox.retry_unknown(fanout, mark=mark, only_not_sent=True, among=everybody(fanout)) == 1
    assert list(Outbox.objects.values_list("delivery_id", flat=True)) == [not_sent.pk]
    nobody_knows.refresh_from_db()
    assert nobody_knows.state == DeliveryState.UNKNOWN
    fanout.refresh_from_db()
    assert (fanout.n_unknown, fanout.n_waiting) == (1, 1)


def test_all_unknown_go_again_once_a_press(two: Any) -> None:
    fanout, _not_sent, _nobody_knows = two
    press = {"mark": doubts.unknown(fanout).mark, "only_not_sent": False, "among": everybody(fanout)}
    assert [outbox.retry_unknown(fanout, **press) for _press in range(2)] == [2, 0]
    # They come into doubt again: who still has the old page before them sends nothing.
    lose(Delivery.objects.filter(pk__in=Outbox.objects.values("delivery_id")))
    assert outbox.retry_unknown(fanout, **press) == 0
    press["mark"] = doubts.unknown(fanout).mark
    assert outbox.retry_unknown(fanout, **press) == 2


def test_a_receipt_between_the_page_and_the_press_leaves_only_the_other(two: Any) -> None:
    fanout, not_sent, nobody_knows = two
    mark = doubts.unknown(fanout).mark
    receipt(nobody_knows)
    assert outbox.retry_unknown(fanout, mark=mark, only_not_sent=False, among=everybody(fanout)) == 1
    assert list(Outbox.objects.values_list("delivery_id", flat=True)) == [not_sent.pk]


@pytest.mark.parametrize("status", [ReceiptStatus.SENT, ReceiptStatus.FAILED])
def test_a_receipt_after_the_press_takes_what_waits_out_of_the_outbox(
    two: Any, status: ReceiptStatus
) -> None:
    fanout, not_sent, _nobody_knows = two
    outbox.retry_unknown(
        fanout, mark=doubts.unknown(fanout).mark, only_not_sent=True, among=everybody(fanout)
    )
    receipt(not_sent, status)
    assert not Outbox.objects.exists()
    not_sent.refresh_from_db()
    assert not_sent.state in (DeliveryState.SENT, DeliveryState.FAILED)
    fanout.refresh_from_db()
    assert fanout.n_waiting == 0


def test_who_left_and_who_was_erased_hear_nothing_more(two: Any) -> None:
    fanout, not_sent, _nobody_knows = two
    mark = doubts.unknown(fanout).mark
    assert outbox.retry_unknown(fanout, mark=mark, only_not_sent=False, among=[]) == 0
    Delivery.objects.filter(pk=not_sent.pk).update(address_sealed=b"")
    assert outbox.retry_unknown(fanout, mark=mark, only_not_sent=True, among=everybody(fanout)) == 0


def test_of_a_stopped_mailing_nothing_goes_again(two: Any) -> None:
    fanout, *_ = two
    outbox.stop_fanout(fanout)
    mark = doubts.unknown(fanout).mark
    assert outbox.retry_unknown(fanout, mark=mark, only_not_sent=False, among=everybody(fanout)) == 0


def test_one_delivery_goes_again_for_the_doubt_that_was_seen_and_no_later_one(two: Any) -> None:
    _fanout, not_sent, _nobody_knows = two
    not_sent.refresh_from_db()
    mark = doubts.evidence(not_sent).mark
    assert outbox.retry(not_sent, mark=mark)
    lose(Delivery.objects.filter(pk=not_sent.pk))
    not_sent.refresh_from_db()
    assert not outbox.retry(not_sent, mark=mark)
    assert not Outbox.objects.exists()


def test_the_evidence_is_said_in_words(two: Any) -> None:
    _fanout, not_sent, nobody_knows = two
    with translation.override("it"):
        assert f"gli altri {ENOUGH} messaggi" in doubts.evidence(not_sent).words
        assert "due volte" in doubts.evidence(nobody_knows).words


@pytest.mark.parametrize("mark", [0, -1, 2**62])
def test_a_mark_from_nowhere_breaks_nothing(two: Any, mark: int) -> None:
    fanout, *_ = two
    outbox.retry_unknown(fanout, mark=mark, only_not_sent=True, among=everybody(fanout))


# --- at 300,000 rows ------------------------------------------------------------------------------------------

_ROWS = """
INSERT INTO delivery_delivery (organization_id, sender_id, fanout_id, urgency, address_sealed, address_hash, topic, state,
  code, reason, price_category, created_at, accepted_at)
SELECT %(organization)s, %(sender)s, %(first)s + i %% 15, 2, '\\x01', sha256(i::text::bytea), '',
  CASE WHEN i %% 100 = 0 THEN 17 ELSE 30 END, 0, '', 'utility', now(), now() - i * interval '10 milliseconds'
FROM generate_series(1, 300000) AS i;
INSERT INTO delivery_acceptances (organization_id, sender_id, second, deliveries)
SELECT %(organization)s, %(sender)s, date_trunc('second', accepted_at), array_agg(id)
FROM delivery_delivery WHERE state = 30 GROUP BY 3;
INSERT INTO delivery_doubt (delivery_id, organization_id, sender_id, fanout_id, tried_at, since, repeats, weigh_at)
SELECT id, %(organization)s, %(sender)s, fanout_id, ARRAY[accepted_at], now(), 0, CASE WHEN id %% 1000 = 0 THEN now() END
FROM delivery_delivery;
ANALYZE delivery_delivery, delivery_acceptances, delivery_doubt, delivery_fanout;
"""


def test_every_question_about_doubts_has_an_index_at_300_000_rows(
    esempio: Organization, sender: Sender
) -> None:
    with organization_scope(esempio), transaction.atomic():
        made = [mailing(sender, 0) for _number in range(15)]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(_ROWS, {"organization": esempio.pk, "sender": sender.pk, "first": made[0].pk})
            cursor.execute("SET LOCAL session_replication_role = origin")
        one = Delivery.objects.filter(fanout=made[0], state=DeliveryState.UNKNOWN)[0]
        with CaptureQueriesContext(connection) as queries:
            doubts.weigh()
            Fanout.objects.filter(pk=made[0].pk).update(n_unknown=F("n_unknown") + 200)
            doubts.unknown(made[0])
            doubts.evidence(one)
            for only in (True, False):
                outbox.retry_unknown(made[0], mark=2**60, only_not_sent=only, among=[bytes(one.address_hash)])
            outbox.retry(one, mark=2**60)
            with connection.cursor() as cursor:
                cursor.execute(statement("settle"), doubts.settling(sender.pk))
        large = {"delivery_delivery", "delivery_acceptances", "delivery_doubt"}
        for text, step in plans(queries):
            whole = step["Node Type"].endswith("Seq Scan") and step.get("Relation Name") in large
            assert not whole, f"{step['Relation Name']} is read from end to end: {text[:300]}"
        transaction.set_rollback(True)
