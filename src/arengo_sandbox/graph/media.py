# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Media: upload, the node with its five-minute address, the download, deletion."""

from __future__ import annotations

from typing import Any

from aiohttp import BodyPartReader, web

from arengo_sandbox.account import BusinessNumber
from arengo_sandbox.errors import GraphError
from arengo_sandbox.graph.media_faults import OVERSIZE, broken, met, trickle
from arengo_sandbox.media import LARGEST, Media, check_upload
from arengo_sandbox.world import World

DOWNLOAD_PATH = "/whatsapp_business/attachments/"
CHUNK = 256 * 1024


async def upload(
    world: World, number: BusinessNumber, request: web.Request
) -> dict[str, Any] | web.StreamResponse:
    refused = await broken(met(world, "upload"), request, graph=True)
    if refused is not None:
        return refused
    if request.content_type != "multipart/form-data":
        raise GraphError(100, "The upload must be multipart/form-data.")
    fields: dict[str, str] = {}
    content: bytes | None = None
    filename: str | None = None
    part_type = ""
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "file":
            content, filename = await _read(part), part.filename
            part_type = part.headers.get("Content-Type", "")
        elif part.name:
            fields[part.name] = (await part.read(decode=True)).decode("utf-8", "replace")
    if fields.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required and must be 'whatsapp'.")
    if content is None:
        raise GraphError(100, "The parameter file is required.")
    mime_type = (
        part_type if part_type not in ("", "application/octet-stream") else fields.get("type", part_type)
    )
    check_upload(mime_type, len(content))
    return {"id": world.media.add(content, mime_type, number.id, filename).id}


async def _read(part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        content += chunk
        if len(content) > LARGEST:
            raise GraphError(131053, f"The file is larger than {LARGEST} bytes.")
    return bytes(content)


async def node(world: World, media: Media, request: web.Request) -> dict[str, Any] | web.StreamResponse:
    fault = met(world, "node")
    refused = await broken(fault, request, graph=True)
    if refused is not None:
        return refused
    wanted = request.query.get("phone_number_id")
    if wanted is not None and wanted != media.number:
        raise GraphError(100, "Object with this ID does not belong to the phone number.", subcode=33)
    if request.method == "DELETE":
        world.media.delete(media)
        return {"success": True}
    if request.method != "GET":
        raise GraphError(100, "Unsupported request on a media node.", subcode=33)
    return {
        "messaging_product": "whatsapp",
        "url": download_url(world, media, request),
        "mime_type": media.mime_type,
        "sha256": media.sha256,
        "file_size": OVERSIZE if fault is not None and fault.kind == "oversize" else media.size,
        "id": media.id,
    }


def download_url(world: World, media: Media, request: web.Request) -> str:
    """An address on this very server, whatever name it was reached by."""
    return str(request.url.origin().with_path(DOWNLOAD_PATH).with_query(world.media.signed_query(media)))


async def download(world: World, request: web.Request) -> web.StreamResponse:
    """The file itself: needs the token; 404 once the five minutes are over."""
    fault = met(world, "download")
    refused = await broken(fault, request, graph=False)
    if refused is not None:
        return refused
    header = request.headers.get("Authorization", "")
    if header != f"Bearer {world.account.access_token}":
        return web.Response(status=401, text="Authentication required")
    media = world.media.from_query(request.query.items())
    if media is None:
        return web.Response(status=404, text="Not found")
    headers = {"Content-Type": media.mime_type}
    if media.filename:
        # Quotes and line breaks would end the header's value.
        safe = "".join(
            sign for sign in media.filename if sign.isascii() and sign.isprintable() and sign not in '"\\'
        )
        headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    content = world.media.content(media)
    if fault is not None and fault.kind == "slow":
        return await trickle(request, content, headers, fault.seconds)
    if fault is not None and fault.kind == "damaged":
        content = bytes(byte ^ 0xFF for byte in content[:16]) + content[16:]
    return web.Response(body=content, headers=headers)
