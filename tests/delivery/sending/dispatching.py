# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A number at the sandbox, people and mailings, and owners that run until something is so."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from arengo.core.models import Organization
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Sender, Urgency
from arengo.delivery.queue.ownership import Owner
from arengo.platforms.contract import Address, Parameter, Template
from tests.factories.delivery import mailing as make_mailing, make_sender, settle
from tests.factories.platforms import credentials
from tests.support.sandbox_server import SandboxProcess, sandbox_process
from tests.support.waiting import NEVER

CLOSED_STREET = Template("avviso", "it", body=[Parameter("via Roma è chiusa")])


@pytest.fixture(scope="module")
def outside() -> Iterator[SandboxProcess]:
    with sandbox_process(SANDBOX_MPS="1000") as sandbox:
        definition = {
            "name": "avviso",
            "language": "it",
            "category": "UTILITY",
            "components": [
                {
                    "type": "BODY",
                    "text": "Il Comune avvisa tutti gli iscritti: {{1}}. Grazie per la cortese attenzione.",
                    "example": {"body_text": [["strada chiusa"]]},
                }
            ],
        }
        created = sandbox.graph("POST", f"/{sandbox.waba_id}/message_templates", definition)
        assert created.status == 200, created.body
        deadline = time.monotonic() + NEVER
        while time.monotonic() < deadline:
            found = sandbox.graph("GET", f"/{sandbox.waba_id}/message_templates").body["data"]
            if found and found[0]["status"] == "APPROVED":
                break
            time.sleep(0.05)
        yield sandbox


@pytest.fixture
def sandbox(outside: SandboxProcess) -> SandboxProcess:
    calm = {"latency_ms": 0, "errors": [], "mps": 1000}
    outside.control("POST", "/conditions", calm)
    outside.control("DELETE", "/ledger")
    return outside


@pytest.fixture
def sender(scope: Organization, sandbox: SandboxProcess) -> Sender:
    return make_sender(scope, rate=1000, credentials=credentials(sandbox.url))


def people(sandbox: SandboxProcess, count: int, **more: Any) -> list[Address]:
    made = sandbox.control("POST", "/people", {"count": count, **more})["people"]
    assert len(made) == count
    return [
        Address(user_id=person["user_id"]) if more else Address(phone=f"+{person['phone']}")
        for person in made
    ]


def ledger(sandbox: SandboxProcess) -> list[dict[str, Any]]:
    page = sandbox.control("GET", "/ledger?limit=10000")
    assert page["next"] is None
    found: list[dict[str, Any]] = page["ledger"]
    return found


def dispatch_until(done: Callable[[], bool], *, within: float = 60.0, owners: int = 1) -> list[Owner]:
    """Runs owners, as workers do, until ``done`` says so; fails if it never does."""

    async def run() -> list[Owner]:
        running = [Owner() for _ in range(owners)]
        tasks = [asyncio.create_task(owner.run()) for owner in running]
        deadline = time.monotonic() + within
        try:
            while not await sync_to_async(done)():
                states = await sync_to_async(
                    lambda: dict(Counter(Delivery.objects.values_list("state", "code", "reason")))
                )()
                assert time.monotonic() < deadline, f"the dispatcher did not get there in time: {states}"
                await asyncio.sleep(0.05)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return running

    return async_to_sync(run)()


def settled(*states: int) -> Callable[[], bool]:
    return lambda: not Delivery.objects.exclude(state__in=states or [DeliveryState.ACCEPTED]).exists()


def decided(*states: int) -> Callable[[], bool]:
    """The same, with no patience for what is in doubt: it is decided each time that one looks."""
    done = settled(*states)

    def look() -> bool:
        for sender_id in list(Sender.objects.values_list("pk", flat=True)):
            settle(sender_id)
        return done()

    return look


def mailing(sender: Sender, addresses: list[Address], urgency: Urgency = Urgency.NEWS) -> Fanout:
    """By the template that the sandbox approved."""
    return make_mailing(sender, addresses, urgency, template=CLOSED_STREET)
