# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Templates, blocks and codes: the answers of the provider, whole or in part."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from aiohttp import web

from arengo.platforms.contract import Address, Refusal, Remedy
from tests.factories.platforms import credentials
from tests.platforms.servers import ANNA, WHATSAPP, answering, server


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
