# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Resumable Upload API, which gives the handles that a template's media header takes as its example."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

from aiohttp import web

from arengo_sandbox.errors import GraphError
from arengo_sandbox.media import LARGEST
from arengo_sandbox.world import World

TYPES = ("image/jpeg", "image/jpg", "image/png", "video/mp4", "application/pdf")


async def start(world: World, request: web.Request) -> dict[str, Any]:
    if request.query.get("file_type") not in TYPES:
        raise GraphError(100, f"Param file_type must be one of {{{', '.join(TYPES)}}}.")
    length = request.query.get("file_length", "")
    if not length.isdigit() or not 0 < int(length) <= LARGEST:
        raise GraphError(100, "Param file_length must be the length of the file in bytes.")
    session = f"upload:{secrets.token_urlsafe(24)}"
    world.uploads.lengths[session] = int(length)
    world.uploads.received[session] = bytearray()
    return {"id": session}


async def proceed(world: World, request: web.Request, session: str) -> dict[str, Any]:
    if session not in world.uploads.lengths:
        raise GraphError(100, "The upload session does not exist.", subcode=33)
    received = world.uploads.received[session]
    if request.method == "GET":
        return {"id": session, "file_offset": len(received)}
    offset = request.headers.get("file_offset", "0")
    if not offset.isdigit() or int(offset) > len(received):
        raise GraphError(100, "The header file_offset must be the number of bytes received so far.")
    del received[int(offset) :]
    received += await request.read()
    if len(received) < world.uploads.lengths[session]:
        return {"id": session, "file_offset": len(received)}
    digest = base64.urlsafe_b64encode(hashlib.sha256(received).digest()).decode()
    del world.uploads.lengths[session], world.uploads.received[session]
    return {"h": f"4::{digest}"}
