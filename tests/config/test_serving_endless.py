# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a sender may add to a request beyond its head and its body: little, and nothing that a view sees."""

from __future__ import annotations

import asyncio
import contextlib

import psycopg
import pytest

from arengo.config.serving import limits
from arengo.core.models import Person
from tests.factories.core import HOST
from tests.support.waiting import NEVER
from tests.support.web_process import WebProcess, database_url, session_cookie

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

_CHUNKED = f"Host: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n"
_GIVEN_UP_AFTER = 32 * limits.MiB  # what the buffers of both sides hold is a small part of it


async def _taken(web: WebProcess, head: str, piece: bytes) -> int:
    """How many bytes the process lets somebody write who never ends, up to _GIVEN_UP_AFTER."""
    reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
    taken = 0
    with contextlib.suppress(ConnectionError):
        writer.write(head.encode())
        while taken < _GIVEN_UP_AFTER and not reader.at_eof() and not writer.is_closing():
            writer.write(piece)
            taken += len(piece)
            await asyncio.wait_for(writer.drain(), NEVER)
            await asyncio.sleep(0)
    writer.transport.abort()
    return taken


_FIELDS = b"X-Some: thing\r\n" * 4096
_DOORS = [
    "POST /",
    "GET /healthz",
    "POST /hooks/unknown",
    "PUT /hooks/unknown",
    "GET /static/arengo/arengo.css",
]


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [
        pytest.param("1\r\nx\r\n0\r\n", _FIELDS, id="fields behind the body"),
        pytest.param("1\r\nx\r\n0\r\nX-One: ", b"x" * 65536, id="one field behind the body"),
        pytest.param("1\r\nx\r\n1;", b"x" * 65536, id="the name of a chunk"),
        pytest.param("", b"10000\r\n" + b"x" * 65536 + b"\r\n", id="a body"),
    ],
)
def test_nothing_without_end_is_swallowed(web: WebProcess, begins: str, goes_on: bytes) -> None:
    assert web.get("/")[0] == 200
    before = web.memory()
    for door in _DOORS:
        taken = asyncio.run(_taken(web, f"{door} HTTP/1.1\r\n{_CHUNKED}{begins}", goes_on))
        assert taken < _GIVEN_UP_AFTER, door
        assert web.memory() - before < 24 * limits.MiB, door
    assert web.get("/")[0] == 200


def test_a_field_behind_the_body_is_no_head(olga: Person, web: WebProcess) -> None:
    async def asks(fields_before: str, fields_behind: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
        head = f"GET /console/sportello/ HTTP/1.1\r\n{fields_before}Connection: close\r\n{_CHUNKED}"
        writer.write(f"{head}1\r\nx\r\n0\r\n{fields_behind}\r\n".encode())
        answer = await asyncio.wait_for(reader.read(), NEVER)
        writer.close()
        return answer.split(b"\r\n")[0]

    cookie = f"Cookie: {session_cookie(olga)}\r\n"
    assert asyncio.run(asks(cookie, "")) == b"HTTP/1.1 200 OK"
    assert asyncio.run(asks("", cookie)) == b"HTTP/1.1 302 Found"


def test_many_small_chunks_are_a_body_like_any_other(web: WebProcess) -> None:
    async def post() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
        writer.write(f"POST /lingua/ HTTP/1.1\r\nConnection: close\r\n{_CHUNKED}".encode())
        for _ in range(100):
            writer.write(b"1\r\nx\r\n" * 1000)
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), NEVER)
        writer.close()
        return answer.split(b"\r\n")[0]

    assert asyncio.run(post()) == b"HTTP/1.1 403 Forbidden"  # no token: a view's answer, not the protocol's


def test_claims_of_large_bodies_wait_like_pages(web: WebProcess) -> None:
    """Who they are from is asked of the database: no more at once than it has connections for."""
    assert web.get("/")[0] == 200
    quiet = web.threads()
    claim = (
        f"POST / HTTP/1.1\r\nHost: {HOST}\r\nCookie: sessionid={'a' * 32}\r\nContent-Length: 300000\r\n\r\n"
    )

    async def claims() -> None:
        opened = []
        for _ in range(120):
            _reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
            writer.write(claim.encode())
            opened.append(writer)
        most = 0
        for _ in range(20):
            await asyncio.sleep(0.1)
            most = max(most, web.threads())
        assert most <= quiet + limits.ANSWERING_MOST + 8  # the pool's own and asyncio's
        for writer in opened:
            writer.transport.abort()

    with psycopg.connect(database_url()) as busy:
        busy.execute("LOCK TABLE core_organizationhost IN ACCESS EXCLUSIVE MODE")
        asyncio.run(claims())
    assert web.get("/")[0] == 200
