# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nobody who is slow or gone keeps a connection, a thread or a file of the web process."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from arengo.channel import board
from arengo.config.serving import limits
from arengo.config.serving.handler import Handler
from arengo.config.web import Web
from arengo.core.live import PERSON_MOST
from arengo.core.models import Organization, Person, Role
from arengo.core.scope import organization_scope
from tests.config.hand_made import Closing, Conversation, _whole, bare
from tests.factories.core import HOST, member
from tests.factories.pictures import market_square
from tests.support.waiting import NEVER, until
from tests.support.web_process import WebProcess, database_url, session_cookie

__all__ = ["bare"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


# --- the real process --------------------------------------------------------------------------------------------


@pytest.mark.processes
def test_forty_open_streams_leave_every_page_as_it_was(
    esempio: Organization, olga: Person, web: WebProcess
) -> None:
    people = [olga, *(member(esempio, f"p{n}@esempio.test", f"Persona {n}", Role.OPERATOR) for n in range(3))]
    cookies = [session_cookie(person) for person in people]
    assert web.get("/console/sportello/", cookies[0])[0] == 200

    async def look() -> list[Any]:
        opened = []
        for cookie in cookies * 10:
            reader, writer = await web.open("/console/live/?topics=inbox", cookie)
            assert (await asyncio.wait_for(reader.readuntil(b"retry: 1000\n\n"), NEVER)).startswith(
                b"HTTP/1.1 200"
            )
            opened.append(writer)
        statuses = await asyncio.gather(
            *(
                asyncio.to_thread(web.get, path, cookies[0])
                for path in ["/console/sportello/", "/healthz", "/", "/readyz"]
            )
        )
        assert await asyncio.to_thread(web.busy_sessions) == 0
        for writer in opened:
            writer.close()
        return [status for status, _body, _headers in statuses]

    assert asyncio.run(look()) == [200, 200, 200, 503]  # no worker runs here


@pytest.mark.processes
def test_readers_who_do_not_read_and_hang_up_cost_nobody_a_page(
    esempio: Organization, web: WebProcess
) -> None:
    with organization_scope(esempio):
        post = board.publish_post(
            esempio,
            key="k",
            title="x",
            items=[],
            image=ContentFile(market_square((1200, 1200)), name="x.jpg"),
            image_alt="x",
        )
    address = f"/canale/{post.pk}/immagine"
    assert web.get(address)[0] == 200
    quiet = web.descriptors()

    async def stall() -> int:
        opened = []
        for _ in range(30):
            _reader, writer = await web.open(address)
            for _again in range(10):
                writer.write(f"GET {address} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            opened.append(writer)
        status = (await asyncio.to_thread(web.get, "/"))[0]
        for writer in opened:
            writer.transport.abort()
        return status

    assert asyncio.run(stall()) == 200
    assert web.get("/")[0] == 200
    pool = settings.DATABASES["default"]["OPTIONS"].get("pool", {"max_size": 16})["max_size"]  # type: ignore[index, union-attr]
    until(
        lambda: web.descriptors() <= quiet + pool + 2,
        lambda: f"{web.descriptors()} descriptors, before {quiet}",
    )
    assert web.busy_sessions() == 0


@pytest.mark.processes
def test_large_bodies_are_refused_by_path_and_sign_in(olga: Person, web: WebProcess) -> None:
    large = b"a=" + b"x" * (limits.ANONYMOUS_MOST_BYTES + 1)
    status, body, headers = web.get("/", method="POST", body=large)
    assert (status, headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert "troppo grande" in body.decode()
    cookie = session_cookie(olga)
    assert web.get("/console/", cookie, method="POST", body=large)[0] != 413
    assert web.get("/nessuna-pagina", cookie, method="POST", body=large)[0] == 413
    forged = "sessionid=" + "a" * 32
    assert web.get("/console/", forged, method="POST", body=large)[0] == 413
    larger = b"x" * (limits.SIGNED_IN_MOST_BYTES + 1)
    assert web.get("/console/", cookie, method="POST", body=larger)[0] == 413
    assert web.get("/console/sportello/1/rispondi/", cookie, method="POST", body=larger)[0] in (403, 404)


# --- every way in which an answer can end -----------------------------------------------------------------------------


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize(
    "fails", [OSError("gone"), RuntimeError("closed"), ValueError("?"), BrokenPipeError()]
)
@pytest.mark.parametrize("address", ["/endless", "/plain"])
async def test_an_answer_is_closed_whatever_its_sending_raises(
    bare: Handler, address: str, fails: Exception, after: int
) -> None:
    talk = Conversation(address, fails=fails, after=after)
    await asyncio.wait_for(bare(talk.scope, talk.receive, talk.send), NEVER)
    assert Closing.closed_times == 1


async def test_an_answer_is_closed_when_the_server_gives_it_up(bare: Handler) -> None:
    talk = Conversation("/endless")
    task = asyncio.ensure_future(bare(talk.scope, talk.receive, talk.send))
    while len(talk.sent) < 3:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0.1)
    assert Closing.closed_times == 1


async def test_a_stream_ends_when_its_reader_leaves(bare: Handler) -> None:
    talk = Conversation("/endless")
    talk.leaves.set()
    await asyncio.wait_for(bare(talk.scope, talk.receive, talk.send), NEVER)
    assert Closing.closed_times == 1


@pytest.mark.parametrize(("address", "body"), [("/plain", b"row" * 5), ("/file", b"y" * 300_000)])
async def test_a_plain_iterator_goes_out_piece_by_piece(bare: Handler, address: str, body: bytes) -> None:
    talk = Conversation(address)
    await asyncio.wait_for(bare(talk.scope, talk.receive, talk.send), NEVER)
    assert talk.body == body
    assert len(talk.sent) > 3


async def test_while_an_answer_is_sent_its_thread_and_connection_are_free(bare: Handler) -> None:
    talk = Conversation("/whole")
    alive: list[bool] = []

    async def send(message: Any) -> None:
        # PostgreSQL ends a session a moment after it was left; the answer is not sent before that here.
        await asyncio.to_thread(until, lambda: not _session_lives(_whole["session"]), "the session to end")
        alive.append(_whole["thread"].is_alive())

    await bare(talk.scope, talk.receive, send)
    assert alive
    assert not any(alive)


def _session_lives(pid: int) -> bool:
    with psycopg.connect(database_url()) as watching:
        return watching.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone() is not None


# --- the doors beside Django -------------------------------------------------------------------------------------------


async def _never(*given: Any) -> None:
    raise AssertionError("nothing else is asked")


async def test_healthz_asks_nobody() -> None:
    talk = Conversation("/healthz")
    await Web(_never)(talk.scope, talk.receive, talk.send)
    assert json.loads(talk.body) == {"status": "ok"}
    assert talk.sent[0]["status"] == 200


def test_static_files_carry_the_headers_of_pages(web: WebProcess) -> None:
    page = web.get("/")[2]
    static = web.get("/static/arengo/arengo.css")
    assert static[0] == 200
    wanted = [
        "content-security-policy", "permissions-policy", "x-content-type-options", "referrer-policy",
        "cross-origin-opener-policy", "x-frame-options",
    ]  # fmt: skip
    for other in (static[2], web.get("/healthz")[2]):
        assert {name: other.get(name) for name in wanted} == {name: page.get(name) for name in wanted}


def test_a_person_has_a_ceiling_of_streams_and_is_told(olga: Person, web: WebProcess) -> None:
    cookie = session_cookie(olga)
    address = "/console/live/?topics=inbox"

    async def look() -> None:
        opened = []
        for _ in range(PERSON_MOST):
            reader, writer = await web.open(address, cookie)
            await asyncio.wait_for(reader.readuntil(b"retry: 1000\n\n"), NEVER)
            opened.append(writer)
        status, body, _headers = await asyncio.to_thread(web.get, address, cookie)
        assert (status, "finestre" in body.decode()) == (429, True)
        assert (await asyncio.to_thread(web.get, address, cookie, "HEAD"))[0] == 429
        for writer in opened:
            writer.close()

    asyncio.run(look())
    until(lambda: web.get(address, cookie, "HEAD")[0] == 204, "the places come back")
