# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Public pages are rendered once however many ask, from the key alone, and are dropped by what changes."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.core.files.base import ContentFile
from django.db import connection, connections
from django.http import Http404, HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils import timezone
from django.utils.http import http_date, parse_http_date

from arengo.channel import board
from arengo.channel.items import Item
from arengo.channel.models import Channel, Post
from arengo.config.serving import limits
from arengo.config.serving.handler import READERS, Handler, Rendered
from arengo.config.serving.public_changes import Changes, sites
from arengo.config.serving.public_door import PublicDoor
from arengo.core.access import organization_of
from arengo.core.models import Organization, Person
from arengo.core.public_pages import public_page, valid_until
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.channel.pictures import picture
from tests.conftest import HOST, STRANGER_HOST
from tests.waiting import NEVER
from tests.web_process import database_url, session_cookie

pytestmark = pytest.mark.django_db(transaction=True)


class Counting(Handler):
    """Our handler, and what it was asked for: ``rendered`` for everybody, ``alone`` for one reader."""

    def __init__(self) -> None:
        super().__init__()
        self.rendered: list[str] = []
        self.alone: list[str] = []
        self.pause: Callable[[], Any] | None = None
        self.readers: list[bool] = []

    async def render(self, scope: Any) -> Rendered:
        self.rendered.append(
            scope["path"] + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
        )
        found = await super().render(scope)
        if self.pause is not None:
            await self.pause()
        return found

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.alone.append(scope["path"])
        self.readers.append(READERS in scope)
        await super().__call__(scope, receive, send)


class Site:
    """The web process's public door over the real views and the real database."""

    def __init__(self) -> None:
        self.django = Counting()
        self.door = PublicDoor(self.django)
        self.changes = Changes(self.door)
        self._told: list[str] = []
        changed = self.door.changed

        def tell(organization: int | None, table: str) -> None:
            changed(organization, table)
            self._told.append(table)

        self.door.changed = tell  # type: ignore[method-assign]

    async def ask(
        self,
        address: str,
        method: str = "GET",
        *,
        host: str = HOST,
        body: bytes = b"",
        more: tuple[tuple[bytes, bytes], ...] = (),
        **headers: str,
    ) -> tuple[int, bytes, dict[str, str]]:
        where, _, query = address.partition("?")
        given = [(b"host", host.encode())] if host else []
        given += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        given += more
        if body:
            given.append((b"content-length", str(len(body)).encode()))
        scope = {
            "type": "http", "method": method, "path": where, "raw_path": where.encode(), "query_string": query.encode(),
            "headers": given, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http",
        }  # fmt: skip
        sent: list[dict[str, Any]] = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if waiting:
                return waiting.pop()
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: Any) -> None:
            sent.append(message)

        await asyncio.wait_for(self.door(scope, receive, send), NEVER)
        named = {name.decode().lower(): value.decode("latin1") for name, value in sent[0]["headers"]}
        return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:]), named

    async def heard(self) -> None:
        """All changes that were committed until now: notices come in their order."""
        mark = f"mark{len(self._told)}"
        await sql("SELECT pg_notify('arengo_public', %s)", f"{mark} 0")
        async with asyncio.timeout(NEVER):
            while mark not in self._told:
                await asyncio.sleep(0.01)

    async def until(self, found: Callable[[bytes], bool], address: str, **how: Any) -> bytes:
        """Asks until the page is as wanted."""
        async with asyncio.timeout(NEVER):
            while True:
                _status, content, _headers = await self.ask(address, **how)
                if found(content):
                    return content
                await asyncio.sleep(0.02)


@asynccontextmanager
async def listening(site: Site) -> AsyncIterator[None]:
    task = asyncio.create_task(site.changes.listen_forever())
    try:
        async with asyncio.timeout(NEVER):
            while not site.door._hears:
                await asyncio.sleep(0.01)
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def towns(esempio: Organization, altrove: Organization) -> Organization:
    return esempio


