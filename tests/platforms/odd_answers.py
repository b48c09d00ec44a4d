# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Servers whose answers are bombs, rivers and drips, and how they are asked."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from arengo.platforms import answers
from arengo.platforms.contract import Accepted, Refusal, Text
from tests.platforms.servers import ANNA, WHATSAPP, Raw, raw_server

SENT = b'{"messages":[{"id":"wamid.A"}]}'
GZIP = "Content-Encoding: gzip"
MB = 1024 * 1024


def packed(pieces: int) -> bytes:
    """So many MB of zeros, gzipped without ever being there."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return b"".join([*(packer.compress(bytes(MB)) for _ in range(pieces)), packer.flush()])


BOMB = packed(300)  # in 300 kB
TWICE = gzip.compress(BOMB, 9)


@contextlib.contextmanager
def within_memory(most: int) -> Iterator[None]:
    """What is done here never holds more than ``most`` bytes at once."""
    tracemalloc.start()
    try:
        yield
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < most, f"{peak / MB:.0f} MB"


async def ask(answer: Raw, **how: Any) -> answers.Answer:
    async with raw_server(answer) as (http, account):
        return await answers.ask(http, "GET", account.base_url, **how)


async def send(answer: Raw) -> Accepted:
    async with raw_server(answer) as (http, account):
        return await WHATSAPP.send(http, account, ANNA, Text("ciao"), "d-1")


async def refusal(answer: Raw) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await send(answer)
    return refused.value


def endless(begin: str, piece: bytes) -> Raw:
    async def answer(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(begin.encode())
        while True:
            writer.write(piece)
            await writer.drain()

    return answer


def dripping(begin: str, piece: bytes, every: float = 0.02) -> Raw:
    async def answer(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(begin.encode())
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(every)

    return answer
