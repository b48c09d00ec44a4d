# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""131049: not to this person today, once more tomorrow. 131050: never again. 131056: this pair waits. However it is told."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Outbox, OutboxState, SecondTry, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.receipts import applying
from arengo.platforms.contract import Address, ReceiptReceived, ReceiptStatus, Remedy, Text
from tests.delivery.sending.dispatching import (
    dispatch_until,
    ledger,
    mailing,
    outside,
    people,
    sandbox,
    sender,
    settled,
)
from tests.factories.audience import citizen
from tests.factories.delivery import decide
from tests.support.sandbox_server import SandboxProcess

__all__ = ["outside", "sandbox", "sender"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def refused(delivery: Delivery, at: timedelta = timedelta(), code: int = 131049) -> ReceiptReceived:
    return ReceiptReceived(
        message_id=delivery.message_id,
        status=ReceiptStatus.FAILED,
        at=timezone.now() + at,
        opaque=str(delivery.pk),
        code=code,
        title="Not delivered",
        remedy=Remedy.NEXT_DAY,
    )


def tell(sender: Sender, *receipts_: ReceiptReceived) -> None:
    applying.apply(Batch(sender.organization_id, sender.pk, receipts_, "whatsapp"))


def counters(fanout: Fanout) -> tuple[int, int, int]:
    fanout.refresh_from_db()
    return fanout.n_accepted, fanout.n_failed, fanout.n_waiting


@pytest.fixture
def sent(sender: Sender) -> Delivery:
    """Accepted by the platform, and no receipt yet."""
    mailing(sender, [Address(phone="+393330000001")])
    decide(Delivery.objects.all(), DeliveryState.ACCEPTED)
    return Delivery.objects.get()


def test_a_late_refusal_for_today_waits_a_day(sender: Sender, sent: Delivery) -> None:
    tell(sender, refused(sent))
    waiting = Outbox.objects.get()
    assert waiting.state == OutboxState.LATER
    assert waiting.not_before - timezone.now() == pytest.approx(timedelta(hours=24), abs=timedelta(minutes=1))
    sent.refresh_from_db()
    assert (sent.state, sent.code, sent.failed_at) == (DeliveryState.QUEUED, 131049, None)
    assert counters(Fanout.objects.get()) == (1, 0, 1)


def test_the_same_refusal_told_again_ends_nothing(sender: Sender, sent: Delivery) -> None:
    first = refused(sent)
    tell(sender, first)
    tell(sender, first, first)
    assert counters(Fanout.objects.get()) == (1, 0, 1)
    assert Outbox.objects.get().state == OutboxState.LATER


def test_a_second_refusal_is_the_last(sender: Sender, sent: Delivery) -> None:
    tell(sender, refused(sent))
    decide(Delivery.objects.all(), DeliveryState.ACCEPTED)  # it left the next day
    tell(sender, refused(sent, at=timedelta(hours=24, seconds=5)))
    sent.refresh_from_db()
    assert (sent.state, sent.code) == (DeliveryState.FAILED, 131049)
    assert counters(Fanout.objects.get()) == (1, 1, 0)
    assert not Outbox.objects.exists()


def test_of_a_mailing_that_was_stopped_nothing_is_tried_again(sender: Sender, sent: Delivery) -> None:
    outbox.stop_fanout(Fanout.objects.get())
    tell(sender, refused(sent))
    sent.refresh_from_db()
    assert sent.state == DeliveryState.FAILED


def test_a_refusal_that_is_days_old_is_not_answered_with_old_news(sender: Sender, sent: Delivery) -> None:
    tell(sender, refused(sent, at=timedelta(days=-3)))
    sent.refresh_from_db()
    assert sent.state == DeliveryState.FAILED


def test_another_refusal_is_final_at_once(sender: Sender, sent: Delivery) -> None:
    receipt = refused(sent, code=131026)
    tell(
        sender,
        type(receipt)(
            **{**{n: getattr(receipt, n) for n in receipt.__struct_fields__}, "remedy": Remedy.NEVER}
        ),
    )
    sent.refresh_from_db()
    assert sent.state == DeliveryState.FAILED


@pytest.mark.parametrize("way", ["response", "status"])
def test_the_sandbox_says_it_either_way_and_tomorrow_it_arrives(
    sender: Sender, sandbox: SandboxProcess, way: str
) -> None:
    sandbox.control("POST", "/conditions", {"errors": [{"code": 131049, "as": way}]})
    fanout = mailing(sender, people(sandbox, 5))
    if way == "response":
        dispatch_until(lambda: SecondTry.objects.count() == 5)
    else:
        dispatch_until(settled())
        tell(sender, *(refused(each) for each in Delivery.objects.all()))
    assert Outbox.objects.filter(state=OutboxState.LATER).count() == 5
    assert counters(fanout)[1:] == (0, 5)
    sandbox.control("POST", "/conditions", {"errors": []})
    Outbox.objects.update(not_before=timezone.now())
    dispatch_until(settled())
    assert counters(fanout) == (5, 0, 0)


def test_who_wants_silence_is_taken_off_also_when_the_answer_itself_says_so(
    sender: Sender, scope: Organization, sandbox: SandboxProcess
) -> None:
    (anna,) = people(sandbox, 1)
    assert anna.phone
    identity = citizen("", phone=anna.phone)
    sandbox.control("POST", "/conditions", {"errors": [{"code": 131050, "as": "response"}]})
    mailing(sender, [anna])

    def silent() -> bool:
        identity.refresh_from_db()
        return identity.marketing_stopped_at is not None

    dispatch_until(silent)
    assert list(Delivery.objects.values_list("state", "code")) == [(DeliveryState.FAILED, 131050)]


def test_sixty_messages_to_one_person_never_meet_the_platforms_limit(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    (anna, bruno) = people(sandbox, 2)
    for address in (anna, bruno):
        sandbox.control(
            "POST", f"/people/{(address.phone or '')[1:]}/messages", {"type": "text", "text": "Buongiorno"}
        )
    long = [outbox.enqueue(sender, anna, Text(f"Parte {number}")).pk for number in range(60)]
    short = outbox.enqueue(sender, bruno, Text("Buongiorno"))
    ready = [OutboxState.READY, OutboxState.CLAIMED]
    dispatch_until(lambda: not Outbox.objects.filter(state__in=ready).exists())
    to_anna = [int(each["biz_opaque_callback_data"]) for each in ledger(sandbox)]
    to_anna.remove(short.pk)
    assert len(to_anna) >= 45
    assert to_anna == long[: len(to_anna)], "a burst, in the order of writing"
    assert not Delivery.objects.exclude(code=0).exists(), "the platform never complained"
    plan = list(Outbox.objects.order_by("delivery_id").values_list("not_before", "attempts"))
    assert len(plan) == 60 - len(to_anna)
    assert {attempts for _at, attempts in plan} == {0}, "waiting is no attempt"
    gaps = [(later[0] - sooner[0]).total_seconds() for sooner, later in pairwise(plan)]
    assert gaps == pytest.approx([6.0] * (len(plan) - 1), abs=0.5)


def test_when_the_platform_complains_about_a_pair_only_that_pair_waits(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    addresses = people(sandbox, 2)
    sandbox.control("POST", "/conditions", {"errors": [{"code": 131056, "as": "response"}]})
    mailing(sender, addresses[:1])
    dispatch_until(lambda: Outbox.objects.filter(state=OutboxState.LATER).exists())
    waiting = Outbox.objects.get()
    assert waiting.not_before - timezone.now() <= timedelta(seconds=16), "four seconds, then sixteen"
    sandbox.control("POST", "/conditions", {"errors": []})
    other = mailing(sender, addresses[1:])
    dispatch_until(settled())
    other.refresh_from_db()
    assert other.n_accepted == 1
