# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/hooks/<key>``: where platforms knock. Pure ASGI, before Django: check the signature, write the journal, say 200.

404 unknown key · 401 not signed or wrongly · 413 larger than the platform ever sends · 503 could not be stored
(the platform tries again) · 405 other methods. Nothing else happens before the 200.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec
import psycopg

from arengo.core.database import Kept
from arengo.core.vault import vault
from arengo.intake.journal import Journal, JournalUnavailable
from arengo.platforms.contract import Credentials
from arengo.platforms.registry import platform

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_NO_STORE = (b"cache-control", b"no-store")
_PLAIN = [(b"content-type", b"text/plain; charset=utf-8")]
_STORED: dict[str, Any] = {"type": "http.response.start", "status": 200, "headers": []}
_KNOWN_FOR = 10.0  # seconds until a sender's credentials are read again
_MOST_KNOWN = 2000
_MOST_THROWN_AWAY = 64 * 1024 * 1024  # bytes of a body that is too large
_BODY_WITHIN = 30.0  # seconds in which a whole body must have arrived


class _Knocker(NamedTuple):
    sender_id: int
    platform: str
    credentials: Credentials


class TooLarge(Exception):
    pass


class Endpoint:
    def __init__(self, *, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._journal = Journal()
        self._senders = _Senders()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, body, headers = await self._answer(scope, receive)
        if status == 200 and not headers:  # nearly all: whoever posts looks at the status alone
            await send(_STORED)
        else:
            await send(
                {"type": "http.response.start", "status": status, "headers": [*_PLAIN, *headers]},
            )
        await send({"type": "http.response.body", "body": body})

    async def close(self) -> None:
        await self._journal.close()
        await self._senders.close()

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
        if scope["method"] not in ("GET", "POST"):
            return 405, b"method not allowed", [(b"allow", b"GET, POST")]
        try:
            knocker = await self._senders.find(scope["path"].removeprefix("/hooks/").strip("/"))
        except (psycopg.Error, OSError):
            return 503, b"try again", [(b"retry-after", b"5")]
        if knocker is None:
            return 404, b"not found", []
        if scope["method"] == "GET":
            query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
            challenge = platform(knocker.platform).handshake(knocker.credentials, query)
            return (403, b"forbidden", []) if challenge is None else (200, challenge.encode(), [_NO_STORE])
        return await self._post(knocker, scope, receive)

    async def _post(
        self, knocker: _Knocker, scope: Scope, receive: Receive
    ) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
        try:
            body = await _read_in_time(receive, self._most_bytes)
        except TooLarge:
            return 413, b"too large", [(b"connection", b"close")]
        except TimeoutError:
            return 408, b"too slow", [(b"connection", b"close")]
        except ConnectionResetError:
            return 400, b"gone", []
        if not platform(knocker.platform).signature_ok(knocker.credentials, _Headers(scope["headers"]), body):
            return 401, b"signature", []
        try:
            await self._journal.append(knocker.sender_id, body)
        except JournalUnavailable:
            return 503, b"try again", [(b"retry-after", b"5")]
        return 200, b"ok", []


class _Headers(Mapping[str, str]):
    """The request's headers by their names in small letters. One of them is looked at: none is decoded for nothing."""

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        self._raw = raw

    def __getitem__(self, name: str) -> str:
        wanted = name.encode("latin-1", "replace")
        for key, value in self._raw:
            if key == wanted:
                return value.decode("latin-1")
        raise KeyError(name)

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def __iter__(self) -> Iterator[str]:
        return (key.decode("latin-1") for key, _value in self._raw)

    def __len__(self) -> int:
        return len(self._raw)


async def _read_in_time(receive: Receive, most_bytes: int) -> bytes:
    """TimeoutError after ``_BODY_WITHIN``. By hand: ``asyncio.timeout`` costs as much as all the rest of a webhook's reading."""
    task = asyncio.current_task()
    late = False

    def end() -> None:
        nonlocal late
        late = True
        if task is not None:
            task.cancel()

    alarm = asyncio.get_running_loop().call_later(_BODY_WITHIN, end)
    try:
        return await _read(receive, most_bytes)
    except asyncio.CancelledError:
        if late and task is not None and task.uncancel() == 0:
            raise TimeoutError from None
        raise
    finally:
        alarm.cancel()


async def _read(receive: Receive, most_bytes: int) -> bytes:
    """The whole body, or TooLarge.

    What is too large is still read, and thrown away, up to a point: who is cut off while writing would see a broken
    connection instead of the 413, and would try again.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        part = message.get("body", b"")
        size += len(part)
        if size <= most_bytes:
            parts.append(part)
        else:
            parts.clear()
        if size > _MOST_THROWN_AWAY:
            raise TooLarge
        if not message.get("more_body", False):
            if size > most_bytes:
                raise TooLarge
            return parts[0] if len(parts) == 1 else b"".join(parts)


class _Senders:
    """Senders by the key of their hook, remembered for a few seconds; unknown keys too, so that guessing costs us little."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, _Knocker | None]] = OrderedDict()
        self._database = Kept("arengo hooks", autocommit=True)
        self._lock = asyncio.Lock()

    async def find(self, key: str) -> _Knocker | None:
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

    async def _look_up(self, key: str) -> _Knocker | None:
        if not key or len(key) > 64:
            return None
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
        return _Knocker(row[0], row[1], credentials)

    async def close(self) -> None:
        await self._database.drop()
