# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import asyncio
import time
from collections.abc import MutableMapping
from typing import Any
from unittest.mock import ANY

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connection

from arengo.config.heartbeats import Heart
from arengo.config.web import Web
from arengo.core import health
from arengo.core.models import Heartbeat
from tests.support.waiting import NEVER

pytestmark = pytest.mark.django_db(transaction=True)


async def _nothing(*_given: Any) -> None:
    raise AssertionError("the site is not asked")


def _look() -> list[Heartbeat]:
    try:
        return health.living()
    finally:
        connection.close()  # of this thread: nobody else would


async def _living() -> list[Heartbeat]:
    return await sync_to_async(_look)()


async def _until_somebody_lives() -> list[Heartbeat]:
    deadline = time.monotonic() + NEVER
    while not (hearts := await _living()):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    return hearts


async def test_a_web_process_is_on_the_books_from_its_start_to_its_end() -> None:
    given: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    answers: list[str] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(message["type"])

    serving = asyncio.create_task(Web(_nothing)({"type": "lifespan"}, given.get, send))
    await given.put({"type": "lifespan.startup"})
    [heart] = await _until_somebody_lives()
    assert heart.kind == "web"
    await given.put({"type": "lifespan.shutdown"})
    await serving
    assert answers == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert await _living() == []


async def test_a_heart_tells_what_its_process_sees() -> None:
    heart = Heart("worker", lambda: {"seen": 3})
    beating = asyncio.create_task(heart.beat_forever())
    [found] = await _until_somebody_lives()
    assert (found.name, found.detail) == (
        heart.name,
        {"seen": 3, health.VAULT_KEYS: [ANY], health.PROCESSES: health.process_names()},
    )
    beating.cancel()
    await heart.stop()


async def test_a_heart_goes_on_when_the_database_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    real, refused = health.beat, []

    def beat(*words: Any, **more: Any) -> None:
        if not refused:
            refused.append(1)
            raise OperationalError("the database is away")
        real(*words, **more)

    monkeypatch.setattr(health, "beat", beat)
    monkeypatch.setattr(health, "BEAT", 0.01)
    heart = Heart("worker")
    beating = asyncio.create_task(heart.beat_forever())
    await _until_somebody_lives()
    assert refused
    beating.cancel()
    await heart.stop()
