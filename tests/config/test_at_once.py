# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer that is ready leaves without a task of its own, and is no different for it. Uvicorn serves a bare application here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from arengo.config.serving import limits
from arengo.config.serving.public_memory import Form
from tests.config.bare_site import Site, served
from tests.support.waiting import NEVER

GET = b"GET /ready HTTP/1.1\r\nHost: x\r\n"
FULL = b"GET /full HTTP/1.1\r\nHost: x\r\n\r\n"
END = b"\r\n"


def form(body: bytes) -> Form:
    return Form(200, [(b"content-length", b"%d" % len(body)), (b"x-mine", b"yes")], body)


class App:
    """``/ready`` and ``/large`` are ready; ``full`` holds what was asked for in full."""

    def __init__(self) -> None:
        self.full: list[tuple[str, str]] = []
        self.forms = {"/ready": form(b"ready"), "/large": form(b"x" * 70_000)}

    def at_once(self, scope: Any) -> Form | None:
        return self.forms.get(scope["path"])

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.full.append((scope["method"], scope["path"]))
        while (await receive()).get("more_body", False):
            pass
        await asyncio.sleep(0)
        found = self.forms.get(scope["path"], form(b"in full"))
        await send({"type": "http.response.start", "status": 200, "headers": found.headers})
        await send({"type": "http.response.body", "body": found.body})


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
async def site(app: App, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    async with served(app, monkeypatch, timeout_keep_alive=limits.IDLE_WITHIN, proxy_headers=False) as site:
        yield site


async def test_what_is_ready_is_sent_and_the_connection_stays(site: Site, app: App) -> None:
    reader, writer = await site.connect()
    for _ in range(3):
        writer.write(GET + END)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), NEVER)
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"\r\ndate: " in head
        assert b"\r\nx-mine: yes\r\n" in head
        assert await asyncio.wait_for(reader.readexactly(5), NEVER) == b"ready"
    writer.write(FULL)
    assert await asyncio.wait_for(reader.readuntil(b"in full"), NEVER)
    writer.write(GET + END)
    assert await asyncio.wait_for(reader.readuntil(b"ready"), NEVER)
    writer.close()
    assert app.full == [("GET", "/full")]


async def test_its_head_alone_has_no_body(site: Site, app: App) -> None:
    reader, writer = await site.connect()
    writer.write(GET.replace(b"GET", b"HEAD") + END + FULL)
    said = await asyncio.wait_for(reader.readuntil(b"in full"), NEVER)
    assert b"content-length: 5\r\n" in said
    assert b"ready" not in said
    writer.close()
    assert app.full == [("GET", "/full")]


async def test_a_head_in_pieces_is_answered_once(site: Site, app: App) -> None:
    reader, writer = await site.connect()
    for piece in (GET[:9], GET[9:], b"X-More: 1\r\n", END, END):
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.02)
    writer.write(FULL)
    said = await asyncio.wait_for(reader.readuntil(b"in full"), NEVER)
    assert said.count(b"ready") == 1
    writer.close()
    assert app.full == [("GET", "/full")]


@pytest.mark.parametrize(
    "request_",
    [
        GET.replace(b"GET", b"POST") + b"Content-Length: 1\r\n\r\nx",
        GET.replace(b"1.1", b"1.0") + END,
        GET + b"Connection: close\r\n\r\n",
        GET + b"Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
        GET + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        GET.replace(b"/ready", b"/%72eady") + END,
        GET.replace(b"/ready", b"/large") + END,
        GET.replace(b"GET", b"OPTIONS") + END,
    ],
    ids=["POST", "HTTP/1.0", "close", "expect", "upgrade", "spelt otherwise", "large", "OPTIONS"],
)
async def test_what_is_not_plain_is_asked_in_full(site: Site, app: App, request_: bytes) -> None:
    reader, writer = await site.connect()
    writer.write(request_)
    await asyncio.wait_for(reader.readuntil(b"x-mine: yes"), NEVER)
    assert len(app.full) == 1
    writer.close()


async def test_requests_behind_each_other_are_answered_in_their_order(site: Site, app: App) -> None:
    reader, writer = await site.connect()
    writer.write(GET + END + FULL + GET + END + GET.replace(b"GET", b"HEAD") + END + FULL)
    said = b""
    while said.count(b"in full") < 2:
        said += await asyncio.wait_for(reader.read(65536), NEVER)
    marked = said.replace(b"in full", b"|full|").replace(b"ready", b"|ready|")
    assert marked.split(b"|")[1::2] == [b"ready", b"full", b"ready", b"full"]
    assert said.count(b"HTTP/1.1 200") == 5
    assert app.full == [("GET", "/full"), ("GET", "/ready"), ("HEAD", "/ready"), ("GET", "/full")]
    writer.close()


async def test_requests_behind_one_that_is_ready_have_the_same_ceiling(site: Site) -> None:
    said = await site.says((GET + END) * 200)
    assert said.count(b"ready") <= limits.PIPELINED_MOST + 2


async def test_who_does_not_read_holds_one_answer_and_is_cut_off(
    site: Site, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SEND_SILENCE", 0.4)
    app.forms["/ready"] = form(b"x" * 60_000)
    _reader, writer = await site.connect()
    writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport has it
    await site.until(lambda: bool(site.connections))

    def held() -> int:
        return sum(each.transport.get_write_buffer_size() for each in site.connections)

    async with asyncio.timeout(NEVER):
        while site.connections and not held():  # until the system's own buffers are full
            writer.write(GET + END)
            await asyncio.sleep(0.001)
    most = 0
    for _ in range(30):
        with suppress(ConnectionError):
            writer.write((GET + END) * 10)
        await asyncio.sleep(0.001)
        most = max(most, held())
    assert most < 4 * 64 * 1024
    await site.until(lambda: not site.connections)
    writer.close()


async def test_who_is_idle_after_it_is_let_go(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "IDLE_WITHIN", 0.3)
    reader, writer = await site.connect()
    writer.write(GET + END)
    assert await asyncio.wait_for(reader.readuntil(b"ready"), NEVER)
    assert await asyncio.wait_for(reader.read(), NEVER) == b""
    writer.close()


async def test_a_server_that_ends_waits_for_nobody_who_had_their_answer(site: Site) -> None:
    reader, writer = await site.connect()
    writer.write(GET + END)
    assert await asyncio.wait_for(reader.readuntil(b"ready"), NEVER)
    site.server.should_exit = True
    assert await asyncio.wait_for(reader.read(), NEVER) == b""
    await site.until(lambda: not site.connections)
    writer.close()


@pytest.mark.parametrize("value", [b"a\r\nSet-Cookie: x=y", b"a\nb"])
def test_a_header_that_would_begin_another_is_no_answer(value: bytes) -> None:
    with pytest.raises(ValueError, match="header"):
        Form(200, [(b"location", value)], b"")
