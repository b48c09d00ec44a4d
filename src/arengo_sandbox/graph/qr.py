# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`/{phone number id}/message_qrdls` and the images behind its addresses."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from arengo_sandbox.account import BusinessNumber
from arengo_sandbox.errors import GraphError
from arengo_sandbox.graph.bodies import page_of, read_json
from arengo_sandbox.qr import QrCode, image
from arengo_sandbox.world import World

IMAGE_PATH = "/qr/"
KINDS = {"SVG": "image/svg+xml", "PNG": "image/png"}


async def listed(world: World, number: BusinessNumber, request: web.Request) -> dict[str, Any]:
    wanted = request.query.get("code")
    codes = [code for code in world.qr.of(number.id) if wanted in (None, code.code)]
    page, paging = page_of(request, codes)
    data = [code.shown(_asked_image(request, code)) for code in page]
    return {"data": data, "paging": paging} if paging else {"data": data}


async def create_or_update(world: World, number: BusinessNumber, request: web.Request) -> dict[str, Any]:
    wanted = await read_json(request)
    kind = str(wanted.get("generate_qr_image") or "").upper()
    if kind and kind not in KINDS:
        raise GraphError(100, "Param generate_qr_image must be one of {SVG, PNG}.")
    if "code" in wanted:
        code = world.qr.get(str(wanted["code"]), number.id)
        if code is None:
            raise GraphError(100, "The QR code does not exist.", subcode=33)
        world.qr.update(code, wanted.get("prefilled_message", ""))
    else:
        code = world.qr.create(number.id, wanted.get("prefilled_message", ""))
    return code.shown(_image_url(request, code, kind) if kind else None)


async def one(world: World, number: BusinessNumber, request: web.Request, name: str) -> dict[str, Any]:
    code = world.qr.get(name, number.id)
    if code is None:
        raise GraphError(100, "The QR code does not exist.", subcode=33)
    if request.method == "DELETE":
        world.qr.delete(code)
        return {"success": True}
    if request.method != "GET":
        raise GraphError(100, "Unsupported request on a QR code.", subcode=33)
    return {"data": [code.shown(_asked_image(request, code))]}


async def picture(world: World, request: web.Request) -> web.Response:
    """The image itself; it needs no token, as Meta's need none."""
    name, _, suffix = request.match_info["name"].rpartition(".")
    code = world.qr.get(name)
    kind = suffix.upper()
    if code is None or kind not in KINDS:
        return web.Response(status=404, text="Not found")
    return web.Response(body=image(code, kind.lower()), content_type=KINDS[kind])


def _asked_image(request: web.Request, code: QrCode) -> str | None:
    fields = request.query.get("fields", "")
    if "qr_image_url" not in fields:
        return None
    return _image_url(request, code, "PNG" if "format(PNG)" in fields else "SVG")


def _image_url(request: web.Request, code: QrCode, kind: str) -> str:
    return str(request.url.origin().with_path(f"{IMAGE_PATH}{code.code}.{kind.lower()}"))
