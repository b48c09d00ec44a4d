# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ceilings of one connection: its heads, its silence, its company. Uvicorn serves a bare application here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from arengo.config.serving import limits
from tests.config.bare_site import GET, Site, hello, served
from tests.support.waiting import NEVER


@pytest.fixture
async def site(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    async with served(hello, monkeypatch) as site:
        yield site


async def test_a_whole_request_is_answered_and_the_connection_stays(site: Site) -> None:
    reader, writer = await site.connect()
    for _ in range(3):
        writer.write(GET + b"\r\n")
        assert b"hello" in await asyncio.wait_for(reader.readuntil(b"hello"), NEVER)
    writer.close()


async def test_a_large_body_in_one_piece_with_its_head_is_no_large_head(site: Site) -> None:
    body = b"b" * 200_000
    said = await site.says(
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    )
    assert said.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "head",
    [
        [GET + b"X-Long: " + b"a" * 40_000 + b"\r\n\r\n"],
        [GET + b"X-Long: ", *[b"a" * 65_536] * 100],
        [GET, *[b"X-%d: %s\r\n" % (number, b"a" * 100) for number in range(1000)]],
        [b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n"],
        [b"\r\n" * 30_000],
    ],
    ids=["one header", "without end", "many headers", "the address", "blank lines"],
)
async def test_a_head_larger_than_any_is_refused(site: Site, head: list[bytes]) -> None:
    said = await site.says(*head)
    assert said == b"" or said.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400"))
    assert b"hello" not in said
    await site.until(lambda: not site.connections)


async def test_a_head_that_does_not_end_is_ended(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEAD_WITHIN", 0.3)
    said = await site.says(GET, b"X-Slow: 1\r\n", pause=0.1)
    assert said.startswith(b"HTTP/1.1 408")


async def test_who_connects_and_says_nothing_is_let_go(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEAD_WITHIN", 0.3)
    assert await site.says() == b""
    await site.until(lambda: not site.connections)


async def test_a_kept_connection_is_not_taken_for_a_slow_head(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HEAD_WITHIN", 0.2)
    reader, writer = await site.connect()
    for _ in range(2):
        writer.write(GET + b"\r\n")
        assert b"hello" in await asyncio.wait_for(reader.readuntil(b"hello"), NEVER)
        await asyncio.sleep(0.6)
    assert len(site.connections) == 1
    writer.close()


async def test_a_second_head_that_does_not_end_is_ended(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEAD_WITHIN", 0.3)
    reader, writer = await site.connect()
    writer.write(GET + b"\r\n" + b"GET / HT")
    assert b"HTTP/1.1 408" in await asyncio.wait_for(reader.read(), NEVER)
    writer.close()


async def test_a_reader_that_does_not_read_is_cut_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEND_SILENCE", 0.4)
    _reader, writer = await site.connect()
    writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport has it
    writer.write(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
    await site.until(lambda: bool(site.connections))
    await site.until(lambda: not site.connections and not site.server.server_state.tasks)
    writer.close()


async def test_a_reader_that_reads_slowly_gets_all(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEND_SILENCE", 0.6)
    reader, writer = await site.connect()
    writer.write(b"GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    size = 0
    while piece := await asyncio.wait_for(reader.read(4_000_000), NEVER):
        size += len(piece)
        if size < 20_000_000:
            await asyncio.sleep(0.05)
    assert size > 2000 * 65536
    writer.close()


async def test_requests_that_wait_on_one_connection_have_a_ceiling(site: Site) -> None:
    said = await site.says((GET + b"\r\n") * 200)
    assert said.count(b"hello") <= limits.PIPELINED_MOST + 1


async def test_too_many_idle_connections_lose_the_longest_idle(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "IDLE_MOST", 3)
    opened = []
    for _ in range(6):
        reader, writer = await site.connect()
        writer.write(GET + b"\r\n")
        await asyncio.wait_for(reader.readuntil(b"hello"), NEVER)
        opened.append((reader, writer))
    await site.until(lambda: len(site.connections) == 3)
    assert await asyncio.wait_for(opened[0][0].read(), NEVER) == b""
    opened[5][1].write(GET + b"\r\n")
    assert await asyncio.wait_for(opened[5][0].readuntil(b"hello"), NEVER)
    for _reader, writer in opened:
        writer.close()


async def test_a_newcomer_takes_the_place_of_who_is_idle(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONNECTIONS_MOST", 3)
    silent = [await site.connect() for _ in range(3)]
    await site.until(lambda: len(site.connections) == 3)
    assert b"hello" in await site.says(GET + b"Connection: close\r\n\r\n")
    for _reader, writer in silent:
        writer.close()
