# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nobody who is slow or gone keeps a connection, a thread or a file of the web process."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connections
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path

from arengo.channel import board
from arengo.config.serving import limits
from arengo.config.serving.handler import Handler
from arengo.config.web import Web
from arengo.core.live import PERSON_MOST
from arengo.core.models import Organization, Person, Role
from arengo.core.scope import organization_scope
from arengo.core.uploads import accepts_body
from tests.channel.pictures import picture
from tests.conftest import HOST, member
from tests.waiting import NEVER, until
from tests.web_process import WebProcess, database_url, session_cookie, web_process

pytestmark = pytest.mark.django_db(transaction=True)


# --- the real process --------------------------------------------------------------------------------------------


@pytest.fixture
def web(esempio: Organization, altrove: Organization, tmp_path: Path) -> Iterator[WebProcess]:
    with web_process(HOST, tmp_path) as process:
        yield process


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
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_open_streams_end_with_the_process_and_do_not_keep_it(
    esempio: Organization, olga: Person, tmp_path: Path, number: signal.Signals
) -> None:
    cookie = session_cookie(olga)

    async def hear_the_end(web: WebProcess) -> bytes:
        reader, writer = await web.open("/console/live/?topics=inbox", cookie)
        await asyncio.wait_for(reader.readuntil(b"retry: 1000\n\n"), NEVER)
        web.process.send_signal(number)
        rest = await asyncio.wait_for(reader.read(), NEVER)
        writer.close()
        return rest

    with web_process(HOST, tmp_path) as web:
        assert asyncio.run(hear_the_end(web)).endswith(
            b"0\r\n\r\n"
        )  # a whole answer, not one that was cut off
        web.process.wait(NEVER)
    assert "timeout graceful shutdown exceeded" not in (tmp_path / "web.log").read_text()


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
            image=ContentFile(picture((1200, 1200)), name="x.jpg"),
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


class Closing(StreamingHttpResponse):
    closed_times = 0

    def close(self) -> None:
        type(self).closed_times += 1
        super().close()


_whole: dict[str, Any] = {}


def whole(request: Any) -> HttpResponse:
    connections["default"].ensure_connection()
    _whole.update(
        session=connections["default"].connection.info.backend_pid, thread=threading.current_thread()
    )
    return HttpResponse(b"x" * 200_000)


def endless(request: Any) -> Closing:
    async def beats() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    return Closing(beats())


def plain(request: Any) -> Closing:
    def rows() -> Iterator[bytes]:
        for _ in range(5):
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT 1")
            yield b"row"

    return Closing(rows())


def file(request: Any) -> FileResponse:
    from io import BytesIO

    return FileResponse(BytesIO(b"y" * 300_000))


@accepts_body(500_000)
def takes(request: Any) -> HttpResponse:
    return HttpResponse(str(len(request.body)))


urlpatterns = [
    path("whole", whole),
    path("endless", endless),
    path("plain", plain),
    path("file", file),
    path("takes", takes),
]


class Conversation:
    """One request by hand, and everything that is sent for it."""

    def __init__(self, path: str, *, fails: BaseException | None = None, after: int = 0) -> None:
        self.scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"host", HOST.encode())], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http",
        }  # fmt: skip
        self.sent: list[dict[str, Any]] = []
        self.leaves = asyncio.Event()
        self._fails, self._after, self._received = fails, after, False

    async def receive(self) -> dict[str, Any]:
        if not self._received:
            self._received = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if self._fails is not None and len(self.sent) >= self._after:
            raise self._fails
        self.sent.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


@pytest.fixture
async def bare(esempio: Organization) -> AsyncIterator[Handler]:
    """Our handler over the views above, without middleware."""
    Closing.closed_times = 0
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        yield Handler()
    await sync_to_async(connections.close_all)()


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


# --- bodies ------------------------------------------------------------------------------------------------------


