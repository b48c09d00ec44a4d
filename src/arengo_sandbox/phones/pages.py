# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of phones, the files it shows, and the stream of changes that keeps it live."""

from __future__ import annotations

import asyncio
import contextlib
import mimetypes
from pathlib import Path
from urllib.parse import urlencode

import msgspec
from aiohttp import web

from arengo_sandbox.world import World

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
HEARTBEAT_SECONDS = 15
# What a browser may show in place; everything else is handed over as a download.
SHOWN_INLINE = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "video/mp4",
    "audio/ogg",
    "audio/mpeg",
    "audio/mp4",
)


class Phones:
    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.home),
            web.get("/phones", self.home),
            web.get("/wa/{digits:[0-9]+}", self.chat_link),
            web.get("/phones/", self.page),
            web.get("/phones/static/{name}", self.static),
            web.get("/phones/media/{media}", self.media),
            web.get("/phones/events", self.events),
        ]

    async def home(self, _request: web.Request) -> web.Response:
        raise web.HTTPFound("/phones/")

    async def chat_link(self, request: web.Request) -> web.Response:
        """What `wa.me/<number>?text=…` is at WhatsApp: a chat with that number, the text written but not sent."""
        wanted = {"numero": request.match_info["digits"], "testo": request.query.get("text", "")}
        raise web.HTTPFound(f"/phones/?{urlencode(wanted)}")

    async def page(self, _request: web.Request) -> web.StreamResponse:
        return self._file("index.html")

    async def static(self, request: web.Request) -> web.StreamResponse:
        return self._file(request.match_info["name"])

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A file in a chat, as the phone itself opens it: no token, like every other page here."""
        media = self.world.media.get(request.match_info["media"])
        if media is None:
            raise web.HTTPNotFound(text="Il file non c'è più.")
        kind = media.mime_type.split(";")[0].strip()
        headers = dict(PAGE_HEADERS) | {
            "Content-Type": kind if kind in SHOWN_INLINE else "application/octet-stream"
        }
        if kind not in SHOWN_INLINE:
            headers["Content-Disposition"] = "attachment"
        return web.Response(body=self.world.media.content(media), headers=headers)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: every change in the chats of `?people=p1,p2`."""
        asked = [self.world.people.find(name) for name in request.query.get("people", "").split(",") if name]
        listener = self.world.live.listen(frozenset(person.n for person in asked if person is not None))
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        await response.write(b"retry: 1000\nevent: ready\ndata: {}\n\n")
        try:
            while True:
                try:
                    change = await asyncio.wait_for(listener.changes.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if change is None:
                    break
                await response.write(b"data: " + msgspec.json.encode(change) + b"\n\n")
        except ConnectionResetError:
            # The page was closed.
            pass
        finally:
            self.world.live.leave(listener)
        with contextlib.suppress(ConnectionResetError):
            await response.write_eof()
        return response

    def _file(self, name: str) -> web.StreamResponse:
        path = STATIC / name
        if path.parent != STATIC or not path.is_file():
            raise web.HTTPNotFound(text="Not found")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        charset = "; charset=utf-8" if kind.startswith("text/") or kind.endswith("javascript") else ""
        return web.FileResponse(path, headers=PAGE_HEADERS | {"Content-Type": kind + charset})
