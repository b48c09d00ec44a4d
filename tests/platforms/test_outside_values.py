# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers of other machines that hold what cannot be kept, files, and talks of several requests."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import socket
import threading
from typing import Any

import aiohttp
import pytest

from arengo.platforms import calls, refusing
from arengo.platforms.contract import Refusal, Remedy
from arengo.platforms.whatsapp import client
from tests.factories.platforms import credentials
from tests.platforms.odd_answers import (
    BOMB,
    GZIP,
    MB,
    refusal,
    within_memory,
)
from tests.platforms.servers import WHATSAPP, Raw, raw_server, saying
from tests.support.waiting import NEVER

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


async def test_a_file_that_ispacked_below_its_limit_arrives_unpacked() -> None:
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
