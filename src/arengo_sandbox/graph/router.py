# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every path under `/v24.0/`: the token, the object named in the path, the edge on it."""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from arengo_sandbox.account import BusinessNumber
from arengo_sandbox.errors import GraphError
from arengo_sandbox.graph import (
    blocks,
    business,
    media,
    messages,
    qr,
    subscriptions,
    templates,
    threads,
    uploads,
)
from arengo_sandbox.world import World

OLDEST_VERSION = 20
VERSION = re.compile(r"v(\d{1,3})(\.\d)?")

Answer = web.StreamResponse | dict[str, Any]
NumberEdge = Callable[[World, BusinessNumber, web.Request], Awaitable[Answer]]
AccountEdge = Callable[[World, web.Request], Awaitable[Answer]]

NUMBER_EDGES: dict[tuple[str, str], NumberEdge] = {
    ("POST", "messages"): messages.send,
    ("POST", "marketing_messages"): messages.send,
    ("POST", "media"): media.upload,
    ("POST", "thread_control"): threads.control,
    ("GET", "block_users"): blocks.listed,
    ("POST", "block_users"): blocks.block,
    ("DELETE", "block_users"): blocks.unblock,
    ("GET", "message_qrdls"): qr.listed,
    ("POST", "message_qrdls"): qr.create_or_update,
    ("GET", ""): business.number_node,
    ("POST", ""): subscriptions.override_number,
    ("POST", "register"): business.register,
    ("POST", "deregister"): business.deregister,
    ("GET", "whatsapp_business_profile"): business.profile,
    ("POST", "whatsapp_business_profile"): business.update_profile,
}
ACCOUNT_EDGES: dict[tuple[str, str], AccountEdge] = {
    ("GET", ""): business.account_node,
    ("GET", "phone_numbers"): business.phone_numbers,
    ("GET", "message_templates"): templates.listed,
    ("POST", "message_templates"): templates.create,
    ("DELETE", "message_templates"): templates.delete,
    ("GET", "subscribed_apps"): subscriptions.listed,
    ("POST", "subscribed_apps"): subscriptions.subscribe,
    ("DELETE", "subscribed_apps"): subscriptions.unsubscribe,
}


def graph_handler(world: World) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The one handler of the Graph API; refusals become Meta's envelope."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            if world.conditions.latency_ms:
                await asyncio.sleep(world.conditions.latency_ms / 1000)
            answer = await _route(world, request)
        except GraphError as refusal:
            return json_answer(refusal.envelope(), refusal.http)
        except web.HTTPRequestEntityTooLarge:
            too_large = GraphError(131053, "The file is larger than any message may carry.")
            return json_answer(too_large.envelope(), too_large.http)
        except ConnectionResetError:
            # The client is gone, in the middle of its own request: there is nobody to answer, and nothing was done.
            return web.Response(status=400)
        return answer if isinstance(answer, web.StreamResponse) else json_answer(answer)

    return handle


def json_answer(body: Any, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(body), status=status, content_type="application/json")


async def _route(world: World, request: web.Request) -> Answer:
    version, name, *rest = [*request.path.strip("/").split("/")[:4], ""]
    matched = VERSION.fullmatch(version)
    if matched is None or int(matched[1]) < OLDEST_VERSION:
        raise GraphError(2635, f"You are calling a deprecated version of the API: {version}.", http=400)
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    # The Resumable Upload API says "OAuth" where everything else says "Bearer".
    token = given if scheme.lower() in ("bearer", "oauth") else request.query.get("access_token", "")
    if not token:
        raise GraphError(
            190, "An access token is required to request this resource.", title="An access token is required"
        )
    if not hmac.compare_digest(token.encode(), world.account.access_token.encode()):
        raise GraphError(
            190, "Invalid OAuth access token - Cannot parse access token", title="Invalid OAuth access token"
        )
    edge = rest[0] if rest else ""
    sub = rest[1] if len(rest) > 1 else ""
    number = world.account.number(name)
    if number is not None:
        if edge == "message_qrdls" and sub:
            return await qr.one(world, number, request, sub)
        number_edge = NUMBER_EDGES.get((request.method, edge))
        if number_edge is not None:
            return await number_edge(world, number, request)
    elif name == world.account.waba_id:
        account_edge = ACCOUNT_EDGES.get((request.method, edge))
        if account_edge is not None:
            return await account_edge(world, request)
    elif name in (world.account.app_id, "app") and edge == "uploads":
        return await uploads.start(world, request)
    elif name.startswith("upload:"):
        return await uploads.proceed(world, request, name)
    elif not edge:
        found = await _node(world, request, name)
        if found is not None:
            return found
    raise _unknown(request, name)


async def _node(world: World, request: web.Request, name: str) -> Answer | None:
    """A media or a template by its id."""
    if (stored := world.media.get(name)) is not None:
        return await media.node(world, stored, request)
    if (template := world.templates.by_id(name)) is not None:
        return await templates.node(world, template, request)
    return None


def _unknown(request: web.Request, name: str) -> GraphError:
    # Whatever stood in the path is not repeated when it may be a person's number.
    shown = name if name.isdigit() and len(name) >= 15 else "given"
    return GraphError(
        100,
        f"Unsupported {request.method.lower()} request. Object with ID '{shown}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation.",
        subcode=33,
    )
