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


def file_response(request: HttpRequest, file: File[bytes], content_type: str) -> StreamingHttpResponse:
    """``file`` is open, and closed when it was sent. Over ASGI Django would read a plain FileResponse whole."""
    if not isinstance(request, ASGIRequest):
        return FileResponse(file, content_type=content_type)

    async def pieces() -> AsyncIterator[bytes]:
        try:
            while piece := await asyncio.to_thread(file.read, _CHUNK):
                yield piece
        finally:
            await asyncio.to_thread(file.close)

    response = StreamingHttpResponse(pieces(), content_type=content_type)
    response["Content-Length"] = str(file.size)
    return response
