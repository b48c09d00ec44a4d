# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A switchboard of its own for a test, and what settings pages hold."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from arengo.core import live
from arengo.core.live import Switchboard
from tests.support.settings_town import invited, marked, places, price, rita, settings_town

__all__ = ["invited", "marked", "places", "price", "rita", "settings_town"]


@pytest.fixture
async def hung_up() -> AsyncIterator[None]:
    """Ends the listening connection and those of asgiref's thread, so that the test's database can go."""
    yield
    for board in _boards:
        if board._task and not board._task.done():
            board._task.cancel()
            await asyncio.gather(board._task, return_exceptions=True)
    live.switchboard._task, live.switchboard._ready = None, asyncio.Event()
    await sync_to_async(connections.close_all)()


_boards: list[Switchboard] = [live.switchboard]


@pytest.fixture
async def switchboard(hung_up: None) -> Switchboard:
    _boards[1:] = [Switchboard()]
    return _boards[1]
