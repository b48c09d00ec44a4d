# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes wrong with files: at the upload, at the media's node, at the download. Set by ``conditions.media_errors``."""

from __future__ import annotations

import asyncio
import random

from aiohttp import web

from arengo_sandbox.conditions import MediaFault, MediaStep
from arengo_sandbox.errors import GraphError
from arengo_sandbox.media import LARGEST
from arengo_sandbox.world import World

OVERSIZE = LARGEST + 1024 * 1024  # bytes that a node tells of a file that is too large for anybody
_PIECES = 50  # of a slow download


def met(world: World, step: MediaStep) -> MediaFault | None:
    """The fault that this request meets, if any. Shares of one step add up; they are drawn once."""
    drawn = random.random()  # noqa: S311 - chance, not secrecy
    for fault in world.conditions.media_errors:
        if fault.at not in ("any", step):
            continue
        if drawn < fault.rate:
            return fault
        drawn -= fault.rate
    return None


async def broken(fault: MediaFault | None, request: web.Request, *, graph: bool) -> web.StreamResponse | None:
    """The answer in the place of the right one; None where the fault is about the content. ``graph``: in Meta's envelope."""
    if fault is None:
        return None
    if fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
    if fault.kind in ("hang", "reset"):
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)
    if fault.code is not None and graph:
        raise GraphError(
            fault.code,
            fault.details or "As the sandbox's conditions say.",
            http=fault.http,
            subcode=33 if fault.code == 100 else None,
        )
    if fault.http is not None:
        return web.Response(
            status=fault.http, text="<html><body>Sorry.</body></html>", content_type="text/html"
        )
    return None


async def trickle(
    request: web.Request, content: bytes, headers: dict[str, str], seconds: float
) -> web.StreamResponse:
    """The whole file, over so many seconds."""
    response = web.StreamResponse(headers={**headers, "Content-Length": str(len(content))})
    await response.prepare(request)
    size = max(1, -(-len(content) // _PIECES))
    for start in range(0, len(content), size):
        await response.write(content[start : start + size])
        await asyncio.sleep(seconds / _PIECES)
    await response.write_eof()
    return response
