# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Talking to a server that answers badly, slowly or not at all: what is certain afterwards."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web

from arengo.platforms.contract import Accepted, Refusal, Remedy, Text
from arengo.platforms.departing import Departure, departure
from arengo.platforms.whatsapp import client
from tests.factories.platforms import credentials
from tests.platforms.servers import ANNA, WHATSAPP, Answer, answering, raw_server, saying, server


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


@pytest.mark.parametrize(("status", "certain"), [(400, True), (500, False)])
async def test_a_refusal_in_metas_envelope_is_certain_unless_the_server_failed(
    status: int, certain: bool
) -> None:
    error = {"message": "(#131026) Undeliverable", "code": 131026, "error_data": {"details": "No."}}
    found = await refusal(answering({"error": error}, status))
    assert (found.remedy, found.code, found.details, found.certain) == (Remedy.NEVER, 131026, "No.", certain)


async def test_our_own_sessions_know_what_never_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure before the first byte, whatever it is, is certain; the same after it is not."""

    async def before(*_args: object, **_more: object) -> None:
        raise OSError("no buffer space")

    async with raw_server(saying(b"{}", status=500)) as (http, account):
        watched: Departure
        departure.set(watched := Departure())
        with pytest.raises(Refusal) as refused:
            await WHATSAPP.send(http, account, ANNA, Text("ciao"), "")
        assert (refused.value.certain, watched.begun) == (False, True)
        departure.set(watched := Departure())
        monkeypatch.setattr(aiohttp.TCPConnector, "connect", before)
        with pytest.raises(Refusal) as refused:
            await WHATSAPP.send(http, account, ANNA, Text("ciao"), "")
        assert (refused.value.certain, watched.begun) == (True, False)


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
    patient(monkeypatch, sock_read=0.2)  # counted from when the request is out
    over = asyncio.Event()

    async def answer(_request: web.Request) -> web.StreamResponse:
        await over.wait()
        return web.Response()

    try:
        found = await refusal(answer)
    finally:
        over.set()
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
        tls = credentials(account.base_url.replace("http:", "https:"))
        with pytest.raises(Refusal) as refused:
            await WHATSAPP.send(http, tls, ANNA, Text("ciao"), "")
    assert refused.value.certain


async def test_waiting_in_vain_for_a_free_connection_means_that_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arrived, refused_one = asyncio.Event(), asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        arrived.set()
        await refused_one.wait()
        return await answering(TAKEN)(request)

    patient(monkeypatch, connect=1)
    async with (
        server(answer) as (_, account),
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as http,
    ):
        first = asyncio.create_task(WHATSAPP.send(http, account, ANNA, Text("uno"), ""))
        await arrived.wait()
        with pytest.raises(Refusal) as refused:
            await WHATSAPP.send(http, account, ANNA, Text("due"), "")
        refused_one.set()
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
