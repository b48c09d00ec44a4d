# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A tiny server that answers as a test wants, for the platform to talk to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from arengo.platforms.connections import session
from arengo.platforms.contract import Address, Credentials
from arengo.platforms.whatsapp.platform import WhatsApp
from tests.factories.platforms import credentials
from tests.support.waiting import NEVER

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


Raw = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]  # the head of the request, and where to answer


@asynccontextmanager
async def raw_server(answer: Raw) -> AsyncIterator[tuple[aiohttp.ClientSession, Credentials]]:
    """A server that says whatever bytes it likes once it has a request; its session is one of Arengo's own."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await answer(await reader.readuntil(b"\r\n\r\n"), writer)
        except (OSError, asyncio.CancelledError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        async with session(within=NEVER) as http:
            yield http, credentials(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def saying(body: bytes, *headers: str, status: int = 200) -> Raw:
    """``body`` as it is, with a length and ``headers``."""

    async def answer(_head: bytes, writer: asyncio.StreamWriter) -> None:
        head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers, "", ""]
        writer.write("\r\n".join(head).encode() + body)
        await writer.drain()
        await asyncio.sleep(0)

    return answer


def answering(body: Any, status: int = 200, **more: Any) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return web.Response(body=raw, status=status, content_type="application/json", **more)

    return answer
