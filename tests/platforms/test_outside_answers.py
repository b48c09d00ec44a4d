# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers of other machines that are bombs, rivers, drips and riddles: a ceiling, a time, and what is certain afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from arengo.platforms import answers, calls, refusing
from arengo.platforms.answers import Fault
from arengo.platforms.contract import Accepted, Refusal, Remedy, Text
from arengo.platforms.whatsapp import client
from tests.platforms.examples import credentials
from tests.platforms.servers import ANNA, WHATSAPP, Raw, raw_server, saying
from tests.waiting import NEVER

SENT = b'{"messages":[{"id":"wamid.A"}]}'
GZIP = "Content-Encoding: gzip"
MB = 1024 * 1024


def _packed(pieces: int) -> bytes:
    """So many MB of zeros, gzipped without ever being there."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return b"".join([*(packer.compress(bytes(MB)) for _ in range(pieces)), packer.flush()])


BOMB = _packed(300)  # in 300 kB
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
async def test_what_is_packed_in_a_way_that_has_no_bound_or_is_damaged_is_not_unpacked(
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


async def test_nothing_packed_is_asked_for() -> None:
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


# --- what is in it --------------------------------------------------------------------------------------------

_DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize(
    "body",
    [
        b'{"x":' + _DEEP + b',"messages":[{"id":"a"}]}',
        b'{"messages":[{"id":' + b"9" * 5000 + b"}]}",
        b'{"messages":[{"id":"' + b"a" * 5000 + b'"}]}',
        b'{"messages":[{"id":""}]}',
        b'{"messages":[{"id":"a"}],"contacts":[{"user_id":"' + b"u" * 5000 + b'"}]}',
    ],
)
async def test_a_success_with_values_that_cannot_be_kept_is_not_understood(body: bytes) -> None:
    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        await saying(body)(head, writer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client.call, "__kwdefaults__", {**(client.call.__kwdefaults__ or {}), "most": MB})
        found = await refusal(answer)
    assert (found.remedy, found.certain) == (Remedy.RETRY, False)


@pytest.mark.parametrize("code", [b"9" * 5000, b"9" * 30, b"2147483648", b"-1", b"1e400", b'"190"', b"null"])
async def test_a_code_that_is_none_is_as_if_there_were_none(code: bytes) -> None:
    found = await refusal(saying(b'{"error":{"message":"x","code":' + code + b"}}", status=400))
    assert (found.code, found.certain, found.title) == (0, True, "HTTP 400")


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("30", 30.0),
        ("9" * 5000, 86400.0),
        ("1e9", None),
        ("-5", None),
        ("٣", None),
        ("inf", None),
    ],
)
async def test_nobody_makes_us_wait_for_longer_than_a_day(said: str, waits: float | None) -> None:
    found = await refusal(saying(b"", f"Retry-After: {said}", status=429))
    assert found.retry_after == waits


@pytest.mark.parametrize(
    "template",
    [
        b'{"id":"1","name":"a","language":"it","status":"X","components":[{"a":'
        + b"[" * 200
        + b"]" * 200
        + b"}]}",
        b'{"id":"1","name":"a","language":"it","status":"X","components":[{"a":' + b"9" * 5000 + b"}]}",
        b'{"id":"1","name":"a","language":"it","status":"X","components":[{"a":1e999}]}',
        b'{"id":"' + b"1" * 61 + b'","name":"a","language":"it","status":"X"}',
        b'{"id":"1","name":"a","language":"it-IT-long-beyond","status":"X"}',
    ],
)
async def test_a_list_with_a_template_that_no_table_could_keep_is_not_understood(template: bytes) -> None:
    async with raw_server(saying(b'{"data":[' + template + b"]}")) as (http, account):
        with pytest.raises(Refusal) as refused:
            await WHATSAPP.templates(http, account)
    assert refused.value.title == "answer not understood"


async def test_texts_of_an_answer_are_made_storable() -> None:
    template = b'{"id":"1","name":"a\\u0000b\\ud83d","language":"it","status":"X"}'
    async with raw_server(saying(b'{"data":[' + template + b"]}")) as (http, account):
        [found] = await WHATSAPP.templates(http, account)
    assert found.name == "ab\ufffd"


async def test_a_list_that_never_ends_ends_where_metas_would() -> None:
    pages = 0
    one = b'{"id":"1","name":"a","language":"it","status":"APPROVED"}'

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal pages
        pages += 1
        body = b'{"data":[' + b",".join([one] * 1000) + b'],"paging":{"next":"x","cursors":{"after":"y"}}}'
        await saying(body, "Connection: close")(head, writer)

    async with raw_server(answer) as (http, account):
        with pytest.raises(Refusal) as refused:
            await WHATSAPP.templates(http, account)
    assert (refused.value.code, pages) == (refusing.TOO_LARGE, 7)


async def test_a_list_of_empty_things_does_not_fill_the_memory() -> None:
    """Three bytes of JSON are an object of sixty-four."""
    pages = 0
    template = (
        b'{"id":"1","name":"a","language":"it","status":"X","components":[' + b"{}," * 600_000 + b"{}]}"
    )

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal pages
        pages += 1
        body = b'{"data":[' + template + b'],"paging":{"next":"x","cursors":{"after":"y"}}}'
        await saying(body, "Connection: close")(head, writer)

    async with raw_server(answer) as (http, account):
        with within_memory(400 * MB), pytest.raises(Refusal) as refused:
            await WHATSAPP.templates(http, account)
    assert (refused.value.code, pages) == (refusing.TOO_LARGE, 5)


# --- files, and talks of several requests ---------------------------------------------------------------------


def holding(file: bytes, *headers: str) -> Raw:
    """A number with one file, at an address of its own."""

    asked = 0

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            port = writer.get_extra_info("sockname")[1]
            described = f'{{"url":"http://127.0.0.1:{port}/file","mime_type":"application/pdf"}}'
            await saying(described.encode(), "Connection: close")(head, writer)
        else:
            await saying(file, "Connection: close", *headers)(head, writer)

    return answer


async def test_a_file_that_unpacks_beyond_its_limit_is_refused_for_good() -> None:
    with within_memory(5 * MB):
        async with raw_server(holding(BOMB, GZIP)) as (http, account):
            with pytest.raises(Refusal) as refused:
                await WHATSAPP.download(http, account, "7", limit=1_000_000)
        assert (refused.value.remedy, refused.value.certain) == (Remedy.NEVER, True)


async def test_a_file_that_is_packed_below_its_limit_arrives_unpacked() -> None:
    file = b"%PDF-1.7 modulo" * 5000
    async with raw_server(holding(gzip.compress(file), GZIP)) as (http, account):
        content, _kind = await WHATSAPP.download(http, account, "7", limit=len(file))
    assert hashlib.sha256(content).digest() == hashlib.sha256(file).digest()


@pytest.mark.parametrize("kind", ["caf\xe9/\xff", "text/html\x01", "x" * 3000, "", "text", "image/png\t"])
async def test_a_file_whose_kind_is_none_has_none(kind: str) -> None:
    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("sockname")[1]
        if b" /file " in head:
            writer.write(
                f"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Type: {kind}\r\n\r\nx".encode("latin-1")
            )
        else:
            body = f'{{"url":"http://127.0.0.1:{port}/file"}}'.encode()
            writer.write(
                f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
            )
        await writer.drain()

    async with raw_server(answer) as (http, account):
        try:
            _content, found = await WHATSAPP.download(http, account, "7", limit=10)
        except Refusal:
            return  # a head that is none
    assert found in ("", "image/png")


def test_a_talk_of_many_requests_has_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each request may take forty seconds; who waits at a screen does not wait for a hundred of them."""

    async def act(_platform: Any, _http: aiohttp.ClientSession) -> None:
        for _ in range(1000):
            await asyncio.sleep(0.05)

    with pytest.raises(Refusal) as refused:
        calls.call("whatsapp", act, within=0.3)
    assert (refused.value.remedy, refused.value.certain) == (Remedy.RETRY, False)


def test_a_request_from_synchronous_code_takes_no_longer_than_it_may() -> None:
    over = threading.Event()

    def drip(listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            talk, _address = listening.accept()
            with talk:
                talk.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
                while not over.wait(0.02):
                    talk.sendall(b" ")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,), daemon=True)
        thread.start()
        account = credentials(f"http://127.0.0.1:{listening.getsockname()[1]}")
        try:
            with pytest.raises(Refusal) as refused:
                calls.call("whatsapp", lambda platform, http: platform.describe(http, account), within=0.5)
        finally:
            over.set()
            thread.join(NEVER)
    assert not refused.value.certain
