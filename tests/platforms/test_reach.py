# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Talking to a server that answers badly, slowly or not at all: what is certain afterwards, and where the token went."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web

from arengo.platforms.contract import Accepted, Address, Credentials, Refusal, Remedy, Text
from arengo.platforms.whatsapp import client, media
from arengo.platforms.whatsapp.platform import WhatsApp
from tests.platforms.examples import credentials

WHATSAPP = WhatsApp()
ANNA = Address(phone="+393330000001")
FILE = b"%PDF-1.7 modulo" * 5000
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[tuple[aiohttp.ClientSession, Credentials]]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with aiohttp.ClientSession() as http:
            yield http, credentials(f"http://127.0.0.1:{port}")
    finally:
        await runner.cleanup()


def answering(body: Any, status: int = 200, **more: Any) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return web.Response(body=raw, status=status, content_type="application/json", **more)

    return answer


def patient(monkeypatch: pytest.MonkeyPatch, **seconds: float) -> None:
    defaults = {**(client.call.__kwdefaults__ or {}), "patience": aiohttp.ClientTimeout(**seconds)}
    monkeypatch.setattr(client.call, "__kwdefaults__", defaults)


async def send(answer: Answer) -> Accepted:
    async with server(answer) as (http, account):
        return await WHATSAPP.send(http, account, ANNA, Text("ciao"), "d-1")


async def refusal(answer: Answer) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await send(answer)
    return refused.value


TAKEN = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "+393330000001", "wa_id": "393330000001", "user_id": "IT.7"}],
    "messages": [{"id": "wamid.A", "message_status": "accepted"}],
}


# --- sending ----------------------------------------------------------------------------------------------


