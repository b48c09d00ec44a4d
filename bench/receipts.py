# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts as Meta posts them: signed, over a few connections that are kept alive, repeated until there is a 200."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bench.wire import Caller, signed_post

STATUSES = (b"sent", b"delivered", b"read")
_PRICING = b',"pricing":{"billable":true,"pricing_model":"PMP","type":"regular","category":"utility"}'
_AGAIN_AFTER = 0.5  # seconds after an answer that is not 200


@dataclass(frozen=True)
class ReceiptSettings:
    hooks: dict[str, str]  # number → address of its hook
    secret: str
    account_id: str
    per_post: int = 1
    connections: int = 64


def status(message_id: bytes, state: bytes, phone: bytes, opaque: bytes, at: int) -> bytes:
    """One entry of ``statuses[]``."""
    return (
        b'{"id":"%s","status":"%s","timestamp":"%d","recipient_id":"%s","biz_opaque_callback_data":"%s"%s}'
        % (
            message_id,
            state,
            at,
            phone,
            opaque,
            b"" if state == b"read" else _PRICING,
        )
    )


def payload(account_id: bytes, number: bytes, statuses: list[bytes]) -> bytes:
    """One webhook of these statuses."""
    return (
        b'{"object":"whatsapp_business_account","entry":[{"id":"%s","changes":[{"value":{"messaging_product":"whatsapp",'
        b'"metadata":{"display_phone_number":"390550000001","phone_number_id":"%s"},"statuses":[%s]},"field":"messages"}]}]}'
        % (account_id, number, b",".join(statuses))
    )


class Receipts:
    """All receipts of accepted messages, at once; each post carries up to ``per_post`` of one number."""

    def __init__(self, settings: ReceiptSettings) -> None:
        self._settings = settings
        self._secret = settings.secret.encode()
        self._account = settings.account_id.encode()
        self._hooks = {number.encode(): urlsplit(hook) for number, hook in settings.hooks.items()}
        self._waiting: dict[bytes, deque[bytes]] = {number: deque() for number in self._hooks}
        self._idle: list[Caller] = []
        self._carried: dict[Caller, tuple[bytes, int]] = {}  # the request under way, its number of receipts
        self._again: deque[tuple[bytes, int]] = deque()
        self._loop = asyncio.get_running_loop()
        self._open = True
        self.made = self.acknowledged = self.posts = self.refused = 0

    @classmethod
    async def open(cls, settings: ReceiptSettings) -> Receipts:
        self = cls(settings)
        for _ in range(settings.connections):
            await self._connect()
        return self

    async def _connect(self) -> None:
        hook = next(iter(self._hooks.values()))
        _, caller = await self._loop.create_connection(
            lambda: Caller(self._answered), hook.hostname or "127.0.0.1", hook.port or 80
        )
        self._idle.append(caller)
        self._post()

    def report(self, number: bytes, message_id: bytes, phone: bytes, opaque: bytes) -> None:
        waiting = self._waiting.get(number)
        if waiting is None:
            return
        at = int(time.time())
        for state in STATUSES:
            waiting.append(status(message_id, state, phone, opaque, at))
        self.made += len(STATUSES)
        self._post()

    def _post(self) -> None:
        while self._idle and self._open:
            request, count = self._next()
            if not request:
                return
            caller = self._idle.pop()
            if not caller.open:
                self._again.appendleft((request, count))
                self._reconnect()
                continue
            self._carried[caller] = (request, count)
            self.posts += 1
            caller.send(request)

    def _next(self) -> tuple[bytes, int]:
        if self._again:
            return self._again.popleft()
        for number, waiting in self._waiting.items():
            if waiting:
                statuses = [waiting.popleft() for _ in range(min(self._settings.per_post, len(waiting)))]
                hook = self._hooks[number]
                body = payload(self._account, number, statuses)
                return signed_post(hook.netloc, hook.path, body, self._secret), len(statuses)
        return b"", 0

    def _answered(self, caller: Caller, status: int) -> None:
        request, count = self._carried.pop(caller)
        if status == 200:
            self.acknowledged += count
        else:
            self.refused += 1
            self._loop.call_later(_AGAIN_AFTER, self._once_more, request, count)
        if caller.open:
            self._idle.append(caller)
        else:
            self._reconnect()
        self._post()

    def _once_more(self, request: bytes, count: int) -> None:
        self._again.append((request, count))
        self._post()

    def _reconnect(self) -> None:
        if self._open:
            self._loop.call_later(0.2, lambda: self._loop.create_task(self._try_to_connect()))

    async def _try_to_connect(self) -> None:
        try:
            await self._connect()
        except OSError:
            self._reconnect()

    def close(self) -> None:
        self._open = False
        for caller in [*self._idle, *self._carried]:
            caller.close()

    def summary(self) -> dict[str, Any]:
        return {
            "made": self.made,
            "acknowledged": self.acknowledged,
            "posts": self.posts,
            "refused": self.refused,
        }
