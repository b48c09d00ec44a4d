# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Public pages are rendered once however many ask, from the key alone, and are dropped by what changes."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import override_settings

from arengo.core.models import Organization
from tests.config.public_site import Site, _steady, listening, published, site, towns
from tests.factories.core import STRANGER_HOST

__all__ = ["_steady", "site", "towns"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


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
