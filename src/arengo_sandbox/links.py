# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Media given by `link`: fetched by the platform itself, and remembered for ten minutes, as Meta does."""

from __future__ import annotations

import asyncio
import mimetypes
import time

import aiohttp

from arengo_sandbox.media import LARGEST, Media, MediaStore, bare_type

CACHE_SECONDS = 600
FETCH_WITHIN = aiohttp.ClientTimeout(total=10)


class Links:
    """Fetches each address once in ten minutes, however many messages carry it."""

    def __init__(self, media: MediaStore) -> None:
        self._media = media
        self._fetched: dict[str, tuple[float, asyncio.Task[Media | str]]] = {}
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, link: str, number: str) -> Media | str:
        """The file behind the address, or in words why it could not be had."""
        now = time.time()
        known = self._fetched.get(link)
        if known is None or now - known[0] > CACHE_SECONDS:
            known = (now, asyncio.create_task(self._fetch(link, number)))
            self._fetched[link] = known
        outcome = await asyncio.shield(known[1])
        if isinstance(outcome, str):
            self._fetched.pop(link, None)
        return outcome

    async def close(self) -> None:
        for _, task in self._fetched.values():
            task.cancel()
        if self._session is not None:
            await self._session.close()

    async def _fetch(self, link: str, number: str) -> Media | str:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=FETCH_WITHIN, headers={"User-Agent": "WhatsApp/2.0"}
            )
        try:
            async with self._session.get(link) as answer:
                if answer.status != 200:
                    return f"Downloading media from weblink failed with http code {answer.status}"
                content = await answer.content.read(LARGEST + 1)
                mime_type = bare_type(answer.headers.get("Content-Type", ""))
        except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
            return f"Downloading media from weblink failed: {type(problem).__name__}"
        if mime_type in ("", "application/octet-stream"):
            mime_type = mimetypes.guess_type(link.split("?", 1)[0])[0] or "application/octet-stream"
        filename = link.split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1] or None
        return self._media.add(content, mime_type, number, filename)
