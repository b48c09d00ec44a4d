# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every way by which one message can be sent again by itself, and where it ends (delivery/limits/ceilings.py)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from django.db import connection

from arengo.delivery.limits import ceilings
from arengo.delivery.models import Delivery, DeliveryState, Doubt, Outbox, Sender, Urgency
from arengo.delivery.queue import outbox
from arengo.delivery.queue.claimed import Claimed, OwnedSender
from arengo.delivery.sending.dispatcher import Dispatcher
from arengo.delivery.sending.doubts import settling
from arengo.delivery.sending.moves import Move
from arengo.delivery.sending.results import Requeue
from arengo.delivery.sql import statement
from arengo.platforms import refusing
from arengo.platforms.contract import Address, Refusal, Remedy, Text
from arengo.platforms.whatsapp import bodies
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
from tests.factories.delivery import claim, lose
from tests.factories.platforms import credentials
from tests.support.sandbox_server import SandboxProcess

__all__ = ["outside", "sandbox", "sender"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many in doubt make nobody wait."""
    monkeypatch.setattr(ceilings, "LONGEST_DOUBT", 0.05)
    monkeypatch.setattr(ceilings, "LONGEST_OUTAGE", 0.05)


ANSWERS: list[dict[str, Any]] = [
    {"kind": "reset"},
    {"kind": "close"},
    {"kind": "half"},
    {"kind": "gzip_broken"},
    {"kind": "malformed"},
    {"kind": "redirect"},
    {"http": 200},
    {"http": 502},
    {"http": 408},
    {"code": 131000},
    {"code": 131000, "http": 400},
    {"code": 131016},
    {"code": 133004},
    {"code": 2},
    {"code": 1, "http": 500},
    {"code": 131026, "http": 500, "as": "response"},
    {"code": 130429, "http": 503},
    {"code": 987654, "http": 503},
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
@pytest.mark.usefixtures("impatient")
def test_what_was_accepted_and_answered_oddly_is_not_sent_again_but_an_alert_once(
    sender: Sender, sandbox: SandboxProcess, answer: dict[str, Any]
) -> None:
    sandbox.control("POST", "/conditions", {"errors": [{**answer, "when": "after"}]})
    mailing(sender, people(sandbox, 3))
    alert = mailing(sender, people(sandbox, 3), Urgency.ALERT)
    dispatch_until(decided(DeliveryState.UNKNOWN))
    sends = Counter(int(entry["biz_opaque_callback_data"]) for entry in ledger(sandbox))
    alerts = set(alert.deliveries.values_list("pk", flat=True))
    assert {pk: sends[pk] for pk in alerts} == dict.fromkeys(alerts, 1 + ceilings.REPEATS_OF_AN_ALERT)
    assert all(times == 1 for pk, times in sends.items() if pk not in alerts)
    assert set(Doubt.objects.values_list("pk", "repeats")) == {
        (pk, int(pk in alerts)) for pk in Delivery.objects.values_list("pk", flat=True)
    }


@pytest.mark.usefixtures("impatient")
def test_a_press_gives_an_alert_no_second_repeat(sender: Sender, sandbox: SandboxProcess) -> None:
    """Once over its whole life: what survives is not the outbox's row, which a press makes anew."""
    sandbox.control("POST", "/conditions", {"errors": [{"kind": "reset", "when": "after"}]})
    mailing(sender, people(sandbox, 1), Urgency.ALERT)
    dispatch_until(decided(DeliveryState.UNKNOWN))
    outbox.retry(Delivery.objects.get())
    dispatch_until(decided(DeliveryState.UNKNOWN))
    assert len(ledger(sandbox)) == 3, "two by itself, one by the press"


def test_an_alert_whose_worker_is_killed_again_and_again_is_given_up(sender: Sender) -> None:
    mailing(sender, [Address(phone="+393330000001")], Urgency.ALERT)
    lives = 0
    while Outbox.objects.exists():
        lives += 1
        assert lives <= 1 + ceilings.REPEATS_OF_AN_ALERT, "it goes again without end"
        claim(Delivery.objects.all(), epoch=lives)
        with connection.cursor() as cursor:
            cursor.execute(statement("take_over"), {"sender": sender.pk, "epoch": lives + 1})
            cursor.execute(statement("settle"), {**settling(sender.pk), "patience": -1.0})
    assert Delivery.objects.get().state == DeliveryState.UNKNOWN


def test_an_alert_of_a_mailing_that_a_person_stopped_does_not_go_again(sender: Sender) -> None:
    fanout = mailing(sender, [Address(phone="+393330000001")], Urgency.ALERT)
    claim(Delivery.objects.all(), epoch=1)
    outbox.stop_fanout(fanout)
    lose(Delivery.objects.all())
    assert Delivery.objects.get().state == DeliveryState.UNKNOWN


def test_when_it_may_have_gone_is_the_time_of_the_claim_not_of_the_takeover(sender: Sender) -> None:
    """A worker killed at ten and started at noon: its neighbours are those of ten."""
    mailing(sender, [Address(phone="+393330000001")])
    claim(Delivery.objects.all(), epoch=1)
    ten = datetime.now(UTC) - timedelta(hours=2)
    Outbox.objects.update(claimed_at=ten)
    with connection.cursor() as cursor:
        cursor.execute(statement("take_over"), {"sender": sender.pk, "epoch": 2})
        cursor.execute(statement("settle"), settling(sender.pk))
        assert Outbox.objects.exists(), "its receipt gets its time to come, from the takeover on"
        cursor.execute(statement("settle"), {**settling(sender.pk), "patience": -1.0})
    assert Doubt.objects.get().tried_at == [ten]


# --- what goes wrong with us ------------------------------------------------------------------------------------


@pytest.mark.parametrize("urgency", [Urgency.ALERT, Urgency.NEWS])
@pytest.mark.usefixtures("impatient")
def test_a_message_that_cannot_be_encoded_fails_on_screen(
    sender: Sender, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch, urgency: Urgency
) -> None:
    tried = []

    def broken(*_what: object) -> Any:
        tried.append(1)
        raise TypeError("a bug of ours")

    monkeypatch.setattr(bodies, "message", broken)
    mailing(sender, people(sandbox, 2), urgency)
    dispatch_until(settled(DeliveryState.FAILED))
    assert (len(tried), len(ledger(sandbox))) == (2, 0)
    found = Delivery.objects.all()[0]
    assert (found.code, found.reason) == (refusing.OWN_FAULT, "TypeError")
    assert refusing.explain(found.code)


@pytest.mark.usefixtures("impatient")
def test_a_bug_of_ours_after_the_answer_leaves_the_message_in_doubt_and_does_not_loop(
    sender: Sender, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_what: object) -> Any:
        raise KeyError("a bug of ours")

    monkeypatch.setattr("arengo.platforms.whatsapp.client.decoded", broken)
    mailing(sender, people(sandbox, 1))
    mailing(sender, people(sandbox, 1), Urgency.ALERT)
    dispatch_until(decided(DeliveryState.UNKNOWN))
    assert len(ledger(sandbox)) == 2 + ceilings.REPEATS_OF_AN_ALERT


# --- what the dispatcher makes of each answer -------------------------------------------------------------------


@pytest.fixture
async def alone() -> Any:
    async with aiohttp.ClientSession() as http:
        wanted: dict[str, Any] = {"platform": "whatsapp", "credentials": credentials(), "rate": 9, "epoch": 1}
        yield Dispatcher(OwnedSender(id=1, organization_id=1, **wanted), http)


def claimed(attempts: int = 1, outages: int = 0) -> Claimed:
    return Claimed(7, 2, Address(phone="+393330000001"), b"", Text("Buongiorno"), attempts, outages)


NOW = datetime.now(UTC)


@pytest.mark.parametrize("remedy", [each for each in Remedy if each is not Remedy.STOP_SENDER])
async def test_whatever_the_remedy_the_last_attempt_is_the_last(alone: Dispatcher, remedy: Remedy) -> None:
    refusal = Refusal(remedy, code=131056, retry_after=1.0)
    decided = alone._refused(claimed(ceilings.ATTEMPTS), refusal, NOW)
    assert isinstance(decided, Move)
    assert decided.failed_at is not None


async def test_an_outage_costs_no_attempt_and_ends_all_the_same(alone: Dispatcher) -> None:
    nobody = Refusal(Remedy.RETRY, title="ClientConnectorError")
    again = alone._refused(claimed(outages=ceilings.OUTAGES - 1), nobody, NOW)
    assert isinstance(again, Requeue)
    assert (again.counts, again.outage) == (False, True)
    last = alone._refused(claimed(outages=ceilings.OUTAGES), nobody, NOW)
    assert isinstance(last, Move)
    assert last.code == refusing.NOBODY_ANSWERED


def test_outages_are_counted_whatever_is_given_back(sender: Sender) -> None:
    mailing(sender, [Address(phone="+393330000001")])
    pk = Delivery.objects.get().pk
    for outage in (True, False, True):
        claim(Delivery.objects.all(), epoch=1)
        with connection.cursor() as cursor:
            values = {"codes": [0], "reasons": [""], "counts": [False], "outages": [outage]}
            cursor.execute(statement("requeue"), {"epoch": 1, "ids": [pk], "not_before": [NOW], **values})
    assert (Outbox.objects.get().outages, Outbox.objects.get().attempts) == (2, 0)


async def test_answers_in_a_row_that_decide_nothing_make_everybody_wait(alone: Dispatcher) -> None:
    """Each more would cost one message its outcome."""
    doubtful = Refusal(Remedy.RETRY, code=131000, certain=False, retry_after=2.0)
    for _time in range(ceilings.DOUBTS_BEFORE_PAUSE - 1):
        alone._refused(claimed(), doubtful, NOW)
    assert alone._outage == 0
    alone._refused(claimed(), doubtful, NOW)
    assert alone._outage == 2.0, "as long as the platform asks for"
    alone._answered()
    assert (alone._outage, alone._in_doubt, alone.halted) == (0.0, 0, None)


async def test_a_page_that_is_not_the_platforms_stops_the_sender_after_some_in_a_row(
    alone: Dispatcher,
) -> None:
    elsewhere = Refusal(Remedy.STOP_SENDER, title="HTTP 302", certain=False)
    for _time in range(ceilings.DOUBTS_BEFORE_STOP - 1):
        alone._refused(claimed(), elsewhere, NOW)
    assert alone.halted is None
    alone._refused(claimed(), elsewhere, NOW)
    assert alone.halted is elsewhere


async def test_what_the_platform_says_of_the_number_stops_it_at_once_and_its_message_stays_in_doubt(
    alone: Dispatcher,
) -> None:
    said = Refusal(Remedy.STOP_SENDER, code=131045, certain=False)
    decided = alone._refused(claimed(), said, NOW)
    assert isinstance(decided, Move)
    assert decided.state == DeliveryState.UNCERTAIN
    assert alone.halted is said


def test_the_ceilings_are_said_in_words() -> None:
    words = " ".join(ceilings.rules())
    for number in (ceilings.ATTEMPTS, "2.880", ceilings.REPEATS_OF_AN_ALERT):
        assert str(number) in words
