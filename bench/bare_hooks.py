# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The least that an honest webhook endpoint can do: check the signature, commit the body with those that wait, say 200.

No tenants, no sealing, no limits, no wake-up of a reader, no other page. Served by the same Uvicorn with the same settings.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import psycopg

_SECRET = os.environ["BARE_SECRET"].encode()
_DATABASE = os.environ["BARE_DATABASE"]

Message = MutableMapping[str, Any]


class Bare:
    def __init__(self) -> None:
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] != "http":
            raise NotImplementedError  # no lifespan: the server goes on without
        parts: list[bytes] = []
        while True:
            message = await receive()
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                break
        body = b"".join(parts)
        status = 200
        if self._signed(scope, body):
            await self._commit(body)
        else:
            status = 401
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})

    @staticmethod
    def _signed(scope: Message, body: bytes) -> bool:
        for name, value in scope["headers"]:
            if name == b"x-hub-signature-256":
                expected = hmac.digest(_SECRET, body, hashlib.sha256).hex().encode()
                return hmac.compare_digest(bytes(value), b"sha256=" + expected)
        return False

    async def _commit(self, body: bytes) -> None:
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_forever())
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((body, stored))
        self._wake.set()
        await stored

    async def _write_forever(self) -> None:
        database = await psycopg.AsyncConnection.connect(_DATABASE, autocommit=True)
        while True:
            await self._wake.wait()
            self._wake.clear()
            taken, self._waiting = self._waiting, []
            if taken:
                await database.execute(
                    "INSERT INTO bare_journal (body) SELECT unnest(%b::bytea[])",
                    [[body for body, _stored in taken]],
                    binary=True,
                )
                for _body, stored in taken:
                    if not stored.done():
                        stored.set_result(None)


application = Bare()
