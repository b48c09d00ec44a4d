# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`/{phone number id}/block_users`: only people who wrote in the last 24 hours can be blocked."""

from __future__ import annotations

import time
from typing import Any

from aiohttp import web

from arengo_sandbox.account import BusinessNumber
from arengo_sandbox.blocks import LIST_LIMIT
from arengo_sandbox.chats import window_open
from arengo_sandbox.errors import TABLE, GraphError
from arengo_sandbox.graph.bodies import page_of, read_json
from arengo_sandbox.people import Person
from arengo_sandbox.world import World


async def listed(world: World, number: BusinessNumber, request: web.Request) -> dict[str, Any]:
    page, paging = page_of(request, world.blocks.listed(number.id))
    data = []
    for n in page:
        person = world.people.get(n)
        if person is not None:
            # `input` is not in Meta's example of this list, yet clients in the field read it.
            shown = _identity(person)
            data.append({"messaging_product": "whatsapp", "input": next(iter(shown.values())), **shown})
    return {"data": data, "paging": paging} if paging else {"data": data}


async def block(world: World, number: BusinessNumber, request: web.Request) -> web.Response | dict[str, Any]:
    added, failed = [], []
    for asked in await _asked(request):
        person = _find(world, asked)
        problem = _refusal(world, number, person)
        if person is None or problem is not None:
            failed.append(_failure(asked, problem or 131021))
            continue
        world.blocks.add(number.id, person)
        added.append({"input": asked, **_identity(person)})
    return _answer("added_users", added, failed)


async def unblock(
    world: World, number: BusinessNumber, request: web.Request
) -> web.Response | dict[str, Any]:
    removed, failed = [], []
    for asked in await _asked(request):
        person = _find(world, asked)
        if person is None or not world.blocks.remove(number.id, person):
            failed.append(_failure(asked, 131021))
            continue
        removed.append({"input": asked, **_identity(person)})
    return _answer("removed_users", removed, failed)


async def _asked(request: web.Request) -> list[str]:
    wanted = await read_json(request)
    if wanted.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required and must be 'whatsapp'.")
    users = wanted.get("block_users")
    if not isinstance(users, list) or not users:
        raise GraphError(131008, "The parameter block_users is required.")
    asked = [
        entry.get("user") or entry.get("user_id") if isinstance(entry, dict) else None for entry in users
    ]
    if not all(isinstance(user, str) for user in asked):
        raise GraphError(100, "Each entry of block_users needs its user.")
    return [str(user) for user in asked]


def _find(world: World, asked: str) -> Person | None:
    return world.people.by_user_id(asked) or world.people.by_phone(asked)


def _refusal(world: World, number: BusinessNumber, person: Person | None) -> int | None:
    if person is None:
        return 131021
    if not window_open(person, number.id, time.time()):
        return 131047
    if len(world.blocks.listed(number.id)) >= LIST_LIMIT:
        return 139101
    return None


def _identity(person: Person) -> dict[str, str]:
    return (
        {"user_id": person.user_id}
        if person.hide_number
        else {"wa_id": person.phone, "user_id": person.user_id}
    )


def _failure(asked: str, code: int) -> dict[str, Any]:
    title = TABLE[code].title
    error = {"message": title, "code": code, "error_data": {"details": title}}
    return {"input": asked, "errors": [error]}


def _answer(
    done_name: str, done: list[dict[str, Any]], failed: list[dict[str, Any]]
) -> web.Response | dict[str, Any]:
    if not failed:
        return {"messaging_product": "whatsapp", "block_users": {done_name: done}}
    refusal = GraphError(
        139100, "Failed to block/unblock some users, see the block_users response list for details."
    )
    body = {
        "messaging_product": "whatsapp",
        "block_users": {done_name: done, "failed_users": failed},
        **refusal.envelope(),
    }
    return web.json_response(body, status=refusal.http)
