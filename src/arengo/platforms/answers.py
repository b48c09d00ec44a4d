# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one reader of answers from other machines: a ceiling in bytes after decompression, and a time.

``tools/outside.py`` (part of ``make lint``) sees to it that nobody else asks or reads. Redirects are never followed: one
would carry the token to wherever it points.
"""

from __future__ import annotations

import asyncio
import enum
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import aiohttp
import msgspec

from arengo.core import outside
from arengo.platforms.departing import Departure, leaving

MOST = 64 * 1024  # bytes of an answer about one thing; Meta's are below 2 kB
LISTING = 2 * 1024 * 1024  # bytes of one page of a list: 100 templates with their texts
_MOST_ERROR = 64 * 1024  # bytes of an answer that is no success
_GZIP = 16 + zlib.MAX_WBITS
_DEEPEST = 32  # levels of nesting where an answer's own structure is kept; a template has 6


class Fault(enum.StrEnum):
    """Why there is no body although there was a status."""

    TOO_LARGE = "too large"
    ENCODED = "encoded"  # in a way that we did not ask for and cannot bound, or damaged
    BROKEN = "broken"  # the connection ended within the body
    SLOW = "slow"


class Answer(NamedTuple):
    """A status, and the whole body; with ``fault`` the body is empty and only status and headers are known."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    fault: Fault | None = None


class _TooLarge(Exception):
    pass


class _Encoded(Exception):
    pass


async def ask(
    http: aiohttp.ClientSession,
    method: str,
    address: str,
    *,
    most: int = MOST,
    headers: Mapping[str, str] | None = None,
    data: bytes | aiohttp.FormData | None = None,
    query: Mapping[str, str] | None = None,
    patience: aiohttp.ClientTimeout | None = None,
    left: Departure | None = None,
) -> Answer:
    """One request and its answer, of ``most`` bytes once unpacked.

    ``patience`` replaces the session's times. Raises what aiohttp raises before there is a status, and ValueError for an
    address or a header that cannot be sent; once there is a status, whatever goes wrong with the body is a ``fault``.
    ``left`` knows afterwards whether anything was sent.
    """
    leaving(http, left or Departure())
    more: dict[str, Any] = {} if patience is None else {"timeout": patience}
    async with http.request(
        method,
        address,
        data=data,
        params=query,
        # Compression saves nothing on answers this small; who compresses all the same is read with the same ceiling.
        headers={"Accept-Encoding": "identity", **(headers or {})},
        allow_redirects=False,
        auto_decompress=False,
        **more,
    ) as response:
        if not 200 <= response.status < 300:
            most = min(most, _MOST_ERROR)
        fault, body = None, b""
        # A body that is left unread takes its connection with it.
        try:
            body = await _read(response, most)
        except _TooLarge:
            fault = Fault.TOO_LARGE
        except (_Encoded, zlib.error):
            fault = Fault.ENCODED
        except TimeoutError:
            fault = Fault.SLOW
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError, ValueError):
            fault = Fault.BROKEN
        return Answer(response.status, response.headers, body, fault)


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    encoding = ""
    if "Content-Encoding" in response.headers:
        encoding = ",".join(response.headers.getall("Content-Encoding")).strip().lower()
    if encoding not in ("", "identity"):
        return await _unpack(response, encoding, most)
    if (response.content_length or 0) > most:
        raise _TooLarge
    chunks: list[bytes] = []
    size = 0
    while chunk := await response.content.readany():
        size += len(chunk)
        if size > most:
            raise _TooLarge
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _unpack(response: aiohttp.ClientResponse, encoding: str, most: int) -> bytes:
    """gzip alone, one member. Anything else, or one inside another, we neither ask for nor know to bound."""
    if encoding not in ("gzip", "x-gzip"):
        raise _Encoded
    unpacker = zlib.decompressobj(_GZIP)
    chunks: list[bytes] = []
    size = packed = 0
    while chunk := await response.content.readany():
        packed += len(chunk)
        # One more than there is room for: what fills it is too large, however much would follow.
        out = unpacker.decompress(chunk, most - size + 1)
        size += len(out)
        if size > most or packed > most + _MOST_ERROR:
            raise _TooLarge
        if unpacker.unused_data:
            raise _Encoded
        chunks.append(out)
    if packed and not unpacker.eof:
        raise _Encoded
    return b"".join(chunks)


def decoded(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    """The answer, typed, its texts made storable. ValueError for one that is no JSON, does not fit, is nested too deep, or
    holds a number that no table can store (msgspec refuses numbers beyond a double and of more than 4,300 digits).
    """
    try:
        return decoder.decode(outside.json_text(body))
    except RecursionError:
        raise ValueError("an answer that is nested too deep") from None


def shallow(value: Any) -> Any:
    """``value`` as decoded from JSON, if it can be kept as it is; ValueError if it is nested too deep."""
    level = [value]
    for _depth in range(_DEEPEST):
        if not level:
            return value
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    raise ValueError("an answer that is nested too deep")
