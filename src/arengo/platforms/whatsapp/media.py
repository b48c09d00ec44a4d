# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files: to WhatsApp, and from it.

A file comes in two steps: the id gives an address that lives five minutes, the address gives the bytes, and
both want the token. The address is somebody else's word, so the token follows it only to the provider itself
and to Meta's file hosts.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import Annotated
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

import aiohttp
import msgspec

from arengo.core import outside
from arengo.platforms.contract import Credentials, Refusal, Remedy
from arengo.platforms.whatsapp import client

_META_API = "graph.facebook.com"
_META_FILES = ("lookaside.fbsbx.com", ".fbcdn.net", ".whatsapp.net")
_CHUNK = 64 * 1024


class _Uploaded(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(max_length=200)]  # newsroom.Placement keeps no longer one


class _Described(msgspec.Struct):
    url: str
    mime_type: str = ""
    sha256: str = ""
    file_size: int | str | None = None


class _Gone(Exception):
    """The address has expired; the id may give a new one."""


_uploaded = msgspec.json.Decoder(_Uploaded)
_described = msgspec.json.Decoder(_Described)


async def upload(
    http: aiohttp.ClientSession, credentials: Credentials, content: bytes, mime_type: str, filename: str
) -> str:
    form = aiohttp.FormData()
    form.add_field("messaging_product", "whatsapp")
    form.add_field("type", mime_type)
    form.add_field("file", content, filename=filename or "file", content_type=mime_type)
    address = client.url(credentials, credentials.number_id, "media")
    body = await client.call(http, credentials, "POST", address, form=form, patience=client.FILE_TIMEOUT)
    uploaded: _Uploaded = client.decoded(_uploaded, body)
    return uploaded.id


async def download(
    http: aiohttp.ClientSession, credentials: Credentials, media_id: str, *, limit: int
) -> tuple[bytes, str]:
    try:
        return await _download(http, credentials, media_id, limit)
    except _Gone:
        pass
    try:
        return await _download(http, credentials, media_id, limit)
    except _Gone:
        raise Refusal(Remedy.NEVER, title="the file is gone") from None


async def _download(
    http: aiohttp.ClientSession, credentials: Credentials, media_id: str, limit: int
) -> tuple[bytes, str]:
    address = client.url(credentials, quote(media_id, safe=""))
    described: _Described = client.decoded(_described, await client.call(http, credentials, "GET", address))
    if (outside.whole(described.file_size) or 0) > limit:
        raise _too_large(limit)
    content, content_type = await _fetch(http, credentials, trusted(credentials, described.url), limit)
    if described.sha256 and not _matches(content, described.sha256):
        raise Refusal(Remedy.RETRY, title="the file arrived damaged")
    return content, described.mime_type or content_type


def trusted(credentials: Credentials, address: str) -> str:
    """``address`` if the token may go there, else a :class:`Refusal`.

    A provider that stands before Meta serves Meta's files under its own host, with its own token (360dialog
    does): there Meta's host is replaced by the provider's.
    """
    try:
        asked, base = urlsplit(address), urlsplit(credentials.base_url)
        same = _origin(asked) == _origin(base)
        meta_file = (
            asked.scheme == "https" and asked.port in {None, 443} and _is_meta_file(asked.hostname or "")
        )
    except ValueError:
        raise _untrusted() from None
    if asked.username or asked.password:
        raise _untrusted()
    if same or (meta_file and base.hostname == _META_API):
        return address
    if meta_file:
        return urlunsplit((base.scheme, base.netloc, asked.path, asked.query, ""))
    raise _untrusted()


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _is_meta_file(host: str) -> bool:
    return any(host.endswith(known) if known.startswith(".") else host == known for known in _META_FILES)


async def _fetch(
    http: aiohttp.ClientSession, credentials: Credentials, address: str, limit: int
) -> tuple[bytes, str]:
    try:
        async with http.get(
            address,
            headers=client.authorization(credentials),
            timeout=client.FILE_TIMEOUT,
            allow_redirects=False,
        ) as response:
            if response.status == 404:
                raise _Gone
            if response.status != 200:
                raise client.refused(credentials, response.status, await response.content.read(_CHUNK))
            if (response.content_length or 0) > limit:
                raise _too_large(limit)
            content = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > limit:
                    raise _too_large(limit)
            return bytes(content), response.content_type
    except (aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError) as error:
        raise client.unreached(error) from None


def _matches(content: bytes, expected: str) -> bool:
    # Hexadecimal in the answer about the id, base64 in webhooks.
    digest = hashlib.sha256(content).digest()
    return expected.lower() == digest.hex() or expected == base64.b64encode(digest).decode()


def _too_large(limit: int) -> Refusal:
    return Refusal(Remedy.NEVER, title=f"the file is larger than {limit} bytes")


def _untrusted() -> Refusal:
    return Refusal(Remedy.NEVER, title="the file is at an address that is not the provider's")