class Upload(Conversation):
    def __init__(
        self, path: str, pieces: list[bytes], *, declared: int | None = None, pause: float = 0
    ) -> None:
        super().__init__(path)
        self.scope["method"] = "POST"
        if declared is not None:
            self.scope["headers"] = [*self.scope["headers"], (b"content-length", str(declared).encode())]
        self._pieces, self._pause, self.taken = pieces, pause, 0

    async def receive(self) -> dict[str, Any]:
        if self._pieces:
            await asyncio.sleep(self._pause)
            piece = self._pieces.pop(0)
            self.taken += 1
            return {"type": "http.request", "body": piece, "more_body": bool(self._pieces)}
        await self.leaves.wait()
        return {"type": "http.disconnect"}


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "in pieces"])
async def test_a_stranger_may_send_a_form_and_no_more(bare: Handler, declared: bool) -> None:
    pieces = [b"x" * 65536] * 10
    talk = Upload("/takes", pieces, declared=655_360 if declared else None)
    await asyncio.wait_for(bare(talk.scope, talk.receive, talk.send), NEVER)
    # Without middleware the view answers all the same, to an empty body: nothing of the large one was kept.
    assert talk.body == b"0"
    assert talk.scope["arengo.refused"].status == 413


async def test_a_small_body_needs_no_question(bare: Handler) -> None:
    talk = Upload("/takes", [b"x" * 1000, b"y" * 500])
    await asyncio.wait_for(bare(talk.scope, talk.receive, talk.send), NEVER)
    assert talk.body == b"1500"


async def test_a_member_may_send_what_the_view_takes(bare: Handler, olga: Person) -> None:
    cookie = await sync_to_async(session_cookie)(olga)
    for size, kept in ((490_000, b"490000"), (510_000, b"0")):
        talk = Upload("/takes", [b"x" * 10_000] * (size // 10_000))
        talk.scope["headers"] = [*talk.scope["headers"], (b"cookie", cookie.encode())]
        await asyncio.wait_for(bare(talk.scope, talk.receive, talk.send), NEVER)
        assert talk.body == kept
    assert talk.scope["arengo.refused"].most_bytes == 500_000


async def test_a_body_that_comes_too_slowly_is_given_up(
    bare: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BODY_SILENCE", 0.2)
    talk = Upload("/takes", [b"x", b"y"], pause=0.5)
    await asyncio.wait_for(bare(talk.scope, talk.receive, talk.send), NEVER)
    assert talk.scope["arengo.refused"].status == 408


async def test_a_body_that_drips_is_given_up(bare: Handler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_SILENCE", 0.3)
    talk = Upload("/takes", [b"x"] * 1000, pause=0.02)
    await asyncio.wait_for(bare(talk.scope, talk.receive, talk.send), NEVER)
    assert talk.scope["arengo.refused"].status == 408
    assert talk.taken < 500


async def test_only_so_many_large_bodies_come_in_at_once(
    bare: Handler, olga: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LARGE_AT_ONCE", 1)
    monkeypatch.setattr(limits, "SIGNED_IN_MOST_BYTES", 150_000)
    cookie = await sync_to_async(session_cookie)(olga)
    talks = [Upload("/takes", [b"x" * 100_000] * 4, pause=0.2) for _ in range(2)]
    for talk in talks:
        talk.scope["headers"] = [*talk.scope["headers"], (b"cookie", cookie.encode())]
    await asyncio.gather(*(bare(talk.scope, talk.receive, talk.send) for talk in talks))
    assert sorted(talk.body for talk in talks) == [b"0", b"400000"]
    assert [talk.scope["arengo.refused"].status for talk in talks if "arengo.refused" in talk.scope] == [503]
    again = Upload("/takes", [b"x" * 100_000] * 4)  # the place is free again
    again.scope["headers"] = [*again.scope["headers"], (b"cookie", cookie.encode())]
    await bare(again.scope, again.receive, again.send)
    assert again.body == b"400000"


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
