# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""HTTP/1.1 with as little work as Python can do: what measures must never be what limits."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable

END_OF_HEAD = b"\r\n\r\n"


def length_of_body(head: bytes) -> int:
    """``Content-Length`` of a head in lower case; 0 without one."""
    at = head.find(b"\r\ncontent-length:")
    if at < 0:
        return 0
    end = head.find(b"\r\n", at + 2)
    return int(head[at + 17 : end if end > 0 else len(head)])


def signature(body: bytes, secret: bytes) -> str:
    """The value of ``X-Hub-Signature-256``."""
    return f"sha256={hmac.digest(secret, body, hashlib.sha256).hex()}"


def signed_post(host: str, path: str, body: bytes, secret: bytes) -> bytes:
    """A whole webhook request, signed as Meta signs."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"User-Agent: facebookexternalua\r\nX-Hub-Signature-256: {signature(body, secret)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


class Caller(asyncio.Protocol):
    """One connection that is kept alive, one request at a time. ``answered(caller, status)`` gives the next with ``send``.

    Status 0: the connection ended before the answer.
    """

    def __init__(self, answered: Callable[[Caller, int], None]) -> None:
        self._answered = answered
        self._transport: asyncio.WriteTransport | None = None
        self._received = b""
        self.busy = False
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # of a stream connection it can write
        self.open = True

    def send(self, request: bytes) -> None:
        assert self._transport is not None  # noqa: S101 - only after connecting
        self.busy = True
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(END_OF_HEAD)
        if end < 0:
            return
        head = self._received[:end].lower()
        if b"transfer-encoding: chunked" in head:
            if not self._received.endswith(b"0\r\n\r\n"):
                return
        elif len(self._received) < end + 4 + length_of_body(head):
            return
        status = int(self._received[9:12])
        self._received = b""
        self.busy = False
        self._answered(self, status)

    def connection_lost(self, error: Exception | None) -> None:
        self.open = False
        if self.busy:
            self.busy = False
            self._answered(self, 0)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
