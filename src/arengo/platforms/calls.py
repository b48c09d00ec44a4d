# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Talking to a platform from synchronous code: jobs, views, commands. The hot paths hold their own session."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

import aiohttp

from arengo.platforms.connections import session
from arengo.platforms.contract import Everything, Refusal, Remedy
from arengo.platforms.registry import platform

T = TypeVar("T")


def call(
    name: str, act: Callable[[Everything, aiohttp.ClientSession], Awaitable[T]], *, within: float = 30.0
) -> T:
    """``call(sender.platform, lambda speaks, http: speaks.describe(http, credentials))``.

    A caller of what not every platform can do has asked whether this one can (``contract.capabilities``).
    ``within``: seconds in all, however many requests ``act`` makes. Raises Refusal as the platform does.
    """

    async def once() -> T:
        try:
            async with asyncio.timeout(within), session(within=within) as http:
                return await act(cast("Everything", platform(name)), http)
        except TimeoutError:
            raise Refusal(Remedy.RETRY, title="TimeoutError", certain=False) from None

    return asyncio.run(once())
