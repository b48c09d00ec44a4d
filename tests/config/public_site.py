# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The web process's public door over the real views and the real database, and what it was asked for: fixtures among them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.test import override_settings

from arengo.config.serving import limits
from arengo.config.serving.handler import READERS, Handler, Rendered
from arengo.config.serving.public_changes import Changes
from arengo.config.serving.public_door import PublicDoor
from arengo.core.models import Organization
from tests.factories.channel import publish
from tests.factories.core import HOST
from tests.support.waiting import NEVER


class Counting(Handler):
    """Our handler, and what it was asked for: ``rendered`` for everybody, ``alone`` for one reader."""

    def __init__(self) -> None:
        super().__init__()
        self.rendered: list[str] = []
        self.alone: list[str] = []
        self.pause: Callable[[], Any] | None = None
        self.readers: list[bool] = []

    async def render(self, scope: Any) -> Rendered:
        self.rendered.append(
            scope["path"] + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
        )
        found = await super().render(scope)
        if self.pause is not None:
            await self.pause()
        return found

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.alone.append(scope["path"])
        self.readers.append(READERS in scope)
        await super().__call__(scope, receive, send)


class Site:
    """The web process's public door over the real views and the real database."""

    def __init__(self) -> None:
        self.django = Counting()
        self.door = PublicDoor(self.django)
        self.changes = Changes(self.door)
        self._told: list[str] = []
        changed = self.door.changed

        def tell(organization: int | None, table: str) -> None:
            changed(organization, table)
            self._told.append(table)

        self.door.changed = tell  # type: ignore[method-assign]

    async def ask(
        self,
        address: str,
        method: str = "GET",
        *,
        host: str = HOST,
        body: bytes = b"",
        more: tuple[tuple[bytes, bytes], ...] = (),
        **headers: str,
    ) -> tuple[int, bytes, dict[str, str]]:
        where, _, query = address.partition("?")
        given = [(b"host", host.encode())] if host else []
        given += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        given += more
        if body:
            given.append((b"content-length", str(len(body)).encode()))
        scope = {
            "type": "http", "method": method, "path": where, "raw_path": where.encode(), "query_string": query.encode(),
            "headers": given, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http",
        }  # fmt: skip
        sent: list[dict[str, Any]] = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if waiting:
                return waiting.pop()
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: Any) -> None:
            sent.append(message)

        await asyncio.wait_for(self.door(scope, receive, send), NEVER)
        named = {name.decode().lower(): value.decode("latin1") for name, value in sent[0]["headers"]}
        return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:]), named

    async def heard(self) -> None:
        """All changes that were committed until now: notices come in their order."""
        mark = f"mark{len(self._told)}"
        await sql("SELECT pg_notify('arengo_public', %s)", f"{mark} 0")
        async with asyncio.timeout(NEVER):
            while mark not in self._told:
                await asyncio.sleep(0.01)

    async def until(self, found: Callable[[bytes], bool], address: str, **how: Any) -> bytes:
        """Asks until the page is as wanted."""
        async with asyncio.timeout(NEVER):
            while True:
                _status, content, _headers = await self.ask(address, **how)
                if found(content):
                    return content
                await asyncio.sleep(0.02)


@asynccontextmanager
async def listening(site: Site) -> AsyncIterator[None]:
    task = asyncio.create_task(site.changes.listen_forever())
    try:
        async with asyncio.timeout(NEVER):
            while not site.door._hears:
                await asyncio.sleep(0.01)
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def towns(esempio: Organization, altrove: Organization) -> Organization:
    return esempio


@pytest.fixture
async def site(esempio: Organization, altrove: Organization) -> AsyncIterator[Site]:
    site = Site()
    async with listening(site):
        yield site
    await sync_to_async(connections.close_all)()


@pytest.fixture(autouse=True)
def _steady(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that stands still for a minute makes no page old."""
    monkeypatch.setattr(limits, "PAGE_KEPT", 3600.0)
    with override_settings(MEDIA_ROOT=tmp_path):
        yield


published = sync_to_async(publish)


@sync_to_async
def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
