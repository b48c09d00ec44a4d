# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The dispatcher against the sandbox: a real HTTP server that validates, limits and misbehaves on request."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Any

import aiohttp
import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone

from arengo.delivery.limits import ceilings
from arengo.delivery.models import Delivery, DeliveryState, Outbox, OutboxState, Sender, Urgency
from arengo.delivery.queue import outbox
from arengo.delivery.queue.claimed import Claimed, OwnedSender
from arengo.delivery.queue.claims import Claims
from arengo.delivery.queue.ownership import LOCK_CLASS
from arengo.delivery.senders import activation
from arengo.delivery.sending import dispatcher as dispatching
from arengo.delivery.sending.dispatcher import Dispatcher
from arengo.delivery.sql import statement
from arengo.platforms.contract import Accepted, Address, Capabilities, Refusal, Remedy, Template, Text
from tests.delivery.sending.dispatching import (
    decided,
    dispatch_until,
    ledger,
    mailing,
    outside,
    people,
    sandbox,
    sender,
    settled,
)
from tests.factories.delivery import claim
from tests.support.sandbox_server import SandboxProcess
from tests.support.waiting import NEVER

__all__ = ["outside", "sandbox", "sender"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_mailing_reaches_each_recipient_once_and_is_counted(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    addresses = people(sandbox, 500)
    fanout = mailing(sender, addresses + addresses[:50])  # who is named twice hears it once
    dispatch_until(settled())
    sends = ledger(sandbox)
    assert len(sends) == 500
    assert {str(send["biz_opaque_callback_data"]) for send in sends} == {
        str(pk) for pk in Delivery.objects.values_list("pk", flat=True)
    }
    fanout.refresh_from_db()
    assert (fanout.total, fanout.n_accepted, fanout.n_failed) == (500, 500, 0)
    assert fanout.first_accepted_at is not None


def test_a_person_without_a_number_is_reached_by_the_business_scoped_id(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    (address,) = people(sandbox, 1, hide_number=True)
    assert address.user_id
    assert address.phone is None
    mailing(sender, [address])
    dispatch_until(settled())
    assert len(ledger(sandbox)) == 1


def test_who_is_not_on_whatsapp_does_not_hold_up_the_others(sender: Sender, sandbox: SandboxProcess) -> None:
    mailing(sender, [Address(phone="+390000000001"), *people(sandbox, 3)])
    dispatch_until(settled(DeliveryState.ACCEPTED, DeliveryState.FAILED))


def test_a_message_that_the_platform_refuses_fails_with_its_reason(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    fanout = outbox.open_fanout(
        sender,
        Template("mai_approvato", "it"),
        urgency=Urgency.NEWS,
        price_category="utility",
        topic="update:1",
    )
    outbox.fill(fanout, people(sandbox, 2))
    dispatch_until(settled(DeliveryState.FAILED))
    fanout.refresh_from_db()
    delivery = Delivery.objects.all()[0]
    assert (fanout.n_failed, fanout.n_accepted, delivery.code) == (2, 0, 132001)
    assert delivery.reason


def test_failed_deliveries_go_again_when_a_person_says_so(sender: Sender, sandbox: SandboxProcess) -> None:
    fanout = mailing(sender, people(sandbox, 3))
    sandbox.control("POST", "/conditions", {"errors": [{"code": 131026, "rate": 1.0, "as": "response"}]})
    dispatch_until(settled(DeliveryState.FAILED))
    sandbox.control("POST", "/conditions", {"errors": []})
    assert outbox.retry_failed(fanout) == 3
    dispatch_until(settled())
    fanout.refresh_from_db()
    assert (fanout.n_failed, fanout.n_accepted) == (0, 3)


def test_a_busy_platform_is_tried_again_until_it_accepts(
    sender: Sender, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ceilings, "LONGEST_BACKOFF", 0.2)
    monkeypatch.setattr(ceilings, "ATTEMPTS", 1000)  # chance decides how often; never is not a question
    sandbox.control("POST", "/conditions", {"errors": [{"code": 130429, "rate": 0.3, "as": "response"}]})
    mailing(sender, people(sandbox, 60))
    dispatch_until(settled())
    assert len(ledger(sandbox)) == 60


@pytest.mark.parametrize("code", [190, 131042, 131031])
def test_a_refusal_of_the_sender_stops_it_and_loses_nothing(
    sender: Sender, sandbox: SandboxProcess, code: int
) -> None:
    mailing(sender, people(sandbox, 40))
    sandbox.control("POST", "/conditions", {"errors": [{"code": code, "rate": 1.0, "as": "response"}]})
    dispatch_until(lambda: Sender.objects.filter(state="stopped").exists())
    sender.refresh_from_db()
    assert sender.stop_code == code
    assert sender.stop_reason
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.QUEUED}
    assert ledger(sandbox) == []


class _SlowThenClosed:
    """Takes twenty messages and thinks about each; to the next it says at once that the number may not send."""

    can = Capabilities()

    def __init__(self) -> None:
        self.taken = 0

    async def send(self, http: Any, given: Any, to: Any, outgoing: Any, opaque: str) -> Accepted:
        self.taken += 1
        if self.taken > 20:
            raise Refusal(Remedy.STOP_SENDER, code=190, title="Access token has expired")
        await asyncio.sleep(2)
        return Accepted(f"wamid.{opaque}")


def test_what_was_under_way_when_the_platform_stopped_the_sender_is_not_in_doubt(
    sender: Sender, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatching, "_IN_HASTE", dispatching._Patience(0.1, 3.0))
    slow = _SlowThenClosed()
    monkeypatch.setattr(dispatching, "platform", lambda _name: slow)
    mailing(sender, people(sandbox, 21))
    dispatch_until(lambda: Sender.objects.filter(state="stopped").exists())
    states = Counter(Delivery.objects.values_list("state", flat=True))
    assert states == {DeliveryState.ACCEPTED: 20, DeliveryState.QUEUED: 1}


def test_an_owner_that_ends_in_the_middle_of_a_claim_gives_back_what_it_took(
    sender: Sender, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    whole = Claims.take

    async def slow(claims: Claims, *given: Any, **more: Any) -> list[Claimed]:
        found = await whole(claims, *given, **more)
        taken.extend(claimed.id for claimed in found)
        await asyncio.sleep(0.5)  # committed, and the answer is on its way
        return found

    monkeypatch.setattr(Claims, "take", slow)
    mailing(sender, people(sandbox, 20))
    dispatch_until(lambda: bool(taken))
    assert set(Outbox.objects.values_list("state", flat=True)) == {OutboxState.READY}
    assert Outbox.objects.count() + len(ledger(sandbox)) == 20


def test_a_resumed_sender_sends_what_waited(sender: Sender, sandbox: SandboxProcess, alice: Any) -> None:
    mailing(sender, people(sandbox, 10))
    activation.stop(sender, reason="prova", by=alice)
    with pytest.raises(AssertionError, match="in time"):
        dispatch_until(settled(), within=1)
    activation.resume(sender, by=alice)
    dispatch_until(settled())
    assert len(ledger(sandbox)) == 10


def test_an_answer_that_never_comes_leaves_the_delivery_uncertain_and_it_is_not_sent_again(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    sandbox.control("POST", "/conditions", {"errors": [{"kind": "reset", "when": "after", "rate": 1.0}]})
    mailing(sender, people(sandbox, 5))
    dispatch_until(settled(DeliveryState.UNCERTAIN))
    assert len(ledger(sandbox)) == 5  # the platform had accepted them all


@pytest.mark.parametrize(("urgency", "sends", "state"), [(Urgency.ALERT, 10, 20), (Urgency.NEWS, 5, 17)])
def test_what_stays_uncertain_goes_again_only_if_it_is_an_alert(
    sender: Sender,
    sandbox: SandboxProcess,
    urgency: Urgency,
    sends: int,
    state: int,
) -> None:
    sandbox.control("POST", "/conditions", {"errors": [{"kind": "reset", "when": "after", "rate": 1.0}]})
    fanout = mailing(sender, people(sandbox, 5), urgency)
    dispatch_until(settled(DeliveryState.UNCERTAIN))
    sandbox.control("POST", "/conditions", {"errors": []})
    dispatch_until(decided(state))
    assert len(ledger(sandbox)) == sends
    fanout.refresh_from_db()
    assert fanout.n_unknown == (5 if state == DeliveryState.UNKNOWN else 0)


def test_what_a_dead_owner_had_claimed_becomes_uncertain_at_the_next(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    mailing(sender, people(sandbox, 8))
    claim(Delivery.objects.all(), epoch=0)
    dispatch_until(settled(DeliveryState.UNCERTAIN))
    assert ledger(sandbox) == []


def test_alerts_overtake_replies_and_replies_overtake_news(sender: Sender, sandbox: SandboxProcess) -> None:
    Sender.objects.update(rate=20)
    addresses = people(sandbox, 120)
    news = mailing(sender, addresses[:100])
    alert = mailing(sender, addresses[100:110], Urgency.ALERT)
    dispatch_until(lambda: not alert.deliveries.exclude(state=DeliveryState.ACCEPTED).exists())
    late = set(news.deliveries.values_list("pk", flat=True))
    sent = [int(send["biz_opaque_callback_data"]) not in late for send in ledger(sandbox)]
    last_alert = len(sent) - sent[::-1].index(True)
    assert sent[:last_alert].count(False) <= 10


def test_a_stop_gives_back_what_was_claimed_and_not_sent(sender: Sender, sandbox: SandboxProcess) -> None:
    Sender.objects.update(rate=20)
    mailing(sender, people(sandbox, 100))
    dispatch_until(lambda: Delivery.objects.filter(state=DeliveryState.ACCEPTED).count() >= 5)
    assert set(Delivery.objects.values_list("state", flat=True)) == {
        DeliveryState.QUEUED,
        DeliveryState.ACCEPTED,
    }
    assert len(ledger(sandbox)) == Delivery.objects.filter(state=DeliveryState.ACCEPTED).count()


def test_two_workers_never_both_own_a_number(sender: Sender, sandbox: SandboxProcess) -> None:
    mailing(sender, people(sandbox, 300))
    running = dispatch_until(settled(), owners=3)
    assert len(running) == 3
    assert len(ledger(sandbox)) == 300
    sender.refresh_from_db()
    assert sender.epoch == 1


def test_an_owner_whose_epoch_is_over_claims_nothing(sender: Sender, sandbox: SandboxProcess) -> None:
    mailing(sender, people(sandbox, 5))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_CLASS, sender.pk])
        try:
            with pytest.raises(AssertionError, match="in time"):
                dispatch_until(settled(), within=1)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, sender.pk])
    assert ledger(sandbox) == []


def test_two_messages_to_one_person_arrive_in_the_order_in_which_they_were_written(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    person = sandbox.control("POST", "/people", {"count": 1})["people"][0]
    address = Address(phone=f"+{person['phone']}")
    sandbox.control("POST", f"/people/{person['id']}/messages", {"type": "text", "text": "Buongiorno"})
    sandbox.control("POST", "/conditions", {"latency_ms": 30})
    for number in range(8):
        outbox.enqueue(sender, address, Text(f"parte {number}"))
    dispatch_until(settled())
    assert [int(send["biz_opaque_callback_data"]) for send in ledger(sandbox)] == sorted(
        Delivery.objects.values_list("pk", flat=True)
    )


def test_an_unfit_message_is_refused_before_it_is_written(sender: Sender) -> None:
    with pytest.raises(outbox.UnfitMessage) as refused:
        outbox.enqueue(sender, Address(phone="+393330000001"), Text("x" * 4097))
    assert "4" in refused.value.problems[0]
    assert Delivery.objects.count() == 0


def test_a_claim_that_the_database_did_not_confirm_is_not_left_lying(
    sender: Sender, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks after the commit and before its answer: the rows are claimed, and nobody knows."""
    broken = 0
    take = Claims.take

    async def cut_off(self: Claims, limit: int, least_urgent: int, *, afresh: bool) -> list[Claimed]:
        nonlocal broken
        claimed = await take(self, limit, least_urgent, afresh=afresh)
        if claimed and broken < 2:
            broken += 1
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return claimed

    monkeypatch.setattr(Claims, "take", cut_off)
    mailing(sender, people(sandbox, 700))
    dispatch_until(settled())
    assert broken == 2
    assert len(ledger(sandbox)) == 700


def test_who_lost_the_number_still_says_what_it_never_sent(sender: Sender, sandbox: SandboxProcess) -> None:
    """Its successor calls those uncertain; the owner of before knows better, as long as nobody claimed them since."""
    mailing(sender, people(sandbox, 2))
    claim(Delivery.objects.all(), epoch=1)
    known, claimed_since = Delivery.objects.order_by("pk")
    with connection.cursor() as cursor:
        cursor.execute(statement("take_over"), {"sender": sender.pk, "epoch": 2})
        assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.UNCERTAIN}
        Outbox.objects.filter(delivery=claimed_since).update(claim_epoch=2)
        back = {
            "ids": [known.pk, claimed_since.pk],
            "not_before": [timezone.now()] * 2,
            "counts": [False] * 2,
            "outages": [False] * 2,
        }
        cursor.execute(statement("requeue"), {"epoch": 1, "codes": [0, 0], "reasons": ["", ""], **back})
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == [
        DeliveryState.QUEUED,
        DeliveryState.UNCERTAIN,
    ]
    assert list(Outbox.objects.order_by("pk").values_list("state", flat=True)) == [
        OutboxState.READY,
        OutboxState.UNCERTAIN,
    ]


def test_who_is_not_sure_to_own_the_number_sends_nothing_and_gives_back(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    mailing(sender, people(sandbox, 30))
    Sender.objects.update(epoch=1)
    owned = OwnedSender(sender.pk, sender.organization_id, "whatsapp", sender.credentials, 1000, 1)

    async def run() -> int:
        async with aiohttp.ClientSession() as http:
            dispatcher = Dispatcher(owned, http, holds=lambda: False)
            task = asyncio.create_task(dispatcher.run())
            deadline = time.monotonic() + NEVER
            while not dispatcher.claimed and time.monotonic() < deadline:
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.3)
            claimed = dispatcher.claimed
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return claimed

    assert async_to_sync(run)() > 0
    assert ledger(sandbox) == []
    assert set(Outbox.objects.values_list("state", flat=True)) == {OutboxState.READY}
