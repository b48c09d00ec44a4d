# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/hooks/<key>``: where platforms knock. Pure ASGI, before Django: check the signature, write the journal, say 200.

404 unknown key · 401 not signed or wrongly · 413 larger than the platform ever sends · 503 could not be stored
(the platform tries again) · 405 other methods. Nothing else happens before the 200.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec
import psycopg

from arengo.core.database import ReconnectingConnection
from arengo.core.vault import vault
from arengo.intake.body import Bodies, Receive, TooLarge
from arengo.intake.journal import Journal, JournalUnavailable
from arengo.platforms.contract import Credentials, Handshakes, Signature
from arengo.platforms.registry import platform

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[Message, Message]  # the two messages of a whole response

_PREFIX = "/hooks/"
_KEY = re.compile("[A-Za-z0-9_-]{1,64}")  # as delivery.Sender makes them; nothing else is worth a question
_KNOWN_FOR = 10.0  # seconds until a sender's credentials are read again
_MOST_KNOWN = 2000


def _answer(status: int, body: bytes, *headers: tuple[bytes, bytes]) -> Answer:
    return (
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-length", str(len(body)).encode()),
                *([(b"content-type", b"text/plain; charset=utf-8")] if body else []),
                *headers,
            ],
        },
        {"type": "http.response.body", "body": body},
    )


# The platform looks at the status alone, and nothing but a head goes out in one write.
_STORED = _answer(200, b"")
_NOT_FOUND = _answer(404, b"not found")
_NOT_ALLOWED = _answer(405, b"method not allowed", (b"allow", b"GET, POST"))
_TRY_AGAIN = _answer(503, b"try again", (b"retry-after", b"5"))
_FORBIDDEN = _answer(403, b"forbidden")
_NOT_SIGNED = _answer(401, b"signature")
_TOO_LARGE = _answer(413, b"too large", (b"connection", b"close"))
_TOO_SLOW = _answer(408, b"too slow", (b"connection", b"close"))
_GONE = _answer(400, b"gone")


class WebhookSource(NamedTuple):
    sender_id: int
    platform: str
    credentials: Credentials
    signature: Signature


class Endpoint:
    def __init__(self, *, most_bytes: int) -> None:
        self._bodies = Bodies(most_bytes=most_bytes)
        self._journal = Journal()
        self._senders = _Senders()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head, body = await self._answer(scope, receive)
        await send(head)
        await send(body)

    async def close(self) -> None:
        await self._journal.close()
        await self._senders.close()

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        method = scope["method"]
        if method not in ("GET", "POST"):
            return _NOT_ALLOWED
        try:
            source = await self._senders.find(scope["path"].removeprefix(_PREFIX).strip("/"))
        except (psycopg.Error, OSError):
            return _TRY_AGAIN
        if source is None:
            return _NOT_FOUND
        if method == "GET":
            query = scope["query_string"]
            asked = dict(parse_qsl(query.decode("latin-1")))
            speaks = platform(source.platform)
            challenge = (
                speaks.handshake(source.credentials, asked) if isinstance(speaks, Handshakes) else None
            )
            if challenge is None:
                return _FORBIDDEN
            return _answer(200, challenge.encode(), (b"cache-control", b"no-store"))
        try:
            body = await self._bodies.read(receive)
        except TooLarge:
            return _TOO_LARGE
        except TimeoutError:
            return _TOO_SLOW
        except ConnectionResetError:
            return _GONE
        if not _signed(source.signature, scope["headers"], body):
            return _NOT_SIGNED
        try:
            await self._journal.append(source.sender_id, body)
        except JournalUnavailable:
            return _TRY_AGAIN
        return _STORED


def _signed(signature: Signature, headers: list[tuple[bytes, bytes]], body: bytes) -> bool:
    for name, value in headers:
        if name == signature.header:
            return signature.ok(value, body)
    return False


class _Senders:
    """Senders by the key of their hook, remembered for a few seconds; unknown keys too, so that guessing costs us little."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, WebhookSource | None]] = OrderedDict()
        self._database = ReconnectingConnection("arengo hooks", autocommit=True)
        self._lock = asyncio.Lock()

    async def find(self, key: str) -> WebhookSource | None:
        if _KEY.fullmatch(key) is None:
            return None
        now = time.monotonic()
        remembered = self._known.get(key)
        if remembered and now - remembered[0] < _KNOWN_FOR:
            return remembered[1]
        async with self._lock:
            found = await self._look_up(key)
        self._known[key] = (now, found)
        self._known.move_to_end(key)
        while len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return found

    async def _look_up(self, key: str) -> WebhookSource | None:
        for attempt in (1, 2):
            try:
                database = await self._database.get()
                cursor = await database.execute(
                    "SELECT id, platform, credentials_sealed FROM delivery_sender WHERE hook_key = %s", [key]
                )
                row = await cursor.fetchone()
                break
            except psycopg.OperationalError:  # the connection had died unnoticed: once more on a new one
                await self._database.drop()
                if attempt == 2:
                    raise
        if row is None:
            return None
        credentials = msgspec.json.decode(vault().open(row[2], purpose="credentials"), type=Credentials)
        return WebhookSource(row[0], row[1], credentials, platform(row[1]).signature(credentials))

    async def close(self) -> None:
        await self._database.drop()
