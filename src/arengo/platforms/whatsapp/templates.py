# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Message templates: what Meta has approved, asking for a new one, taking one away."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import aiohttp
import msgspec

from arengo.platforms.contract import Credentials, TemplateFound
from arengo.platforms.whatsapp import client

_FIELDS = "id,name,language,status,category,parameter_format,components,rejected_reason"
_PAGE = 100
# Meta: 6,000 templates at most in an account; the bound is against an answer that never ends.
_PAGES = 100


class _Listed(msgspec.Struct):
    id: str
    name: str
    language: str
    status: str
    category: str = ""
    parameter_format: str = "POSITIONAL"
    components: list[dict[str, Any]] = []
    rejected_reason: str | None = None


class _Cursors(msgspec.Struct):
    after: str | None = None


class _Paging(msgspec.Struct):
    cursors: _Cursors | None = None
    next: str | None = None


class _Page(msgspec.Struct):
    data: list[_Listed]
    paging: _Paging | None = None


class _Created(msgspec.Struct):
    id: str
    status: str = "PENDING"
    category: str = ""


class _Session(msgspec.Struct):
    id: str


class _Handle(msgspec.Struct):
    h: str


_session = msgspec.json.Decoder(_Session)
_handle = msgspec.json.Decoder(_Handle)
_page = msgspec.json.Decoder(_Page)
_created = msgspec.json.Decoder(_Created)


async def found(http: aiohttp.ClientSession, credentials: Credentials) -> list[TemplateFound]:
    """Every template of the account. Pages are asked by cursor: the ``next`` address holds the token."""
    address = client.url(credentials, credentials.account_id, "message_templates")
    query = {"fields": _FIELDS, "limit": str(_PAGE)}
    templates: list[TemplateFound] = []
    for _ in range(_PAGES):
        page: _Page = client.decoded(_page, await client.call(http, credentials, "GET", address, query=query))
        templates.extend(_found(listed) for listed in page.data)
        after = (
            page.paging.cursors.after if page.paging and page.paging.next and page.paging.cursors else None
        )
        if not after:
            break
        query = {**query, "after": after}
    return templates


async def create(
    http: aiohttp.ClientSession, credentials: Credentials, definition: dict[str, Any]
) -> TemplateFound:
    address = client.url(credentials, credentials.account_id, "message_templates")
    content = msgspec.json.encode(definition)
    created: _Created = client.decoded(
        _created, await client.call(http, credentials, "POST", address, content=content)
    )
    return TemplateFound(
        template_id=created.id,
        name=str(definition.get("name", "")),
        language=str(definition.get("language", "")),
        status=created.status,
        category=created.category or str(definition.get("category", "")),
        parameter_format=str(definition.get("parameter_format", "positional")).upper(),
        components=list(definition.get("components", [])),
    )


async def upload_example(
    http: aiohttp.ClientSession, credentials: Credentials, content: bytes, mime_type: str, filename: str
) -> str:
    """The handle of an example file: Meta reviews a template with a photo, video or document by its example.

    Meta's resumable upload belongs to the app and not to the account; ``app`` is Graph's name for the token's own.
    """
    query = {"file_name": filename, "file_length": str(len(content)), "file_type": mime_type}
    session = client.url(credentials, "app", "uploads")
    begun: _Session = client.decoded(
        _session, await client.call(http, credentials, "POST", session, query=query)
    )
    address = client.url(credentials, quote(begun.id, safe=":?=&"))
    body = await client.call(http, credentials, "POST", address, file=content, patience=client.FILE_TIMEOUT)
    held: _Handle = client.decoded(_handle, body)
    return held.h


async def delete(http: aiohttp.ClientSession, credentials: Credentials, name: str) -> None:
    """In all its languages. Meta keeps the name of an approved one blocked for 30 days."""
    address = client.url(credentials, credentials.account_id, "message_templates")
    await client.call(http, credentials, "DELETE", address, query={"name": name})


def _found(listed: _Listed) -> TemplateFound:
    reason = client.clean(listed.rejected_reason or "")
    return TemplateFound(
        template_id=listed.id,
        name=listed.name,
        language=listed.language,
        status=listed.status,
        category=listed.category,
        parameter_format=listed.parameter_format.upper(),
        components=listed.components,
        reason="" if reason == "NONE" else reason,
    )
