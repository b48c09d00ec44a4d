# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Public pages have a date, and who asks with it gets no body as long as nothing changed."""

from __future__ import annotations

import asyncio
import time

import pytest
from asgiref.sync import sync_to_async
from django.utils.http import http_date, parse_http_date

from arengo.channel import board
from arengo.channel.models import Post
from arengo.config.serving import limits
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from tests.config.public_site import Site, _steady, published, site, towns
from tests.support.waiting import NEVER

__all__ = ["_steady", "site", "towns"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@sync_to_async
def withdrawn(organization: Organization, post: Post, by: Person) -> None:
    with organization_scope(organization):
        board.withdraw(post, by)


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
