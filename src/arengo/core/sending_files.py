# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stored files as answers, piece by piece: a document of 100 MB must not fill the memory of the web process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from django.core.files.base import File
from django.core.handlers.asgi import ASGIRequest
from django.http import FileResponse, HttpRequest, StreamingHttpResponse

_CHUNK = 256 * 1024  # bytes


class _FileStream(StreamingHttpResponse):
    """Closes its file also when nothing of it was sent: an iterator that was never begun would not."""

    def __init__(self, file: File[bytes], content_type: str) -> None:
        super().__init__(_pieces(file), content_type=content_type)
        self._file = file

    def close(self) -> None:
        self._file.close()
        super().close()


async def _pieces(file: File[bytes]) -> AsyncIterator[bytes]:
    try:
        while piece := await asyncio.to_thread(file.read, _CHUNK):
            yield piece
    finally:
        await asyncio.to_thread(file.close)


def file_response(request: HttpRequest, file: File[bytes], content_type: str) -> StreamingHttpResponse:
    """``file`` is open, and closed when it was sent, or could not be. Over ASGI Django would read a plain FileResponse whole."""
    if not isinstance(request, ASGIRequest):
        return FileResponse(file, content_type=content_type)
    response = _FileStream(file, content_type)
    response["Content-Length"] = str(file.size)
    return response
