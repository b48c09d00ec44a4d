# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Templates through the Graph API, and the review that follows a creation or an edit."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from aiohttp import web

from arengo_sandbox.errors import GraphError
from arengo_sandbox.graph.bodies import chosen_fields, page_of, read_json
from arengo_sandbox.template_rules import CATEGORIES, checked_components, checked_ttl, template_from
from arengo_sandbox.templates import EDITABLE, TEMPLATES_LIMIT, Template
from arengo_sandbox.webhook_shapes import Event
from arengo_sandbox.world import World

LISTED_FIELDS = (
    "name",
    "parameter_format",
    "components",
    "language",
    "status",
    "category",
    "rejected_reason",
    "message_send_ttl_seconds",
    "id",
)
REJECTION = {
    "reason": "The sandbox was told to reject new templates.",
    "recommendation": "Set templates.outcome to APPROVED in the sandbox's conditions.",
}
_reviews: set[asyncio.Task[None]] = set()


async def listed(world: World, request: web.Request) -> dict[str, Any]:
    query = request.query
    found = [
        template
        for template in world.templates.all()
        if query.get("name", template.name) == template.name
        and query.get("name_or_content", "").lower() in (template.name + str(template.components)).lower()
        and query.get("language", template.language) == template.language
        and query.get("status", template.status).upper() == template.status
        and query.get("category", template.category).upper() == template.category
    ]
    page, paging = page_of(request, found)
    data = [chosen_fields(request, template.shown(), LISTED_FIELDS) for template in page]
    answer: dict[str, Any] = {"data": data}
    if paging:
        answer["paging"] = paging
    if "summary" in query:
        answer["summary"] = {
            "total_count": len(found),
            "message_template_count": len(world.templates.all()),
            "message_template_limit": TEMPLATES_LIMIT,
            "are_translations_complete": True,
        }
    return answer


async def create(world: World, request: web.Request) -> dict[str, Any]:
    template = template_from(await read_json(request))
    world.templates.create(template)
    start_review(world, template)
    return {"id": template.id, "status": template.status, "category": template.category}


async def node(world: World, template: Template, request: web.Request) -> dict[str, Any]:
    if request.method == "GET":
        return chosen_fields(request, template.shown(), LISTED_FIELDS)
    if request.method != "POST":
        raise GraphError(100, "Unsupported request on a template node.", subcode=33)
    wanted = await read_json(request)
    if template.status not in EDITABLE:
        raise GraphError(100, f"A template that is {template.status} cannot be edited.", subcode=2388025)
    if "category" in wanted:
        category = str(wanted["category"]).upper()
        if category not in CATEGORIES:
            raise GraphError(100, f"Param category must be one of {{{', '.join(CATEGORIES)}}}.")
        if template.status == "APPROVED" and category != template.category:
            raise GraphError(100, "The category of an approved template cannot be changed.")
        template.category = category
    if "parameter_format" in wanted:
        template.parameter_format = str(wanted["parameter_format"]).upper()
    if "components" in wanted:
        template.components = checked_components(wanted["components"], template.parameter_format)
    if wanted.get("message_send_ttl_seconds") is not None:
        template.message_send_ttl_seconds = checked_ttl(wanted["message_send_ttl_seconds"], template.category)
    template.status = "PENDING"
    world.templates.keep(template)
    start_review(world, template)
    return {"success": True}


async def delete(world: World, request: web.Request) -> dict[str, Any]:
    wanted = await read_json(request)
    name = wanted.get("name")
    if not isinstance(name, str) or not name:
        raise GraphError(100, "The parameter name is required.")
    template_id = wanted.get("hsm_id")
    world.templates.delete(name, str(template_id) if template_id is not None else None)
    return {"success": True}


def start_review(world: World, template: Template) -> None:
    task = asyncio.create_task(_review(world, template))
    _reviews.add(task)
    task.add_done_callback(_reviews.discard)


async def _review(world: World, template: Template) -> None:
    rules = world.conditions.templates
    if rules.outcome == "PENDING":
        return
    await asyncio.sleep(rules.after_ms / 1000)
    if template.status == "PENDING" and world.templates.by_id(template.id) is template:
        decide(world, template, rules.outcome, rules.reason if rules.outcome == "REJECTED" else "NONE")


def decide(world: World, template: Template, status: str, reason: str = "NONE") -> None:
    """A template's new status, told as Meta tells it."""
    template.status, template.rejected_reason = status, reason
    world.templates.keep(template)
    value: dict[str, Any] = {
        "event": status,
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "reason": reason,
        "message_template_category": template.category,
    }
    if status == "REJECTED":
        value["rejection_info"] = REJECTION
    if status == "PAUSED":
        value["other_info"] = {
            "title": "FIRST_PAUSE",
            "description": "The template was paused for low quality.",
        }
    if status == "DISABLED":
        value["disable_info"] = {"disable_date": int(time.time())}
    world.webhooks.emit(Event("message_template_status_update", None, None, value))


def recategorise(world: World, template: Template, category: str) -> None:
    """Meta files a template under another category, and tells so; its status stays."""
    previous, template.category = template.category, category
    world.templates.keep(template)
    value = {
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "previous_category": previous,
        "new_category": category,
    }
    world.webhooks.emit(Event("template_category_update", None, None, value))
