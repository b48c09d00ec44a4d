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
import re
from typing import Annotated
from urllib.parse import quote, urlsplit, urlunsplit

import aiohttp
import msgspec

from arengo.platforms import answers, refusing
from arengo.platforms.answers import Fault
from arengo.platforms.authorizing import authorization
from arengo.platforms.contract import Credentials, Refusal, Remedy
from arengo.platforms.departing import Departure
from arengo.platforms.origins import is_file_host, same_site
from arengo.platforms.whatsapp import client

_MIME = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}(; ?[\w.+=\"-]{1,60}){0,3}", re.ASCII)
_META_API = "graph.facebook.com"
_META_FILES = ("lookaside.fbsbx.com", ".fbcdn.net", ".whatsapp.net")


class _Uploaded(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]  # newsroom.Placement keeps no longer one


class _Described(msgspec.Struct):
    url: Annotated[str, msgspec.Meta(max_length=4000)]
    mime_type: Annotated[str, msgspec.Meta(max_length=200)] = ""
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
        raise Refusal(Remedy.NEVER, code=refusing.FILE_MISSING, title="the file is gone") from None


async def _download(
    http: aiohttp.ClientSession, credentials: Credentials, media_id: str, limit: int
) -> tuple[bytes, str]:
    address = client.url(credentials, quote(media_id, safe=""))
    described: _Described = client.decoded(_described, await client.call(http, credentials, "GET", address))
    # The size as Meta writes it: a number, or its digits. 0 for anything else; the bytes themselves are counted anyway.
    text = str(described.file_size)[:20]
    digits = int(text) if text.isascii() and text.isdigit() else 0
    if digits > limit:
        raise _too_large(limit)
    content, content_type = await _fetch(http, credentials, trusted(credentials, described.url), limit)
    if described.sha256 and not _matches(content, described.sha256):
        raise Refusal(Remedy.RETRY, code=refusing.FILE_DAMAGED, title="the file arrived damaged")
    return content, _plain(described.mime_type) or content_type


def trusted(credentials: Credentials, address: str) -> str:
    """``address`` if the token may go there, else a :class:`Refusal`.

    A provider that stands before Meta serves Meta's files under its own host, with its own token (360dialog
    does): there Meta's host is replaced by the provider's.
    """
    if same_site(address, credentials.base_url):
        return address
    if not is_file_host(address, _META_FILES):
        raise Refusal(
            Remedy.NEVER,
            code=refusing.FILE_ELSEWHERE,
            title="the file is at an address that is not the provider's",
        )
    base = urlsplit(credentials.base_url)
    if base.hostname == _META_API:
        return address
    asked = urlsplit(address)
    return urlunsplit((base.scheme, base.netloc, asked.path, asked.query, ""))


async def _fetch(
    http: aiohttp.ClientSession, credentials: Credentials, address: str, limit: int
) -> tuple[bytes, str]:
    headers = authorization(credentials, address, files=_META_FILES)
    left = Departure()
    try:
        answer = await answers.ask(
            http, "GET", address, most=limit, headers=headers, patience=client.FILE_TIMEOUT, left=left
        )
    except (aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError, ValueError) as error:
        raise client.unreached(error, left) from None
    if answer.status == 404:
        raise _Gone
    if answer.status == 200 and answer.fault is Fault.TOO_LARGE:
        raise _too_large(limit)
    if answer.status != 200 or answer.fault is not None:
        raise client.unread(credentials, answer)
    return answer.body, _plain(answer.headers.get("Content-Type", "").partition(";")[0].strip())


def _matches(content: bytes, expected: str) -> bool:
    # Hexadecimal in the answer about the id, base64 in webhooks.
    digest = hashlib.sha256(content).digest()
    return expected.lower() == digest.hex() or expected == base64.b64encode(digest).decode()


def _plain(mime_type: str) -> str:
    """A MIME type as it is kept and sent on; empty for one that is none. A header may hold bytes that are no text."""
    return mime_type if _MIME.fullmatch(mime_type) else ""


def _too_large(limit: int) -> Refusal:
    return Refusal(Remedy.NEVER, code=refusing.FILE_TOO_LARGE, title=f"the file is larger than {limit} bytes")
