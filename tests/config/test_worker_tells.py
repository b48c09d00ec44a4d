# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A worker's parts at their real work, against the sandbox: what they do reaches the state of the machine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django.utils import timezone

from arengo.config.worker import Worker
from arengo.core import health, process_metrics as counting
from arengo.core.console import conditions
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.core.process_metrics import RECEIPTS, WEBHOOKS, ProcessMetrics
from arengo.core.scope import every_organization
from arengo.delivery.condition.sections import Senders
from arengo.delivery.models import Sender
from arengo.delivery.queue import outbox
from arengo.delivery.receipts import applying
from arengo.delivery.sending import results
from arengo.intake import reader
from arengo.platforms.contract import Address, ReceiptReceived, ReceiptStatus, Text
from tests.factories.delivery import mailing, make_sender
from tests.factories.intake import journal
from tests.factories.platforms import credentials
from tests.support.sandbox_server import SandboxProcess, sandbox_process
from tests.support.waiting import NEVER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with sandbox_process(SANDBOX_MPS="1000") as sandbox:
        definition = {
            "name": "avviso",
            "language": "it",
            "category": "UTILITY",
            "components": [{"type": "BODY", "text": "Il Comune avvisa tutti gli iscritti."}],
        }
        made = sandbox.graph("POST", f"/{sandbox.waba_id}/message_templates", definition)
        assert made.status == 200, made.body
        deadline = time.monotonic() + NEVER
        while (
            sandbox.graph("GET", f"/{sandbox.waba_id}/message_templates").body["data"][0]["status"]
            != "APPROVED"
        ):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield sandbox


@pytest.fixture
def sender(scope: Organization, sandbox: SandboxProcess) -> Sender:
    return make_sender(scope, rate=200, credentials=credentials(sandbox.url))


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> ProcessMetrics:
    """This process' process_metrics, empty."""
    fresh = ProcessMetrics()
    for module in (counting, applying, results, reader):
        monkeypatch.setattr(module, "process_metrics", fresh)
    return fresh


def test_an_owner_its_pace_and_what_the_platform_took_reach_the_state(
    sender: Sender, sandbox: SandboxProcess, counted: ProcessMetrics
) -> None:
    people = sandbox.control("POST", "/people", {"count": 25})["people"]
    mailing(sender, [Address(phone=f"+{person['phone']}") for person in people])

    def look() -> conditions.Snapshot:
        with every_organization("a test looks at all of it"):
            return conditions.read()

    async def run() -> conditions.Snapshot:
        worker = Worker()
        sending = asyncio.create_task(worker._owner.run())
        deadline = time.monotonic() + NEVER
        try:
            while True:
                seen = worker._sees()
                await sync_to_async(health.beat)(worker.name, "worker", detail=seen)
                snapshot = await sync_to_async(look)()
                if snapshot.of(Senders).all[0].accepted.minute == 25:
                    return snapshot
                assert time.monotonic() < deadline, snapshot
                await asyncio.sleep(0.1)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    [found] = async_to_sync(run)().of(Senders).all
    assert found.owner is not None
    assert found.owner in (heart.name for heart in health.living())
    assert found.stats is not None
    assert (found.stats.epoch, found.pace) == (found.epoch, 200)
    assert found.queue.depth == 0
    assert found.accepted.total == 25


def test_receipts_are_told_with_their_delay_once_they_are_applied(
    sender: Sender, counted: ProcessMetrics
) -> None:
    mine = outbox.enqueue(sender, Address(phone="+393330000001"), Text("Ciao"))
    at = timezone.now() - timedelta(seconds=40)
    late = ReceiptReceived("wamid.1", ReceiptStatus.SENT, at, opaque=str(mine.pk))
    batch: Batch[Any] = Batch(sender.organization_id, sender.pk, [late, late], "whatsapp")
    with transaction.atomic():
        applying.apply(batch)
        assert counted.snapshot().count(RECEIPTS, sender.pk).total == 0
    told = counted.snapshot()
    assert told.count(RECEIPTS, sender.pk).total == 2
    assert told.delay(RECEIPTS, sender.pk).lately == 60


def test_webhooks_are_told_once_they_are_read(sender: Sender, counted: ProcessMetrics) -> None:
    for _ in range(3):
        body = b'{"object": "whatsapp_business_account", "entry": []}'
        journal(sender, body)
    reader.read_batch()
    assert counted.snapshot().count(WEBHOOKS, 0).total == 3
