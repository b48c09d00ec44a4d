# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files are fetched from where the token may go, checked, and never larger than allowed."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import msgspec
import pytest
from aiohttp import web

from arengo.platforms.contract import Refusal, Remedy
from arengo.platforms.whatsapp import media
from tests.factories.platforms import credentials
from tests.platforms.servers import WHATSAPP, Answer, answering, server

FILE = b"%PDF-1.7 modulo" * 5000


def holding(**described: Any) -> Answer:
    """A server that has one file, described in Meta's way with ``described`` on top."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/file":
            return web.Response(body=FILE, content_type="application/octet-stream")
        about = {"url": f"http://{request.host}/file", "mime_type": "application/pdf", "id": "7", **described}
        return await answering(about)(request)

    return answer


async def fetch(answer: Answer, limit: int = 1_000_000, **changes: Any) -> tuple[bytes, str]:
    async with server(answer) as (http, account):
        account = msgspec.structs.replace(account, **changes)
        return await WHATSAPP.download(http, account, "7", limit=limit)


@pytest.mark.parametrize(
    "digest", [hashlib.sha256(FILE).hexdigest(), base64.b64encode(hashlib.sha256(FILE).digest()).decode(), ""]
)
async def test_a_file_is_fetched_in_two_steps_and_checked(digest: str) -> None:
    assert await fetch(holding(sha256=digest)) == (FILE, "application/pdf")


async def test_a_damaged_file_is_not_kept() -> None:
    with pytest.raises(Refusal) as refused:
        await fetch(holding(sha256=hashlib.sha256(b"other").hexdigest()))
    assert refused.value.remedy is Remedy.RETRY


async def test_a_file_over_the_limit_is_refused_for_good_whatever_it_claims() -> None:
    async def streaming(request: web.Request) -> web.StreamResponse:
        if request.path != "/file":
            return await holding(file_size=1)(request)
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1000):
            await response.write(b"x" * 1000)
        return response

    for answer in (holding(), holding(file_size=len(FILE)), holding(file_size="75000"), streaming):
        with pytest.raises(Refusal) as refused:
            await fetch(answer, limit=len(FILE) - 1)
        assert refused.value.remedy is Remedy.NEVER


async def test_an_address_that_has_expired_is_asked_for_once_more() -> None:
    asked = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal asked
        if request.path == "/file" and asked == 1:
            raise web.HTTPNotFound
        asked += request.path != "/file"
        return await holding()(request)

    assert (await fetch(answer))[0] == FILE
    assert asked == 2


async def test_a_file_that_is_gone_is_gone() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/file":
            raise web.HTTPNotFound
        return await holding()(request)

    with pytest.raises(Refusal) as refused:
        await fetch(answer)
    assert refused.value.remedy is Remedy.NEVER


async def test_a_file_that_points_elsewhere_takes_no_token_there() -> None:
    visitors: list[str] = []

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        visitors.append(request.headers.get("Authorization", ""))
        return web.Response(body=FILE)

    async with server(elsewhere) as (_, other):
        with pytest.raises(Refusal) as refused:
            await fetch(holding(url=f"{other.base_url}/file"))
        assert refused.value.remedy is Remedy.NEVER

        async def redirecting(request: web.Request) -> web.StreamResponse:
            if request.path == "/file":
                raise web.HTTPFound(f"{other.base_url}/file")
            return await holding()(request)

        with pytest.raises(Refusal):
            await fetch(redirecting)
    assert visitors == []


META = credentials("https://graph.facebook.com")
PROVIDER = credentials("https://waba.provider.example/api")


@pytest.mark.parametrize(
    "address",
    [
        "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=133",
        "https://lookaside.fbsbx.com:443/x",
        "https://scontent.xx.fbcdn.net/v/x",
        "https://mmg.whatsapp.net/x",
        "https://graph.facebook.com/v24.0/x",
    ],
)
def test_metas_own_hosts_get_the_token(address: str) -> None:
    assert media.trusted(META, address) == address


@pytest.mark.parametrize(
    "address",
    [
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com:8443/x",
        "https://lookaside.fbsbx.com.evil.example/x",
        "https://evil.example/lookaside.fbsbx.com",
        "https://fbcdn.net.evil.example/x",
        "https://xfbcdn.net/x",
        "https://user@lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com@evil.example/x",
        "https://169.254.169.254/latest",
        "http://graph.facebook.com/x",
        "file:///etc/passwd",
        "//lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com:porta/x",
        "",
    ],
)
def test_no_other_host_gets_the_token(address: str) -> None:
    for account in (META, PROVIDER):
        with pytest.raises(Refusal):
            media.trusted(account, address)


def test_a_provider_serves_metas_files_under_its_own_host() -> None:
    address = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=133&ext=1"
    assert (
        media.trusted(PROVIDER, address)
        == "https://waba.provider.example/whatsapp_business/attachments/?mid=133&ext=1"
    )


async def test_an_id_is_one_segment_of_the_address() -> None:
    paths: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        paths.append(request.raw_path)
        return await holding()(request)

    async with server(answer) as (http, account):
        await WHATSAPP.download(http, account, "../me?fields=x", limit=1_000_000)
    assert paths[0] == "/v24.0/..%2Fme%3Ffields=x"
