# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers of other machines that are bombs, rivers, drips and riddles: a ceiling, a time, and what is certain afterwards."""

from __future__ import annotations

import asyncio
import gzip
import zlib

import aiohttp
import pytest

from arengo.platforms import answers, refusing
from arengo.platforms.answers import Fault
from arengo.platforms.contract import Accepted, Remedy
from arengo.platforms.whatsapp import client
from tests.platforms.odd_answers import (
    BOMB,
    GZIP,
    MB,
    SENT,
    TWICE,
    ask,
    dripping,
    endless,
    refusal,
    send,
    within_memory,
)
from tests.platforms.servers import WHATSAPP, Raw, raw_server, saying
from tests.support.waiting import NEVER

# --- what unpacks ---------------------------------------------------------------------------------------------


async def test_an_answer_that_unpacks_to_300_megabytes_takes_none_of_them() -> None:
    with within_memory(5 * MB):
        found = await ask(saying(BOMB, GZIP))
        assert (found.status, found.body, found.fault) == (200, b"", Fault.TOO_LARGE)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (TWICE, "gzip, gzip"),
        (BOMB, "gzip, identity"),
        (zlib.compress(bytes(MB)), "deflate"),
        (b"\x1b", "br"),
        (b"(\xb5/\xfd", "zstd"),
        (b"x", "compress"),
        (b"x", "aes128gcm"),
        (gzip.compress(SENT) * 2, "gzip"),
        (gzip.compress(SENT)[:-6], "gzip"),
        (SENT, "gzip"),
        (BOMB[:5000] + b"rubbish" * 100, "x-gzip"),
    ],
)
async def test_what_ispacked_in_a_way_that_has_no_bound_or_is_damaged_is_not_unpacked(
    body: bytes, encoding: str
) -> None:
    found = await ask(saying(body, f"Content-Encoding: {encoding}"))
    assert (found.body, found.fault is None) == (b"", False)


async def test_two_headers_that_say_gzip_are_two_layers() -> None:
    assert (await ask(saying(TWICE, GZIP, GZIP))).fault is Fault.ENCODED


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
async def test_gzip_is_read_though_nobody_asked_for_it(encoding: str) -> None:
    sent = await send(saying(gzip.compress(SENT), f"Content-Encoding: {encoding}"))
    assert sent == Accepted("wamid.A")


async def test_nothingpacked_is_asked_for() -> None:
    heads: list[bytes] = []

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        await saying(SENT)(head, writer)

    await send(answer)
    assert b"accept-encoding: identity\r\n" in heads[0].lower()


# --- what does not end ----------------------------------------------------------------------------------------

_CHUNK = b"ffff\r\n" + b"x" * 0xFFFF + b"\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", _CHUNK),
        endless("HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536),
        endless("HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n", b"x" * 65536),
        saying(b"x" * (answers.MOST + 1)),
    ],
    ids=["chunks", "until the end", "a length", "one byte more"],
)
async def test_an_answer_that_is_larger_than_the_ceiling_is_left_at_the_ceiling(answer: Raw) -> None:
    with within_memory(5 * MB):
        found = await asyncio.wait_for(ask(answer), NEVER)
        assert (found.body, found.fault) == (b"", Fault.TOO_LARGE)


async def test_an_answer_that_fills_the_ceiling_is_read() -> None:
    assert len((await ask(saying(b"x" * answers.MOST))).body) == answers.MOST
    packed = gzip.compress(bytes(answers.MOST))
    assert len((await ask(saying(packed, GZIP))).body) == answers.MOST


async def test_a_stream_that_unpacks_to_nothing_for_ever_ends_too() -> None:
    """The name of the file in a gzip head may be as long as one likes."""
    head = f"HTTP/1.1 200 OK\r\n{GZIP}\r\n\r\n"
    answer = endless(head, b"\x1f\x8b\x08\x08" + b"x" * 65536)
    assert (await asyncio.wait_for(ask(answer), NEVER)).fault is Fault.TOO_LARGE


