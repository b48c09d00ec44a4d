# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`POST /{phone number id}/thread_control`: who has a conversation, where a number has two responders."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from arengo_sandbox.account import BusinessNumber
from arengo_sandbox.errors import GraphError
from arengo_sandbox.graph.bodies import read_json
from arengo_sandbox.world import World

LONGEST = 2000  # Meta: characters of metadata


async def control(world: World, number: BusinessNumber, request: web.Request) -> dict[str, Any]:
    wanted = await read_json(request)
    action = wanted.get("action")
    if wanted.get("messaging_product") != "whatsapp" or action not in ("take", "pass", "release"):
        raise GraphError(100, "Param action must be one of {pass, release, take}.")
    if len(str(wanted.get("metadata", ""))) > LONGEST:
        raise GraphError(100, "Param metadata is too long.")
    to, recipient = wanted.get("to"), wanted.get("recipient")
    person = world.people.by_phone(str(to)) if to else world.people.by_user_id(str(recipient or ""))
    if person is None:
        raise GraphError(100, "The parameter to or recipient must name a person.")
    if action == "take" and not world.responder.take(number, person):
        raise GraphError(2494191, "Only the escalation partner may take control of a thread.")
    if action in ("pass", "release"):
        world.responder.give(number, person)
    return {"success": True}