async def test_a_send_is_one_request_with_token_number_and_body() -> None:
    seen: list[tuple[str, str, str, Any]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append((request.method, request.path, request.headers["Authorization"], await request.json()))
        return await answering(TAKEN)(request)

    assert await send(answer) == Accepted("wamid.A", "IT.7")
    [(method, path, authorization, body)] = seen
    assert (method, path) == ("POST", "/v24.0/100000000000001/messages")
    assert authorization == "Bearer sandbox-access-token"
    assert (body["to"], body["biz_opaque_callback_data"]) == ("+393330000001", "d-1")


async def test_a_provider_with_another_header_and_shorter_addresses_is_only_other_values() -> None:
    seen: list[tuple[str, str]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append((request.path, request.headers["D360-API-KEY"]))
        assert "Authorization" not in request.headers
        return await answering(TAKEN)(request)

    async with server(answer) as (http, account):
        provider = msgspec.structs.replace(
            account, version="", number_id="", auth_header="D360-API-KEY", auth_prefix=""
        )
        await WHATSAPP.send(http, provider, ANNA, Text("ciao"), "")
    assert seen == [("/messages", "sandbox-access-token")]


@pytest.mark.parametrize(
    ("word", "held"),
    [("accepted", False), ("held_for_quality_assessment", True), ("paused", True), (None, False)],
)
async def test_a_message_that_is_held_back_says_so(word: str | None, held: bool) -> None:
    taken = await send(answering({"messages": [{"id": "wamid.A", "message_status": word}]}))
    assert taken == Accepted("wamid.A", None, held)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{}", b"[]", b'{"messages":[]}', b'{"messages":[{}]}', b'{"messages":"x"}', b"\xff"],
)
async def test_a_success_that_cannot_be_read_leaves_it_open_whether_the_message_went(body: bytes) -> None:
    found = await refusal(answering(body))
    assert (found.remedy, found.certain) == (Remedy.RETRY, False)


@pytest.mark.parametrize(
    ("status", "body", "certain"),
    [(500, b"oops", False), (503, b"", False), (502, b"{}", False), (429, b"", True)],
)
async def test_a_broken_gateway_leaves_it_open_too(status: int, body: bytes, certain: bool) -> None:
    found = await refusal(answering(body, status))
    assert (found.remedy, found.certain) == (Remedy.RETRY, certain)


async def test_a_refusal_in_metas_envelope_is_certain() -> None:
    error = {"message": "(#131026) Undeliverable", "code": 131026, "error_data": {"details": "No."}}
    found = await refusal(answering({"error": error}, 500))
    assert (found.remedy, found.code, found.details, found.certain) == (Remedy.NEVER, 131026, "No.", True)


async def test_a_server_that_hangs_up_after_the_request_leaves_it_open() -> None:
    requests = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal requests
        requests += 1
        await request.read()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    found = await refusal(answer)
    assert (found.remedy, found.certain, found.code) == (Remedy.RETRY, False, 0)
    assert requests == 1, "a send was tried again where nobody could know"


async def test_a_server_that_hangs_up_in_the_middle_of_its_answer_leaves_it_open() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"messages":')
        assert request.transport is not None
        request.transport.close()
        return response

    assert not (await refusal(answer)).certain


async def test_a_server_that_never_answers_leaves_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    patient(monkeypatch, total=0.2)

    async def answer(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(1)
        return web.Response()

    found = await refusal(answer)
    assert (found.remedy, found.certain) == (Remedy.RETRY, False)


async def test_nobody_listening_means_that_nothing_was_sent() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{probe.getsockname()[1]}"
    for base_url in (closed, "http://nessuno.invalid"):
        async with aiohttp.ClientSession() as http:
            with pytest.raises(Refusal) as refused:
                await WHATSAPP.send(http, credentials(base_url), ANNA, Text("ciao"), "")
        assert (refused.value.remedy, refused.value.certain) == (Remedy.RETRY, True)


async def test_a_server_without_tls_where_tls_is_asked_gets_nothing() -> None:
    async with server(answering(TAKEN)) as (http, account):
        tls = msgspec.structs.replace(account, base_url=account.base_url.replace("http:", "https:"))
        with pytest.raises(Refusal) as refused:
            await WHATSAPP.send(http, tls, ANNA, Text("ciao"), "")
    assert refused.value.certain


async def test_waiting_in_vain_for_a_free_connection_means_that_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arrived = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        arrived.set()
        await asyncio.sleep(0.6)
        return await answering(TAKEN)(request)

    patient(monkeypatch, total=5, connect=0.2)
    async with (
        server(answer) as (_, account),
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as http,
    ):
        first = asyncio.create_task(WHATSAPP.send(http, account, ANNA, Text("uno"), ""))
        await arrived.wait()
        with pytest.raises(Refusal) as refused:
            await WHATSAPP.send(http, account, ANNA, Text("due"), "")
        assert refused.value.certain
        assert (await first).message_id == "wamid.A"


async def test_an_address_that_is_none_stops_the_sender() -> None:
    for base_url in ("", "graph.facebook.com", "ftp://graph.facebook.com", "http://[::1"):
        async with aiohttp.ClientSession() as http:
            with pytest.raises(Refusal) as refused:
                await WHATSAPP.send(http, credentials(base_url), ANNA, Text("ciao"), "")
        assert (refused.value.remedy, refused.value.certain) == (Remedy.STOP_SENDER, True), base_url


async def test_a_redirect_is_not_followed() -> None:
    paths: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        paths.append(request.path)
        raise web.HTTPTemporaryRedirect("/elsewhere")

    found = await refusal(answer)
    assert (found.remedy, len(paths)) == (Remedy.STOP_SENDER, 1)


async def test_half_an_emoji_is_refused_without_a_request() -> None:
    async with aiohttp.ClientSession() as http:
        with pytest.raises(Refusal) as refused:
            await WHATSAPP.send(http, credentials(), ANNA, Text("\ud83d"), "")
    assert (refused.value.remedy, refused.value.certain) == (Remedy.NEVER, True)


async def test_nothing_personal_is_in_what_is_raised() -> None:
    for answer in (
        answering(b"+39 333 000 0001 sandbox-access-token", 500),
        answering({"error": {"code": 190, "message": "Malformed access token sandbox-access-token"}}, 401),
    ):
        found = await refusal(answer)
        for text in (str(found), repr(found), found.title, found.details):
            assert "333" not in text
            assert "sandbox-access-token" not in text


# --- files ------------------------------------------------------------------------------------------------


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


# --- templates and blocks ---------------------------------------------------------------------------------


async def test_every_page_of_templates_is_read_by_cursor() -> None:
    queries: list[dict[str, str]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        queries.append(dict(request.query))
        number = len(queries)
        listed = {
            "id": str(number),
            "name": f"t{number}",
            "language": "it",
            "status": "APPROVED",
            "category": "UTILITY",
        }
        paging: dict[str, Any] = {"cursors": {"after": f"c{number}"}}
        if number < 3:
            # The address that Meta gives holds the token and must not be used.
            paging["next"] = "https://evil.example/?access_token=x"
        return await answering({"data": [listed], "paging": paging})(request)

    async with server(answer) as (http, account):
        found = await WHATSAPP.templates(http, account)
    assert [each.name for each in found] == ["t1", "t2", "t3"]
    assert [query.get("after") for query in queries] == [None, "c1", "c2"]
    assert found[0].components == []


async def test_a_list_of_templates_that_never_ends_is_left() -> None:
    listed = {"id": "1", "name": "t", "language": "it", "status": "APPROVED"}
    async with server(answering({"data": [listed], "paging": {"cursors": {"after": "c"}, "next": "x"}})) as (
        http,
        account,
    ):
        assert len(await WHATSAPP.templates(http, account)) == 100


FAILED = {
    "messaging_product": "whatsapp",
    "block_users": {
        "added_users": [],
        "failed_users": [
            {"input": "+393330000001", "errors": [{"code": 131047, "message": "Re-engagement"}]}
        ],
    },
    "error": {"message": "(#139100) Failed to block/unblock users", "code": 139100},
}


@pytest.mark.parametrize("status", [200, 400])
async def test_a_block_that_fails_for_the_one_person_is_a_refusal_in_words_of_blocking(status: int) -> None:
    async with server(answering(FAILED, status)) as (http, account):
        with pytest.raises(Refusal) as refused:
            await WHATSAPP.block(http, account, ANNA)
    found = refused.value
    assert (found.remedy, found.code, found.title) == (Remedy.NEVER, 139100, "Re-engagement")


async def test_a_block_refused_as_a_whole_keeps_its_own_code() -> None:
    async with server(answering({"error": {"message": "busy", "code": 139102}}, 400)) as (http, account):
        with pytest.raises(Refusal) as refused:
            await WHATSAPP.unblock(http, account, ANNA)
    assert (refused.value.remedy, refused.value.code) == (Remedy.RETRY, 139102)


async def test_a_person_without_a_phone_number_is_blocked_by_user_id() -> None:
    seen: list[Any] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append((request.method, await request.json()))
        return await answering({"messaging_product": "whatsapp", "block_users": {"added_users": [{}]}})(
            request
        )

    async with server(answer) as (http, account):
        await WHATSAPP.block(http, account, Address(user_id="IT.7"))
        await WHATSAPP.unblock(http, account, ANNA)
    assert [(method, body["block_users"]) for method, body in seen] == [
        ("POST", [{"user_id": "IT.7"}]),
        ("DELETE", [{"user": "+393330000001"}]),
    ]


async def test_a_ready_made_message_has_a_limit() -> None:
    async with aiohttp.ClientSession() as http:
        for wrong in ("", "a" * 141):
            with pytest.raises(Refusal):
                await WHATSAPP.create_code(http, credentials(), wrong)