@pytest.fixture
async def site(towns: Organization) -> AsyncIterator[Site]:
    site = Site()
    async with listening(site):
        yield site
    await sync_to_async(connections.close_all)()


@pytest.fixture(autouse=True)
def _steady(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that stands still for a minute makes no page old, and none gets its date between two questions."""
    monkeypatch.setattr(limits, "PAGE_KEPT", 3600.0)
    monkeypatch.setattr(limits, "PAGE_SETTLES", 3600.0)
    with override_settings(MEDIA_ROOT=tmp_path):
        yield


def publish(organization: Organization, title: str = "Strada chiusa", **how: Any) -> Post:
    with organization_scope(organization):
        return board.publish_post(organization, key=title, title=title, items=[Item("Domani")], **how)


published = sync_to_async(publish)


@sync_to_async
def withdrawn(organization: Organization, post: Post, by: Person) -> None:
    with organization_scope(organization):
        board.withdraw(post, by)


@sync_to_async
def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# --- once ----------------------------------------------------------------------------------------------------------


async def test_a_thousand_readers_of_a_cold_page_render_it_once(site: Site) -> None:
    answers = await asyncio.gather(*(site.ask("/canale/") for _ in range(1000)))
    assert {status for status, _body, _headers in answers} == {200}
    assert len({body for _status, body, _headers in answers}) == 1
    assert site.django.rendered == ["/canale/"]
    assert site.django.alone == []


PAGES = ["/", "/wa", "/canale/", "/canale/feed.xml", "/canale/qr.svg", "/canale/qr.png", "/informativa/", "/regole/",
         "/note-legali/", "/accessibilita/", "/sorgente/", "/stemma", "/canale/99999/", "/non-c-e/", "/canale"]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
async def test_a_second_reader_asks_nobody(site: Site, address: str) -> None:
    first = await site.ask(address)
    asked = len(site.django.rendered)
    assert await site.ask(address) == first
    assert len(site.django.rendered) == asked
    assert site.django.alone == []


async def test_all_that_does_not_exist_shares_one_answer(site: Site) -> None:
    answers = [await site.ask(f"/wp-login-{number}.php") for number in range(50)]
    assert {status for status, _body, _headers in answers} == {404}
    assert len(site.django.rendered) == 1
    held = site.door.held
    for number in range(50):
        assert (await site.ask(f"/canale/{9000 + number}/"))[:2] == answers[0][:2]
    assert site.door.held - held < 50 * 5000


async def test_the_first_readers_of_a_starting_process_wait_until_the_hosts_are_known(
    towns: Organization,
) -> None:
    site = Site()
    site.door.begins()
    readers = [asyncio.create_task(site.ask("/canale/")) for _ in range(50)]
    await asyncio.sleep(0.05)
    async with listening(site):
        answers = await asyncio.gather(*readers)
    assert {status for status, _body, _headers in answers} == {200}
    assert (site.django.alone, len(site.django.rendered)) == ([], 1)
    await sync_to_async(connections.close_all)()


# --- the key -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelt",
    [
        {"host": "ESEMPIO.test"},
        {"host": "esempio.test."},
        {"cookie": "sessionid=abcdefghijklmnopqrstuvwxyz123456"},
        {"cookie": "csrftoken=x; a=b"},
        {"accept_language": "en"},
        {"user_agent": "feedreader"},
        {"authorization": "Basic x"},
        {"cookie": "arengo_language=xx"},
        {"cookie": "not_arengo_language=en"},
        {"x_forwarded_host": "altrove.test"},
        {"range": "bytes=0-10"},
    ],
)
async def test_what_has_no_part_in_a_page_has_no_part_in_its_key(site: Site, spelt: dict[str, str]) -> None:
    first = await site.ask("/canale/")
    assert await site.ask("/canale/", **spelt) == first
    assert site.django.rendered == ["/canale/"]


@pytest.mark.parametrize("query", ["x=1", "utm_source=a&fbclid=b", "page=", "page=1", "page=-3", "page=abc", "page=%00", "&&=", "%ff",
                                   "page=1&page=1", "&".join(f"x{n}=" for n in range(200))])  # fmt: skip
async def test_a_query_that_means_nothing_is_none(site: Site, query: str) -> None:
    first = await site.ask("/canale/")
    assert await site.ask(f"/canale/?{query}") == first
    assert site.django.rendered == ["/canale/"]


async def test_a_flood_of_queries_is_one_page(site: Site) -> None:
    for number in range(300):
        assert (await site.ask(f"/?x={number}"))[0] == 200
    assert site.django.rendered == ["/"]


async def test_the_pages_of_a_list_are_pages_of_their_own(site: Site, esempio: Organization) -> None:
    for number in range(12):
        await published(esempio, f"Notizia {number}")
    await site.heard()
    second = (await site.ask("/canale/?page=2&x=1"))[1]
    assert b"Notizia 0" in second
    assert b"Notizia 11" not in second
    assert (await site.ask("/canale/?x=3&page=2"))[1] == second
    assert (await site.ask("/canale/?page=99999999"))[1] == (await site.ask("/canale/?page=1000"))[1]


async def test_each_language_has_its_page(site: Site) -> None:
    italian, english = await site.ask("/"), await site.ask("/", cookie="a=b; arengo_language=en")
    assert b'<html lang="it">' in italian[1]
    assert b'<html lang="en">' in english[1]
    assert (italian[2]["content-language"], english[2]["content-language"]) == ("it", "en")
    assert await site.ask("/", cookie="arengo_language=it") == italian
    assert site.django.rendered == ["/", "/"]
    assert "Cookie" in italian[2]["vary"]


async def test_each_town_has_its_page(site: Site, esempio: Organization) -> None:
    await published(esempio)
    await site.heard()
    assert b"Strada chiusa" in (await site.ask("/canale/"))[1]
    status, other, _headers = await site.ask("/canale/", host=STRANGER_HOST)
    assert (status, b"Strada chiusa" in other, b"Altrove" in other) == (200, False, True)


async def test_the_scheme_is_part_of_the_key_and_believed_from_a_trusted_proxy_alone(site: Site) -> None:
    with override_settings(ARENGO_TRUSTED_PROXY="127.0.0.1"):
        secure = (await site.ask("/canale/", x_forwarded_proto="https"))[1]
    assert b"https://esempio.test/canale/" in secure
    forged = (await site.ask("/canale/", x_forwarded_proto="https"))[1]
    assert b"http://esempio.test/canale/" in forged
    assert b"https://esempio.test/canale/" not in forged


async def test_paths_that_mean_the_same_share_it(site: Site, esempio: Organization) -> None:
    post = await published(esempio)
    await site.heard()
    first = (await site.ask(f"/canale/{post.pk}/"))[1]
    rendered = len(site.django.rendered)
    assert (await site.ask(f"/canale/{post.pk}/"))[1] == first
    assert len(site.django.rendered) == rendered
    status, _body, headers = await site.ask("/canale?page=2&x=1")
    assert (status, headers["location"]) == (301, "/canale/?page=2")


@pytest.mark.parametrize("host", ["nessuno.test", "esempio.test:81", "a b", "", "1.2.3.4", "esempio.test.."])
async def test_a_made_up_host_fills_no_memory_and_waits_among_the_readers(site: Site, host: str) -> None:
    held = site.door.held
    await site.ask("/canale/", host=host)
    assert site.door.held == held
    assert site.django.rendered == []
    assert (site.django.alone, site.django.readers) == (["/canale/"], [True])


async def test_two_hosts_in_one_request_are_djangos(site: Site) -> None:
    await site.ask("/canale/", more=((b"host", STRANGER_HOST.encode()),))
    assert (site.django.alone, site.django.rendered) == (["/canale/"], [])


# --- what goes on to Django ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "address", "readers"),
    [
        ("POST", "/canale/", True),
        ("PUT", "/", True),
        ("OPTIONS", "/canale/", True),
        ("POST", "/non-c-e", True),
        ("POST", "/lingua/", True),
        ("GET", "/console/sportello/", False),
        ("GET", "/console/non-c-e/", False),
        ("GET", "/readyz", False),
        ("GET", "/metrics", False),
    ],
)
async def test_all_else_is_djangos(site: Site, method: str, address: str, readers: bool) -> None:
    await site.ask(address, method)
    assert (site.django.alone, site.django.readers, site.django.rendered) == ([address], [readers], [])
    assert site.door.held == 0


async def test_a_get_with_a_body_is_read_and_answered_alone(site: Site) -> None:
    assert (await site.ask("/canale/", body=b"x"))[0] == 200
    assert site.django.alone == ["/canale/"]


# --- what is sent ------------------------------------------------------------------------------------------------------


async def test_head_is_the_same_without_its_body(site: Site) -> None:
    status, body, headers = await site.ask("/canale/", "HEAD")
    got = await site.ask("/canale/")
    assert (status, body, headers) == (got[0], b"", got[2])
    assert int(headers["content-length"]) == len(got[1])
    assert site.django.rendered == ["/canale/"]


@pytest.mark.parametrize("seen", ["{}", "W/{}", '"other", {}', "*", ' "other" ,W/{} '])
async def test_who_has_it_already_gets_no_body(site: Site, seen: str) -> None:
    tag = (await site.ask("/canale/"))[2]["etag"]
    status, body, headers = await site.ask("/canale/", if_none_match=seen.format(tag))
    assert (status, body, headers["etag"]) == (304, b"", tag)
    assert "content-security-policy" in headers
    assert (await site.ask("/canale/", if_none_match='"other"'))[0] == 200


async def test_a_reader_who_takes_gzip_gets_it(site: Site) -> None:
    plain = await site.ask("/canale/")
    for accepted in ("gzip", "deflate, gzip;q=0.5, br"):
        packed = await site.ask("/canale/", accept_encoding=accepted)
        assert packed[2]["content-encoding"] == "gzip"
        assert gzip.decompress(packed[1]) == plain[1]
        assert packed[2]["etag"] != plain[2]["etag"]
    for refused in ("gzip;q=0", "br, gzip; q=0.0", "identity"):
        assert await site.ask("/canale/", accept_encoding=refused) == plain
    assert site.django.rendered == ["/canale/"]


async def test_it_carries_what_djangos_own_answer_carries(site: Site) -> None:
    kept = (await site.ask("/canale/"))[2]
    alone = (await site.ask("/canale/", body=b"x"))[2]
    ours = {"etag", "vary", "content-length"}
    assert {name: value for name, value in kept.items() if name not in ours} == {
        name: value for name, value in alone.items() if name not in ours
    }
    assert kept["cache-control"] == "public, max-age=0, s-maxage=1, stale-if-error=60"
    assert "set-cookie" not in kept | alone


async def test_a_picture_is_kept_whole_and_sent_in_pieces(site: Site, esempio: Organization) -> None:
    noise = ContentFile(picture((1200, 1200)), name="x.jpg")
    post = await published(esempio, image=noise, image_alt="x")
    address = f"/canale/{post.pk}/immagine"
    await site.heard()
    first = await site.ask(address)
    assert first[0] == 200
    assert first[2]["cache-control"].startswith("public, max-age=86400, s-maxage=1")
    assert await site.ask(address) == first
    assert (await site.ask(address, cookie="arengo_language=en")) == first
    assert site.django.rendered.count(address) == 1
    assert len(first[1]) == int(first[2]["content-length"])


# --- dates -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def _dated(_steady: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGE_SETTLES", 1.0)


async def dated(site: Site, address: str, **headers: str) -> str:
    """The page's Last-Modified, which it gets when the second in which it was rendered is over."""
    async with asyncio.timeout(NEVER):
        while True:
            found = (await site.ask(address, **headers))[2]
            if "last-modified" in found:
                return found["last-modified"]
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("_dated")
@pytest.mark.parametrize("address", ["/canale/feed.xml", "/regole/", "/canale/qr.svg"])
async def test_who_asks_by_date_gets_no_body_as_long_as_nothing_changed(site: Site, address: str) -> None:
    first = await site.ask(address)
    assert "last-modified" not in first[2]  # within the same second it could become something else
    since = await dated(site, address)
    status, body, headers = await site.ask(address, if_modified_since=since)
    assert (status, body, headers["last-modified"], headers["etag"]) == (304, b"", since, first[2]["etag"])
    later = http_date(time.time())
    assert (await site.ask(address, if_modified_since=later))[0] == 304
    assert (await site.ask(address, "HEAD", if_modified_since=since))[0] == 304
    assert (await site.ask(address))[1] == first[1]


@pytest.mark.usefixtures("_dated")
@pytest.mark.parametrize(
    "since", ["", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 2199 00:00:00 GMT", "0", "\xff"]
)
async def test_a_date_that_says_nothing_gets_the_page(site: Site, since: str) -> None:
    await dated(site, "/canale/feed.xml")
    assert (await site.ask("/canale/feed.xml", if_modified_since=since))[0] == 200


@pytest.mark.usefixtures("_dated")
async def test_a_tag_goes_before_a_date(site: Site) -> None:
    since = await dated(site, "/canale/feed.xml")
    tag = (await site.ask("/canale/feed.xml"))[2]["etag"]
    asked = {"if_modified_since": since}
    assert (await site.ask("/canale/feed.xml", if_none_match='"other"', **asked))[0] == 200
    asked = {"if_modified_since": "Thu, 01 Jan 1970 00:00:00 GMT"}
    assert (await site.ask("/canale/feed.xml", if_none_match=tag, **asked))[0] == 304


@pytest.mark.usefixtures("_dated")
async def test_what_is_published_and_what_is_withdrawn_make_a_page_newer(
    site: Site, esempio: Organization, edo: Person
) -> None:
    empty = await dated(site, "/canale/feed.xml")
    post = await published(esempio)
    await site.heard()
    assert (await site.ask("/canale/feed.xml", if_modified_since=empty))[0] == 200
    full = await dated(site, "/canale/feed.xml")
    await withdrawn(esempio, post, edo)
    await site.heard()
    assert (await site.ask("/canale/feed.xml", if_modified_since=full))[0] == 200
    again = await dated(site, "/canale/feed.xml")
    assert parse_http_date(empty) < parse_http_date(full) < parse_http_date(again)


@pytest.mark.usefixtures("_dated")
async def test_a_page_that_is_rendered_anew_without_a_change_keeps_its_date(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PAGE_KEPT", 0.3)
    since = await dated(site, "/canale/feed.xml")
    rendered = site.django.rendered.count("/canale/feed.xml")
    await asyncio.sleep(1.5)
    assert await dated(site, "/canale/feed.xml") == since
    assert site.django.rendered.count("/canale/feed.xml") > rendered


# --- changes -----------------------------------------------------------------------------------------------------------


async def test_a_new_post_is_on_every_page_at_once(site: Site, esempio: Organization) -> None:
    for address in ("/", "/wa", "/canale/", "/canale/feed.xml"):
        assert b"Strada chiusa" not in (await site.ask(address))[1]
    await published(esempio)
    await site.heard()
    for address in ("/", "/wa", "/canale/", "/canale/feed.xml"):
        assert b"Strada chiusa" in (await site.ask(address))[1]


async def test_a_withdrawn_post_is_gone_from_every_page(
    site: Site, esempio: Organization, edo: Person
) -> None:
    post = await published(esempio, image=ContentFile(picture((1200, 628)), name="x.jpg"), image_alt="x")
    mine = [f"/canale/{post.pk}/", f"/canale/{post.pk}/immagine"]
    lists = ["/", "/wa", "/canale/", "/canale/feed.xml"]
    await site.heard()
    for address in [*mine, *lists]:
        status, body, _headers = await site.ask(address)
        assert status == 200
        assert b"Strada chiusa" in body or body.startswith(b"\xff\xd8")

    def withdraw() -> None:
        with organization_scope(esempio):
            board.withdraw(post, edo)

    await sync_to_async(withdraw)()
    await site.heard()
    for address in lists:
        assert b"Strada chiusa" not in (await site.ask(address))[1]
    for address in mine:
        assert (await site.ask(address))[0] == 404


_OURS = "FROM core_organization WHERE slug = 'esempio'"
CHANGES = {
    "the name": "UPDATE core_organization SET name = 'Parole nuove' WHERE slug = 'esempio'",
    "the telephone": "UPDATE core_organization SET phone = 'Parole nuove' WHERE slug = 'esempio'",
    "the channel's title": (
        "INSERT INTO channel_channel (organization_id, title, description, whatsapp_url) "
        f"SELECT id, 'Parole nuove', '', '' {_OURS}"
    ),
    "a policy": (
        "INSERT INTO audience_policy (organization_id, kind, version, text, summary, published_at) "
        f"SELECT id, 'privacy', 1, 'Parole nuove', '', now() {_OURS}"
    ),
}
_SHOWN = {
    "the name": "/regole/",
    "the telephone": "/",
    "the channel's title": "/canale/",
    "a policy": "/informativa/",
}


@pytest.mark.parametrize("what", CHANGES)
async def test_a_change_by_hand_in_the_database_is_seen_too(site: Site, what: str) -> None:
    assert b"Parole nuove" not in (await site.ask(_SHOWN[what]))[1]
    await sql(CHANGES[what])
    await site.heard()
    assert b"Parole nuove" in (await site.ask(_SHOWN[what]))[1]


async def test_a_table_that_is_emptied_is_told_too(site: Site, esempio: Organization) -> None:
    await published(esempio)
    await site.heard()
    assert b"Strada chiusa" in (await site.ask("/canale/"))[1]
    await sql("TRUNCATE channel_post CASCADE")
    await site.heard()
    assert b"Strada chiusa" not in (await site.ask("/canale/"))[1]


async def test_a_change_of_one_town_leaves_the_others_pages(site: Site, esempio: Organization) -> None:
    await site.ask("/canale/")
    await site.ask("/canale/", host=STRANGER_HOST)
    await published(esempio)
    await site.heard()
    assert b"Strada" in (await site.ask("/canale/"))[1]
    rendered = len(site.django.rendered)
    await site.ask("/canale/", host=STRANGER_HOST)
    assert len(site.django.rendered) == rendered


async def test_a_host_that_goes_to_another_town_takes_no_page_along(site: Site) -> None:
    await site.ask("/")
    await sql(
        "UPDATE core_organizationhost SET organization_id = (SELECT id FROM core_organization WHERE slug = 'altrove') "
        "WHERE host = %s",
        HOST,
    )
    await site.heard()
    assert b"Comune di Altrove" in (await site.ask("/"))[1]


async def test_what_the_worker_writes_about_a_number_drops_nothing(site: Site, sender: Sender) -> None:
    await site.heard()
    assert b"055 000 0001" in (await site.ask("/"))[1]
    await sql("UPDATE delivery_sender SET epoch = epoch + 1")
    await site.heard()
    await site.ask("/")
    assert site.django.rendered == ["/"]
    await sql("UPDATE delivery_sender SET state = 'stopped'")
    await site.heard()
    assert b"055 000 0001" not in (await site.ask("/"))[1]


async def test_what_was_being_rendered_when_it_changed_is_not_kept(site: Site, esempio: Organization) -> None:
    read, go_on = asyncio.Event(), asyncio.Event()

    async def pause() -> None:
        read.set()
        await go_on.wait()

    site.django.pause = pause
    early = asyncio.create_task(site.ask("/canale/"))
    await asyncio.wait_for(read.wait(), NEVER)  # it has read the database, and is not kept yet
    site.django.pause = None
    await published(esempio)
    await site.until(
        lambda body: b"Strada chiusa" in body, "/canale/"
    )  # who asks now does not wait for the old one
    go_on.set()
    assert b"Strada chiusa" not in (await early)[1]
    assert b"Strada chiusa" in (await site.ask("/canale/"))[1]


async def test_after_a_lost_connection_nothing_old_is_believed(site: Site, esempio: Organization) -> None:
    await site.ask("/canale/")
    assert site.door.held

    def end() -> None:
        with psycopg.connect(database_url(), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'arengo public pages'"
            )

    await asyncio.to_thread(end)
    async with asyncio.timeout(NEVER):
        while site.door._hears:
            await asyncio.sleep(0.005)
    assert site.door.held == 0
    await published(esempio)
    await site.until(lambda body: b"Strada chiusa" in body, "/canale/")
    async with asyncio.timeout(NEVER):
        while not site.door._hears:
            await asyncio.sleep(0.01)


async def test_while_nothing_is_heard_a_page_is_kept_for_a_moment_only(
    towns: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site()
    site.door.hears(sites({HOST: towns.pk}, None), [])
    site.door.lost()
    kept: list[float] = []
    put = site.door._memory.put
    now = asyncio.get_running_loop().time
    monkeypatch.setattr(
        site.door._memory, "put", lambda *a, **k: (kept.append(a[4] - now()), put(*a, **k))[1]
    )
    await asyncio.gather(*(site.ask("/canale/") for _ in range(100)))
    assert site.django.rendered == ["/canale/"]
    assert kept
    assert max(kept) <= limits.UNHEARD_KEPT
    await sync_to_async(connections.close_all)()


# --- time ----------------------------------------------------------------------------------------------------------------


async def test_a_post_dated_later_comes_at_its_time(site: Site, esempio: Organization) -> None:
    await published(esempio, "Oggi pomeriggio", published_at=timezone.now() + timedelta(seconds=3))
    assert b"Oggi pomeriggio" not in (await site.ask("/canale/"))[1]
    began = asyncio.get_running_loop().time()
    await site.until(lambda body: b"Oggi pomeriggio" in body, "/canale/")
    assert asyncio.get_running_loop().time() - began < limits.PAGE_KEPT  # it did not wait for the ceiling


# --- views of tests ------------------------------------------------------------------------------------------------------


@public_page()
def opens(request: HttpRequest) -> HttpResponse:
    """As the hours of the desk will: open until a moment, then shut."""
    organization_of(request)
    valid_until(_state["closes"])
    return HttpResponse("aperto" if timezone.now() < _state["closes"] else "chiuso")


@public_page()
def sets_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(request.COOKIES.get("mine", "nobody"))
    response.set_cookie("mine", "x")
    return response


@public_page()
def breaks(request: HttpRequest) -> HttpResponse:
    _state["broke"] = _state.get("broke", 0) + 1
    raise RuntimeError("the details")


@public_page()
def large(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"x" * (limits.PAGE_MOST_BYTES + 1), content_type="image/jpeg")


@public_page(Person)
def unwatched(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x")


@public_page(parameters={"kind": lambda value: value if value in ("a", "b") else ""})
def with_parameter(request: HttpRequest) -> HttpResponse:
    return HttpResponse(repr(sorted(request.GET.items())))


@public_page(Channel)
def missing(request: HttpRequest) -> HttpResponse:
    raise Http404


_state: dict[str, Any] = {}
urlpatterns = [
    path("opens", opens), path("cookie", sets_cookie), path("breaks", breaks), path("large", large),
    path("unwatched", unwatched), path("parameter", with_parameter), path("missing", missing),
]  # fmt: skip


@pytest.fixture
async def views(towns: Organization) -> AsyncIterator[Site]:
    _state.clear()
    middleware = [
        "arengo.core.middleware.LanguageMiddleware",
        "arengo.core.middleware.OrganizationMiddleware",
    ]
    sessions = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ]
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[*sessions, *middleware]):
        site = Site()
        async with listening(site):
            yield site
    await sync_to_async(connections.close_all)()


async def test_a_page_that_says_until_when_it_holds_is_rendered_anew_then(views: Site) -> None:
    _state["closes"] = timezone.now() + timedelta(seconds=2)
    assert (await views.ask("/opens"))[1] == b"aperto"
    await views.until(lambda body: body == b"chiuso", "/opens")
    _state["closes"] = timezone.now() + timedelta(hours=1)
    assert (await views.ask("/opens"))[1] in (b"chiuso", b"aperto")  # what is over already is not kept
    await views.until(lambda body: body == b"aperto", "/opens")


async def test_a_page_that_sets_a_cookie_is_each_readers_own(views: Site) -> None:
    assert (await views.ask("/cookie", cookie="mine=Anna"))[1] == b"Anna"
    status, body, headers = await views.ask("/cookie", cookie="mine=Bruno")
    assert (status, body) == (200, b"Bruno")
    assert "mine=x" in headers["set-cookie"]
    assert views.django.alone == ["/cookie", "/cookie"]
    assert views.django.rendered == ["/cookie"]


async def test_a_page_that_breaks_is_not_rendered_for_each_who_asks(views: Site) -> None:
    with override_settings(DEBUG_PROPAGATE_EXCEPTIONS=False):
        answers = await asyncio.gather(*(views.ask("/breaks") for _ in range(200)))
    assert {status for status, _body, _headers in answers} <= {500, 503}
    assert _state["broke"] == 1
    assert all(b"the details" not in body for _status, body, _headers in answers)
    await asyncio.sleep(limits.PAGE_FAILED_KEPT)
    await views.ask("/breaks")
    assert _state["broke"] == 2


async def test_what_is_too_large_is_not_held(views: Site) -> None:
    for _ in range(2):
        status, body, _headers = await views.ask("/large")
        assert (status, len(body)) == (200, limits.PAGE_MOST_BYTES + 1)
    assert views.door.held < 10_000
    assert views.django.readers == [True, True]


async def test_a_page_over_a_table_that_nobody_watches_is_kept_for_a_moment(
    views: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNHEARD_KEPT", 0.0)
    for _ in range(3):
        await views.ask("/unwatched")
    assert len(views.django.rendered) == 3


async def test_a_view_sees_its_own_parameters_and_no_header(views: Site) -> None:
    asked = [
        await views.ask(f"/parameter?{query}")
        for query in ("kind=a&x=1", "x=2&kind=a", "kind=c", "", "kind=b&kind=a")
    ]
    assert [body for _status, body, _headers in asked] == [b"[('kind', 'a')]"] * 2 + [b"[]"] * 2 + [
        b"[('kind', 'a')]"
    ]
    assert len(views.django.rendered) == 2


@asynccontextmanager
async def readers_turns_taken(views: Site) -> AsyncIterator[None]:
    """All that readers may have is at work."""
    async with AsyncExitStack() as taken:
        for _ in range(limits.READERS_ANSWERING_MOST):
            await taken.enter_async_context(views.django._readers_turns.one())
        yield


async def test_readers_never_take_the_turns_of_the_console(views: Site) -> None:
    async with readers_turns_taken(views):
        waiting = [asyncio.create_task(views.ask(f"/parameter?{number}", "POST")) for number in range(50)]
        async with AsyncExitStack() as console:
            for _ in range(limits.ANSWERING_MOST - limits.READERS_ANSWERING_MOST):
                await asyncio.wait_for(console.enter_async_context(views.django._turns.one()), NEVER)
        assert not any(task.done() for task in waiting)
    assert {status for status, _body, _headers in await asyncio.gather(*waiting)} == {200}


async def test_when_too_many_wait_the_rest_is_told_to_come_back(
    views: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with readers_turns_taken(views):
        monkeypatch.setattr(views.django._readers_turns, "_most", 0)
        status, _body, headers = await views.ask("/parameter")
    assert (status, headers["retry-after"]) == (503, "5")


async def test_a_signed_in_reader_gets_the_same_page_and_their_session_is_not_read(
    site: Site, olga: Person
) -> None:
    cookie = await sync_to_async(session_cookie)(olga)
    first = await site.ask("/")
    assert await site.ask("/", cookie=cookie) == first
    assert b"Olga" not in first[1]
    assert site.django.alone == []
