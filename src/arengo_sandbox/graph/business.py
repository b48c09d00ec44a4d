# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nodes that describe the business: its numbers, its account, its public profile, registration."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from arengo_sandbox.account import BusinessNumber
from arengo_sandbox.errors import GraphError
from arengo_sandbox.graph.bodies import chosen_fields, page_of, read_json
from arengo_sandbox.webhook_shapes import Event
from arengo_sandbox.world import World

HIGH_THROUGHPUT = 1000
TIERS = {250: "TIER_250", 2000: "TIER_2K", 10_000: "TIER_10K", 100_000: "TIER_100K"}
NUMBER_FIELDS = (
    "verified_name",
    "display_phone_number",
    "quality_rating",
    "code_verification_status",
    "platform_type",
    "throughput",
    "id",
)


async def number_node(world: World, number: BusinessNumber, request: web.Request) -> dict[str, Any]:
    return chosen_fields(request, _number(world, number), NUMBER_FIELDS)


async def phone_numbers(world: World, request: web.Request) -> dict[str, Any]:
    page, paging = page_of(request, world.account.numbers)
    data = [chosen_fields(request, _number(world, number), NUMBER_FIELDS) for number in page]
    return {"data": data, "paging": paging}


async def account_node(world: World, request: web.Request) -> dict[str, Any]:
    account = world.account
    node = {
        "id": account.waba_id,
        "name": f"{account.numbers[0].verified_name} (sandbox)",
        "timezone_id": "71",
        "message_template_namespace": "5a4d8b00_0000_4000_8000_a9e460000001",
        "currency": "EUR",
        "account_review_status": "APPROVED",
        "business_verification_status": "verified",
        "country": "IT",
        "ownership_type": "SELF",
        "health_status": _health(world, [("WABA", account.waba_id)]),
        "whatsapp_business_manager_messaging_limit": _tier(world),
    }
    return chosen_fields(request, node, ("id", "name", "timezone_id", "message_template_namespace"))


async def register(world: World, number: BusinessNumber, request: web.Request) -> dict[str, Any]:
    wanted = await read_json(request)
    pin = str(wanted.get("pin", ""))
    if wanted.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required and must be 'whatsapp'.")
    if not (pin.isdigit() and len(pin) == 6):
        raise GraphError(100, "Param pin must be 6 characters long.")
    world.profiles.register(number.id, registered=True)
    return {"success": True}


async def deregister(world: World, number: BusinessNumber, _request: web.Request) -> dict[str, Any]:
    world.profiles.register(number.id, registered=False)
    return {"success": True}


async def profile(world: World, number: BusinessNumber, request: web.Request) -> dict[str, Any]:
    shown = world.profiles.of(number.id).shown()
    asked = [name.strip() for name in request.query.get("fields", "").split(",") if name.strip()]
    if asked:
        shown = {name: value for name, value in shown.items() if name in asked or name == "messaging_product"}
    return {"data": [shown]}


async def update_profile(world: World, number: BusinessNumber, request: web.Request) -> dict[str, Any]:
    wanted = await read_json(request)
    if wanted.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required and must be 'whatsapp'.")
    world.profiles.update(number.id, wanted)
    return {"success": True}


def _number(world: World, number: BusinessNumber) -> dict[str, Any]:
    registered = world.profiles.of(number.id).registered
    override = world.webhooks.subscription(number.id)
    whole = world.webhooks.subscription(world.account.waba_id)
    configured = {
        name: subscription.url
        for name, subscription in (("phone_number", override), ("whatsapp_business_account", whole))
        if subscription is not None
    }
    return {
        "id": number.id,
        "verified_name": number.verified_name,
        "display_phone_number": number.display,
        "quality_rating": world.conditions.quality,
        "quality_score": {"score": world.conditions.quality},
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "new_name_status": "NONE",
        "status": "CONNECTED" if registered else "DISCONNECTED",
        "platform_type": "CLOUD_API",
        "account_mode": "SANDBOX",
        "is_official_business_account": False,
        "throughput": {"level": "HIGH" if world.mps >= HIGH_THROUGHPUT else "STANDARD"},
        "health_status": _health(world, [("PHONE_NUMBER", number.id), ("WABA", world.account.waba_id)]),
        "whatsapp_business_manager_messaging_limit": _tier(world),
        "webhook_configuration": configured,
    }


def _health(world: World, entities: list[tuple[str, str]]) -> dict[str, Any]:
    whole = [*entities, ("BUSINESS", world.account.business_id), ("APP", world.account.app_id)]
    return {
        "can_send_message": "AVAILABLE",
        "entities": [
            {"entity_type": kind, "id": identifier, "can_send_message": "AVAILABLE"}
            for kind, identifier in whole
        ],
    }


def announce_limit(world: World) -> None:
    """Meta moved the account to another step of its limit of people a day."""
    tier = world.conditions.tier
    value = {
        "max_daily_conversations_per_business": "TIER_UNLIMITED" if tier is None else tier,
        "max_phone_numbers_per_waba": 25,
    }
    world.webhooks.emit(Event("business_capability_update", None, None, value))


def _tier(world: World) -> str:
    tier = world.conditions.tier
    return "TIER_UNLIMITED" if tier is None else TIERS.get(tier, f"TIER_{tier}")
