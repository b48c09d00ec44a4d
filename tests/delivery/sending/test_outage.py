# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nobody answers at the platform's address: how long everybody waits."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import aiohttp

from arengo.delivery.limits import ceilings
from arengo.delivery.queue.claimed import Claimed, OwnedSender
from arengo.delivery.sending.dispatcher import Dispatcher
from arengo.delivery.sending.results import Requeue
from arengo.platforms.contract import Address, Refusal, Remedy, Text
from tests.factories.platforms import credentials

NOBODY = Refusal(Remedy.RETRY, title="ClientConnectorError")


def dispatcher(http: aiohttp.ClientSession) -> Dispatcher:
    wanted: dict[str, Any] = {"platform": "whatsapp", "credentials": credentials(), "rate": 1000, "epoch": 1}
    return Dispatcher(OwnedSender(id=1, organization_id=1, **wanted), http)


def refused(dispatcher: Dispatcher, count: int) -> set[float]:
    """So many messages under way at once meet nobody; the pauses that follow."""
    pauses = set()
    for number in range(count):
        claimed = Claimed(number, 2, Address(phone="+393330000001"), b"", Text("Buongiorno"), 1)
        assert isinstance(dispatcher._refused(claimed, NOBODY, datetime.now(UTC)), Requeue)
        pauses.add(dispatcher._outage)
    return pauses


async def test_a_burst_that_meets_nobody_is_one_outage_not_hundreds() -> None:
    async with aiohttp.ClientSession() as http:
        assert refused(dispatcher(http), 500) == {0.5}


async def test_the_pause_doubles_each_time_that_nobody_answers_after_it() -> None:
    async with aiohttp.ClientSession() as http:
        waiting = dispatcher(http)
        refused(waiting, 1)
        await asyncio.sleep(0.55)
        assert refused(waiting, 20) == {1.0}
        waiting._outage = ceilings.LONGEST_OUTAGE
        waiting._outage_until = 0.0
        assert refused(waiting, 1) == {ceilings.LONGEST_OUTAGE}
