# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Views whose answers end in every way, and requests made by hand."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path

from arengo.config.serving.handler import Handler
from arengo.core.models import Organization
from arengo.core.uploads import accepts_body
from tests.factories.core import HOST


class Closing(StreamingHttpResponse):
    closed_times = 0

    def close(self) -> None:
        type(self).closed_times += 1
        super().close()


_whole: dict[str, Any] = {}


def whole(request: Any) -> HttpResponse:
    connections["default"].ensure_connection()
    _whole.update(
        session=connections["default"].connection.info.backend_pid, thread=threading.current_thread()
    )
    return HttpResponse(b"x" * 200_000)


def endless(request: Any) -> Closing:
    async def beats() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    return Closing(beats())


def plain(request: Any) -> Closing:
    def rows() -> Iterator[bytes]:
        for _ in range(5):
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT 1")
            yield b"row"

    return Closing(rows())


def file(request: Any) -> FileResponse:
    from io import BytesIO

    return FileResponse(BytesIO(b"y" * 300_000))


@accepts_body(500_000)
def takes(request: Any) -> HttpResponse:
    return HttpResponse(str(len(request.body)))


urlpatterns = [
    path("whole", whole),
    path("endless", endless),
    path("plain", plain),
    path("file", file),
    path("takes", takes),
]


class Conversation:
    """One request by hand, and everything that is sent for it."""

    def __init__(self, path: str, *, fails: BaseException | None = None, after: int = 0) -> None:
        self.scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"host", HOST.encode())], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http",
        }  # fmt: skip
        self.sent: list[dict[str, Any]] = []
        self.leaves = asyncio.Event()
        self._fails, self._after, self._received = fails, after, False

    async def receive(self) -> dict[str, Any]:
        if not self._received:
            self._received = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if self._fails is not None and len(self.sent) >= self._after:
            raise self._fails
        self.sent.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


@pytest.fixture
async def bare(esempio: Organization) -> AsyncIterator[Handler]:
    """Our handler over the views above, without middleware."""
    Closing.closed_times = 0
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        yield Handler()
    await sync_to_async(connections.close_all)()
