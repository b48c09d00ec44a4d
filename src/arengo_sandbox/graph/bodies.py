# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Request bodies and paged answers, as the whole Graph API shares them."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from arengo_sandbox.errors import GraphError

T = TypeVar("T")
PAGE = 25
LARGEST_PAGE = 1000


async def read_json(request: web.Request) -> dict[str, Any]:
    """The body as an object; Graph also takes forms and query parameters, whose values may be JSON."""
    wanted: dict[str, Any] = {key: _maybe_json(value) for key, value in request.query.items()}
    wanted.pop("access_token", None)
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        wanted |= {
            key: _maybe_json(value) for key, value in (await request.post()).items() if isinstance(value, str)
        }
        return wanted
    body = await request.read()
    if not body:
        return wanted
    try:
        parsed = msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise GraphError(100, "The body is not valid JSON.") from None
    if not isinstance(parsed, dict):
        raise GraphError(100, "The body must be a JSON object.")
    return wanted | parsed


def _maybe_json(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def page_of(
    request: web.Request, items: Sequence[T], default: int = PAGE
) -> tuple[Sequence[T], dict[str, Any]]:
    """The asked-for page and its `paging`; cursors are opaque to clients."""
    limit = _whole(request, "limit", default)
    if limit < 1:
        raise GraphError(100, "Param limit must be at least 1.")
    limit = min(limit, LARGEST_PAGE)
    after, before = request.query.get("after"), request.query.get("before")
    start = 0
    if after:
        start = _position(after) + 1
    elif before:
        start = max(0, _position(before) - limit)
    page = items[start : start + limit]
    if not page:
        return page, {}
    paging: dict[str, Any] = {"cursors": {"before": _cursor(start), "after": _cursor(start + len(page) - 1)}}
    if start + len(page) < len(items):
        paging["next"] = str(
            request.url.update_query(after=paging["cursors"]["after"]).without_query_params("before")
        )
    if start > 0:
        paging["previous"] = str(
            request.url.update_query(before=paging["cursors"]["before"]).without_query_params("after")
        )
    return page, paging


def chosen_fields(request: web.Request, node: dict[str, Any], default: Sequence[str] = ()) -> dict[str, Any]:
    """The node with only the fields asked for; `id` is always there."""
    asked = [
        name.split("{")[0].strip() for name in request.query.get("fields", "").split(",") if name.strip()
    ]
    names = asked or list(default) or list(node)
    return {name: node[name] for name in dict.fromkeys([*names, "id"]) if name in node}


def _whole(request: web.Request, name: str, default: int) -> int:
    try:
        return int(request.query.get(name, default))
    except ValueError:
        raise GraphError(100, f"Param {name} must be an integer.") from None


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"cursor:{position:09d}".encode()).decode().rstrip("=")


def _position(cursor: str) -> int:
    try:
        kind, position = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(":")
        return int(position) if kind == "cursor" else int("not a cursor")
    except ValueError:
        raise GraphError(131059, "The cursor is not one that this edge gave.") from None
