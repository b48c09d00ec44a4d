# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is sent of a page that is kept: the same bytes, headers and sizes as Django's own answer."""

from __future__ import annotations

import gzip

import pytest
from django.core.files.base import ContentFile

from arengo.core.models import Organization
from tests.config.public_site import Site, _steady, published, site
from tests.factories.pictures import market_square

__all__ = ["_steady", "site"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


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


async def test_tags_on_several_lines_are_one_list(site: Site) -> None:
    tag = (await site.ask("/canale/"))[2]["etag"].encode()
    for tags in ((tag, b'"other"'), (b'"other"', tag), (b'"a", "b"', tag)):
        assert (await site.ask("/canale/", more=tuple((b"if-none-match", each) for each in tags)))[0] == 304


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
    noise = ContentFile(market_square((1200, 1200)), name="x.jpg")
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
