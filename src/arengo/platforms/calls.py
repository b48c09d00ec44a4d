# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Talking to a platform from synchronous code: jobs, views, commands. The hot paths hold their own session."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp

from arengo.platforms.contract import Platform
from arengo.platforms.registry import platform

T = TypeVar("T")
_CONNECT = 10.0  # seconds


def call(
    name: str, act: Callable[[Platform, aiohttp.ClientSession], Awaitable[T]], *, within: float = 30.0
) -> T:
    """``call("whatsapp", lambda p, http: p.describe(http, credentials))``.

    ``within``: seconds in all, of which ten to find somebody there. Raises Refusal as the platform does.
    """

    async def once() -> T:
        timeout = aiohttp.ClientTimeout(total=within, sock_connect=_CONNECT)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            return await act(platform(name), http)

    return asyncio.run(once())
