# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Talking to a platform from synchronous code: jobs, views, commands. The hot paths hold their own session."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp

from arengo.platforms.connections import session
from arengo.platforms.contract import Platform, Refusal, Remedy
from arengo.platforms.registry import platform

T = TypeVar("T")


def call(
    name: str, act: Callable[[Platform, aiohttp.ClientSession], Awaitable[T]], *, within: float = 30.0
) -> T:
    """``call("whatsapp", lambda p, http: p.describe(http, credentials))``.

    ``within``: seconds in all, however many requests ``act`` makes. Raises Refusal as the platform does.
    """

    async def once() -> T:
        try:
            async with asyncio.timeout(within), session(within=within) as http:
                return await act(platform(name), http)
        except TimeoutError:
            raise Refusal(Remedy.RETRY, title="TimeoutError", certain=False) from None

    return asyncio.run(once())
