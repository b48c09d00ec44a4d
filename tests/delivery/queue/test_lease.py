# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an owner may believe, and what PostgreSQL does to one that is silent."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.db import connection

from arengo.core.database import ABANDONED, LOST, connect
from arengo.delivery.models import Sender
from arengo.delivery.queue import lease
from arengo.delivery.queue.ownership import LOOK_EVERY, Owner
from arengo.delivery.queue.rebalancing import LIVES, OWNED, REBALANCING, owners, workers


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    time = [1000.0]
    monkeypatch.setattr(lease, "now", lambda: time[0])
    return time


def test_a_lease_nobody_granted_does_not_hold() -> None:
    assert not lease.Lease().holds()


def test_a_lease_counts_from_the_question_not_from_the_answer(clock: list[float]) -> None:
    mine = lease.Lease()
    asked_at = clock[0]
    clock[0] += lease.SILENCE - 0.5  # the answer took long
    mine.renew(asked_at)
    assert mine.holds()
    clock[0] += 0.4
    assert not mine.holds()


def test_a_lease_ends_before_the_session_that_it_is_for(clock: list[float]) -> None:
    mine = lease.Lease()
    mine.renew(clock[0])
    clock[0] += lease.SILENCE - 0.1
    assert not mine.holds()


def test_a_lost_lease_does_not_hold_and_may_be_granted_again(clock: list[float]) -> None:
    mine = lease.Lease()
    mine.renew(clock[0])
    mine.lose()
    assert not mine.holds()
    mine.renew(clock[0])
    assert mine.holds()


def test_an_owner_is_heard_several_times_before_it_counts_as_silent() -> None:
    assert lease.SILENCE / LOOK_EVERY >= 5


@pytest.mark.django_db(transaction=True)
def test_a_silent_session_is_ended_and_its_locks_are_free() -> None:
    async def fall_silent() -> None:
        async with await connect(autocommit=True, name="arengo locks uno:7", silence=0.5) as silent:
            await silent.execute("SELECT pg_advisory_lock_shared(%s, 0)", [LIVES])
            await asyncio.sleep(1.5)
            with pytest.raises(psycopg.errors.IdleSessionTimeout):
                await silent.execute("SELECT 1")

    async_to_sync(fall_silent)()
    assert workers() == []


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_its_process_abandoned_gives_its_locks_back(sender: Sender) -> None:
    """A claim that froze half-way must not hold up its successor, who waits for the sender's row."""

    async def freeze() -> None:
        async with await connect() as frozen, await connect() as successor:
            await frozen.execute("SELECT FROM delivery_sender WHERE id = %s FOR SHARE", [sender.pk])
            async with asyncio.timeout(ABANDONED + 30):
                await successor.execute(
                    "UPDATE delivery_sender SET epoch = epoch + 1 WHERE id = %s", [sender.pk]
                )
            with pytest.raises(LOST):
                await frozen.execute("SELECT 1")

    async_to_sync(freeze)()
    sender.refresh_from_db()
    assert sender.epoch == 1


@pytest.mark.django_db(transaction=True)
def test_who_lost_its_lock_raises_no_epoch(sender: Sender) -> None:
    async def take_over(*, locked: bool) -> int | None:
        owner = Owner("uno:7")
        async with await connect(autocommit=True) as locks:
            owner._session = locks.info.backend_pid
            if locked:
                await locks.execute("SELECT pg_advisory_lock(%s, %s)", [OWNED, sender.pk])
            return await owner._take_over(sender.pk)

    assert async_to_sync(take_over)(locked=False) is None
    sender.refresh_from_db()
    assert sender.epoch == 0
    assert async_to_sync(take_over)(locked=True) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_nothing_while_another_makes_its_step(sender: Sender) -> None:
    async def run(owner: Owner, seconds: float) -> None:
        task = asyncio.create_task(owner.run())
        await asyncio.sleep(seconds)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 0)", [REBALANCING])
        try:
            owner = Owner("uno:7")
            async_to_sync(run)(owner, 1.0)
            sender.refresh_from_db()
            assert sender.epoch == 0
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [REBALANCING])
    assert owners() == {}
