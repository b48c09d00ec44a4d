# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Message templates: what Meta has approved, asking for a new one, taking one away."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import aiohttp
import msgspec

from arengo.platforms import answers, refusing
from arengo.platforms.contract import Credentials, TemplateFound
from arengo.platforms.whatsapp import client
from arengo.platforms.wording import printable

_FIELDS = "id,name,language,status,category,parameter_format,components,rejected_reason"
_PAGE = 100
# Meta: 6,000 templates at most in an account; the bound is against an answer that never ends.
_PAGES = 100
_MOST = 6000  # templates, likewise
_MOST_BYTES = (
    8 * 1024 * 1024
)  # of all pages: unpacked into Python's objects they may take twenty-five times as much
_MOST_REASON = 300  # characters


# As long as the columns that keep them (delivery.models.MessageTemplate): what is longer is not Meta's.
_Id = Annotated[str, msgspec.Meta(max_length=60)]
_Status = Annotated[str, msgspec.Meta(max_length=30)]
_Category = Annotated[str, msgspec.Meta(max_length=20)]


class _Listed(msgspec.Struct):
    id: _Id
    name: Annotated[str, msgspec.Meta(max_length=512)]
    language: Annotated[str, msgspec.Meta(max_length=15)]
    status: _Status
    category: _Category = ""
    parameter_format: Annotated[str, msgspec.Meta(max_length=12)] = "POSITIONAL"
    components: list[dict[str, Any]] = []
    rejected_reason: str | None = None


class _Cursors(msgspec.Struct):
    after: Annotated[str, msgspec.Meta(max_length=2000)] | None = None


class _Paging(msgspec.Struct):
    cursors: _Cursors | None = None
    next: str | None = None


class _Page(msgspec.Struct):
    data: Annotated[list[_Listed], msgspec.Meta(max_length=1000)]
    paging: _Paging | None = None


class _Created(msgspec.Struct):
    id: _Id
    status: _Status = "PENDING"
    category: _Category = ""


class _Session(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class _Handle(msgspec.Struct):
    h: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]  # one line for each part of the file


_session = msgspec.json.Decoder(_Session)
_handle = msgspec.json.Decoder(_Handle)
_page = msgspec.json.Decoder(_Page)
_created = msgspec.json.Decoder(_Created)


def language(code: str) -> str:
    """As Meta lists it (`en_US`): webhooks and some providers write `en-US`."""
    return code.replace("-", "_")


async def found(http: aiohttp.ClientSession, credentials: Credentials) -> list[TemplateFound]:
    """Every template of the account. Pages are asked by cursor: the ``next`` address holds the token."""
    address = client.url(credentials, credentials.account_id, "message_templates")
    query = {"fields": _FIELDS, "limit": str(_PAGE)}
    templates: list[TemplateFound] = []
    size = 0
    for _ in range(_PAGES):
        body = await client.call(http, credentials, "GET", address, query=query, most=answers.LISTING)
        page: _Page = client.decoded(_page, body)
        templates.extend(_found(listed) for listed in page.data)
        size += len(body)
        if len(templates) > _MOST or size > _MOST_BYTES:
            raise refusing.too_large()
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


async def edit(
    http: aiohttp.ClientSession, credentials: Credentials, template_id: str, change: dict[str, Any]
) -> None:
    """Meta: of an approved, rejected or paused one; an approved one once a day and ten times in thirty days."""
    address = client.url(credentials, quote(template_id, safe=""))
    await client.call(http, credentials, "POST", address, content=msgspec.json.encode(change))


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
    reason = printable(client.clean(listed.rejected_reason or ""), _MOST_REASON)
    try:
        answers.shallow(listed.components)
    except ValueError:
        raise client.not_understood() from None
    return TemplateFound(
        template_id=listed.id,
        name=listed.name,
        language=language(listed.language),
        status=listed.status,
        category=listed.category,
        parameter_format=listed.parameter_format.upper(),
        components=listed.components,
        reason="" if reason == "NONE" else reason,
    )
