# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Listens to what the database says about the rows that public pages show, and tells the door.

One connection a process, open as long as it lives. When it is lost, or gives no sign of life for HEARD_WITHIN, all pages
are dropped, and what is rendered until it is back is kept for UNHEARD_KEPT. Tables that were put in the place of others (a
backup brought back by hand) tell nothing of their rows: every HEARD_EVERY it is asked whether they are the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.http.request import validate_host

from arengo.config import environment
from arengo.config.serving import limits
from arengo.config.serving.public_door import PublicDoor, Site
from arengo.config.sql import statement
from arengo.core import outside
from arengo.core.database import LOST, connect
from arengo.core.logs import named
from arengo.core.public_pages import CHANNEL, HOSTS, ORGANIZATIONS
from arengo.core.watching import MARK

Database = psycopg.AsyncConnection[tuple[Any, ...]]

_AGAIN = 1.0  # seconds between two attempts to connect

log = logging.getLogger(__name__)


class Changes:
    def __init__(self, door: PublicDoor) -> None:
        self._door = door
        self._dying: asyncio.TimerHandle | None = None
        self._heard = False  # the last attempt to listen came to something
        self._watched: dict[str, int] = {}

    async def listen_forever(self) -> None:
        self._door.begins()
        try:
            while True:
                try:
                    await self._listen()
                except LOST as error:
                    if self._heard:
                        log.warning("Public pages wait for the database (%s).", named(error))
                    self._heard = False
                finally:
                    self._lose()
                await asyncio.sleep(_AGAIN)
        finally:
            self._lose()

    async def _listen(self) -> None:
        async with await connect(autocommit=True, name="arengo public pages") as database:
            await database.execute(f"LISTEN {CHANNEL}")
            while True:
                # Before the door may keep anything: what changed while nobody listened is in what is read now.
                await self._learn(database)
                await self._until_sites_change(database)

    async def _until_sites_change(self, database: Database) -> None:
        while True:
            sites_changed, silent = False, True
            async for notice in database.notifies(timeout=limits.HEARD_EVERY, stop_after=1):
                silent = False
                sites_changed |= self._tell(notice.payload)
            if sites_changed or (silent and await _watched(database) != self._watched):
                return
            self._lives()

    def _tell(self, payload: str) -> bool:
        """Whether it may have changed which host is whose."""
        table, _, whose = payload.partition(" ")
        self._door.changed(outside.whole(whose), table)
        return table in (HOSTS, ORGANIZATIONS)

    async def _learn(self, database: Database) -> None:
        """Which host serves whom, and which tables are watched."""
        watched = await _watched(database)
        if watched != self._watched:
            self._door.lost()
        self._watched = watched
        rows = await database.execute("SELECT host, organization_id FROM core_organizationhost")
        hosts = {str(host): int(organization) for host, organization in await rows.fetchall()}
        rows = await database.execute("SELECT id, language FROM core_organization")
        languages = {int(organization): str(language) for organization, language in await rows.fetchall()}
        only = next(iter(languages)) if len(languages) == 1 else None
        self._door.hears(sites(hosts, only, languages), watched)
        self._heard = True
        self._lives()

    def _lives(self) -> None:
        if self._dying is not None:
            self._dying.cancel()
        self._dying = asyncio.get_running_loop().call_later(limits.HEARD_WITHIN, self._lose)

    def _lose(self) -> None:
        if self._dying is not None:
            self._dying.cancel()
            self._dying = None
        self._door.lost()


async def _watched(database: Database) -> dict[str, int]:
    """The tables whose changes are told → the number by which the database knows each. No lock on a table delays it."""
    rows = await database.execute(statement("watched_tables"), {"mark": MARK})
    return {str(name): int(number) for name, number in await rows.fetchall()}


def sites(
    hosts: Mapping[str, int], only: int | None, languages: Mapping[int, str] | None = None
) -> dict[str, Site]:
    """Host as it may be asked for (with the ports that we are known by) → its site. ``only``: the only organization there is.

    ``languages``: of the organizations, by id.

    Also the names that the settings give this installation, since one organization is served on each of them. Any other
    name is Django's: nobody fills the memory by making names up.
    """
    public = urlsplit(settings.PUBLIC_URL)
    names = [*hosts, (public.hostname or "").lower(), *environment.items("ARENGO_HOSTS")]
    if not settings.PRODUCTION:
        names += ["127.0.0.1", "localhost", "[::1]"]
    ports = {
        "",
        str(public.port or ""),
        environment.value("ARENGO_PORT"),
        environment.value("ARENGO_READERS_PORT"),
    }
    found = {}
    for name in dict.fromkeys(name.lower() for name in names):
        organization = hosts.get(name, only)
        if organization is None or not validate_host(name, settings.ALLOWED_HOSTS):
            continue
        for port in ports:
            host = f"{name}:{port}" if port else name
            found[host] = Site(host, organization, (languages or {}).get(organization, ""))
    return found
