# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where webhooks go: `subscribed_apps` of the account, or the override of one number."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from arengo_sandbox.account import BusinessNumber
from arengo_sandbox.errors import GraphError
from arengo_sandbox.graph.bodies import read_json
from arengo_sandbox.world import World


async def subscribe(world: World, request: web.Request) -> dict[str, Any]:
    wanted = await read_json(request)
    url, token = wanted.get("override_callback_uri"), wanted.get("verify_token")
    if url is None and token is None:
        # Without an override Meta uses the app's own address, which the sandbox has none of.
        return {"success": True}
    await _verified(world, world.account.waba_id, url, token)
    return {"success": True}


async def unsubscribe(world: World, _request: web.Request) -> dict[str, Any]:
    world.webhooks.unsubscribe(world.account.waba_id)
    return {"success": True}


async def listed(world: World, _request: web.Request) -> dict[str, Any]:
    subscription = world.webhooks.subscription(world.account.waba_id)
    if subscription is None:
        return {"data": []}
    app = {
        "name": "Arengo sandbox",
        "id": world.account.app_id,
        "link": "https://www.facebook.com/games/?app_id=0",
    }
    return {"data": [{"whatsapp_business_api_data": app, "override_callback_uri": subscription.url}]}


async def override_number(world: World, number: BusinessNumber, request: web.Request) -> dict[str, Any]:
    """`POST /{phone number id}` with `webhook_configuration`; an empty address ends the override."""
    wanted = (await read_json(request)).get("webhook_configuration")
    if not isinstance(wanted, dict):
        raise GraphError(100, "The parameter webhook_configuration is required.")
    url = wanted.get("override_callback_uri")
    if url == "":
        world.webhooks.unsubscribe(number.id)
    else:
        await _verified(world, number.id, url, wanted.get("verify_token"))
    return {"success": True}


async def _verified(world: World, scope: str, url: Any, token: Any) -> None:
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise GraphError(100, "Param override_callback_uri must be a valid address.")
    if not isinstance(token, str) or not token:
        raise GraphError(100, "The parameter verify_token is required.")
    await world.webhooks.subscribe(scope, url, token)
