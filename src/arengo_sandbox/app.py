# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One server: the Graph API, the control API, the phones."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from arengo_sandbox.control import Control, Refused, answer
from arengo_sandbox.graph import media, qr
from arengo_sandbox.graph.router import graph_handler
from arengo_sandbox.media import LARGEST
from arengo_sandbox.phones.pages import Phones
from arengo_sandbox.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
# Room for the largest document and its multipart frame.
LARGEST_BODY = LARGEST + 1024 * 1024


def build_app(world: World) -> web.Application:
    """The application; it starts and stops the world with itself."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_route("*", r"/{version:v\d+(?:\.\d+)?}/{tail:.*}", graph_handler(world))

    async def download(request: web.Request) -> web.StreamResponse:
        return await media.download(world, request)

    async def qr_image(request: web.Request) -> web.StreamResponse:
        return await qr.picture(world, request)

    app.router.add_get(media.DOWNLOAD_PATH, download)
    app.router.add_get(qr.IMAGE_PATH + "{name}", qr_image)
    for route in [*Control(world).routes(), *Phones(world).routes()]:
        app.router.add_route(route.method, route.path, guarded(route.handler))

    async def lifetime(_app: web.Application) -> AsyncIterator[None]:
        await world.start()
        yield
        await world.stop()

    app.cleanup_ctx.append(lifetime)
    return app


def guarded(handler: Handler) -> Handler:
    """The control API has no password: a page of another site, open in the same browser, must not drive it.

    A wrapper and not a middleware: a middleware would be paid for by every send through the Graph API too.
    """

    async def guard(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
            return answer({"error": "only the sandbox's own pages may do this"}, 403)
        try:
            return await handler(request)
        except Refused as refused:
            return answer({"error": refused.message}, refused.status)

    return guard
