# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stored files as answers, piece by piece: a document of 100 MB must not fill the memory of the web process.

A browser may ask for a part (RFC 9110, Range): without it a voice message of WhatsApp has no length, and nobody can go back in it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from django.core.files.base import File
from django.core.handlers.asgi import ASGIRequest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from arengo.core import outside

_CHUNK = 256 * 1024  # bytes
_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")  # one part; several are answered with the whole
_LONGEST_RANGE = 60  # characters


@dataclass
class _Part:
    """What is read of a file from where it stands: ``left`` bytes."""

    file: File[bytes]
    left: int

    def read(self, most: int = _CHUNK) -> bytes:
        piece: bytes = self.file.read(min(most, self.left))
        self.left -= len(piece)
        return piece

    def close(self) -> None:
        self.file.close()


class _FileStream(StreamingHttpResponse):
    """Closes its file also when nothing of it was sent: an iterator that was never begun would not."""

    def __init__(self, part: _Part, content_type: str) -> None:
        super().__init__(_pieces(part), content_type=content_type)
        self._part = part

    def close(self) -> None:
        self._part.close()
        super().close()


async def _pieces(part: _Part) -> AsyncIterator[bytes]:
    try:
        while piece := await asyncio.to_thread(part.read, _CHUNK):
            yield piece
    finally:
        await asyncio.to_thread(part.close)


def file_response(request: HttpRequest, file: File[bytes], content_type: str) -> HttpResponseBase:
    """``file`` is open, and closed when it was sent, or could not be. Over ASGI Django would read a plain FileResponse whole.

    206 with the part that was asked for, 416 where the file has no such part.
    """
    size = file.size
    asked = _asked(request, size)
    if asked is not None and not asked:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, length = (asked.start, len(asked)) if asked else (0, size)
    file.seek(first)
    part = _Part(file, length)
    kind = _FileStream if isinstance(request, ASGIRequest) else FileResponse
    response = kind(part, content_type=content_type)
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(length)
    if asked:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{asked.stop - 1}/{size}"
    return response


def _asked(request: HttpRequest, size: int) -> range | None:
    """The bytes of the one part that is asked for, empty where the file ends before it; None: the whole file.

    Nothing tells one state of a file from another, so that who asks for a part «if it is the same» gets the whole.
    """
    if request.method != "GET" or "If-Range" in request.headers:
        return None
    written = _RANGE.fullmatch(outside.text(request.headers.get("Range"), most=_LONGEST_RANGE))
    if written is None:
        return None
    first, last = (outside.whole(each) for each in written.groups())
    if not written[1]:  # «-500»: the last 500 bytes
        return None if last is None else range(max(0, size - last), size)
    if first is None:  # further than any file goes
        return range(0)
    if last is not None and last < first:
        return None
    return range(first, size if last is None else min(last + 1, size))
