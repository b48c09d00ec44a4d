# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bare application behind our protocol, served by Uvicorn, and raw connections to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from arengo.config.serving import protocol
from arengo.config.serving.protocol import BoundedProtocol
from tests.support.ports import free_port
from tests.support.waiting import NEVER

GET = b"GET / HTTP/1.1\r\nHost: x\r\n"


async def hello(scope: Any, receive: Any, send: Any) -> None:
    more = True
    while more:
        message = await receive()
        more = message.get("more_body", False)
    if scope["path"] == "/long":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(2000):
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


class Site:
    def __init__(self, server: uvicorn.Server, port: int) -> None:
        self.server, self.port = server, port

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def says(self, *pieces: bytes, pause: float = 0.0) -> bytes:
        """Everything that comes back until the other side closes."""
        reader, writer = await self.connect()
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause)
        except ConnectionError:
            pass
        try:
            return await asyncio.wait_for(reader.read(), NEVER)
        except ConnectionError:
            return b""
        finally:
            writer.close()

    @property
    def connections(self) -> set[Any]:
        return self.server.server_state.connections

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(NEVER):
            while not holds():
                await asyncio.sleep(0.02)


@asynccontextmanager
async def served(app: Any, patch: pytest.MonkeyPatch, **options: Any) -> AsyncIterator[Site]:
    """Until the block ends. ``options`` are Uvicorn's."""
    patch.setattr(protocol, "_SWEEP", 0.05)
    port = free_port()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, http=BoundedProtocol, ws="none", log_level="critical", lifespan="off", **options
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server._serve())
    site = Site(server, port)
    await site.until(lambda: server.started)
    yield site
    server.should_exit = server.force_exit = True
    for connection in list(site.connections):
        connection.transport.abort()
    await asyncio.wait_for(serving, NEVER)