@pytest.mark.parametrize(
    "answer",
    [
        dripping("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        dripping("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n", b"x"),
        dripping("HTTP/1.1 200 OK\r\n\r\n", b" "),
    ],
)
async def test_an_answer_that_drips_has_a_time_in_all(answer: Raw) -> None:
    found = await ask(answer, patience=aiohttp.ClientTimeout(total=0.5))
    assert (found.status, found.body, found.fault) == (200, b"", Fault.SLOW)


@pytest.mark.parametrize(
    "answer",
    [
        dripping("HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        dripping("HTTP/1.1 200 OK", b"K"),
        dripping("", b"HTTP/1.1 100 Continue\r\n\r\n"),
        endless("", b"HTTP/1.1 100 Continue\r\n\r\n"),
        endless("HTTP/1.1 200 OK\r\n", b"X-Y: " + b"z" * 60 + b"\r\n"),
        endless("HTTP/1.1 200 OK\r\nX: ", b"y" * 65536),
        endless("HTTP/1.1 200 ", b"K" * 65536),
        endless("", b"\0" * 65536),
    ],
    ids=["slow head", "slow status", "slow continue", "continue", "fields", "a field", "a line", "noise"],
)
async def test_a_head_has_a_size_and_a_time_as_well(answer: Raw) -> None:
    with within_memory(20 * MB), pytest.raises((aiohttp.ClientError, TimeoutError, OSError)):
        await ask(answer, patience=aiohttp.ClientTimeout(total=1))


async def test_a_body_that_is_left_takes_its_connection_with_it() -> None:
    connections = 0

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await endless("HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536)(head, writer)

    async with raw_server(answer) as (http, account):
        for _ in range(2):
            assert (await answers.ask(http, "GET", account.base_url)).fault is Fault.TOO_LARGE
    assert connections == 2


# --- what is certain afterwards -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (saying(BOMB, GZIP), refusing.TOO_LARGE),
        (saying(b" " * 200_000), refusing.TOO_LARGE),
        (saying(SENT, "Content-Encoding: br"), refusing.UNREADABLE),
        (saying(gzip.compress(SENT) * 2, GZIP), refusing.UNREADABLE),
    ],
)
async def test_a_send_whose_success_could_not_be_read_may_have_gone_and_is_not_repeated(
    answer: Raw, code: int
) -> None:
    found = await refusal(answer)
    assert (found.remedy, found.certain, found.code) == (Remedy.NEVER, False, code)
    assert WHATSAPP.explain(code) == refusing.explain(code)


async def test_a_send_whose_success_comes_too_slowly_may_have_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = {**(client.call.__kwdefaults__ or {}), "patience": aiohttp.ClientTimeout(total=0.5)}
    monkeypatch.setattr(client.call, "__kwdefaults__", defaults)
    found = await refusal(dripping("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", b" "))
    assert (found.remedy, found.certain) == (Remedy.RETRY, False)


@pytest.mark.parametrize(
    ("status", "remedy", "certain"),
    [
        (400, Remedy.NEVER, True),
        (429, Remedy.RETRY, True),
        (401, Remedy.STOP_SENDER, True),
        (500, Remedy.RETRY, False),
    ],
)
async def test_an_error_says_by_its_status_what_its_body_is_too_large_to_say(
    status: int, remedy: Remedy, certain: bool
) -> None:
    for answer in (saying(BOMB, GZIP, status=status), saying(b"x" * 100_000, status=status)):
        found = await refusal(answer)
        assert (found.remedy, found.certain) == (remedy, certain)


async def test_an_error_is_no_larger_than_an_answer_about_one_thing_whatever_was_asked_for() -> None:
    found = await ask(saying(b"x" * 100_000, status=500), most=100 * MB)
    assert (found.status, found.fault) == (500, Fault.TOO_LARGE)
