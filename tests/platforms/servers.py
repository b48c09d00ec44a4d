# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A tiny server that answers as a test wants, for the platform to talk to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from arengo.platforms.contract import Address, Credentials
from arengo.platforms.whatsapp.platform import WhatsApp
from tests.platforms.examples import credentials

WHATSAPP = WhatsApp()
ANNA = Address(phone="+393330000001")
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[tuple[aiohttp.ClientSession, Credentials]]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with aiohttp.ClientSession() as http:
            yield http, credentials(f"http://127.0.0.1:{port}")
    finally:
        await runner.cleanup()


def answering(body: Any, status: int = 200, **more: Any) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return web.Response(body=raw, status=status, content_type="application/json", **more)

    return answer
