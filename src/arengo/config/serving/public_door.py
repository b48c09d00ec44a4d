# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Public pages, before Django: each is rendered once however many ask for it, and answered from memory.

1. The address is looked up: what a room registered (``core.public_pages``) is a public page. All else is Django's.
2. The key is made of what such a page may depend on: host, scheme, path, known query parameters, chosen language. Other
   headers and parameters have no part in it.
3. An answer in memory is sent, where the server can by the server itself, without a task (:meth:`PublicDoor.at_once`).
   A reader that has it already gets 304: by ETag, or by date (``public_dates``) where the reader names no ETag (RFC 9110 §13.2.2).
   Otherwise the page is rendered from a request that is made of the key alone; readers who ask for the
   same meanwhile wait for the same answer.
4. A change that is heard (``public_changes``) drops the answers that are made of it. What was being rendered then is given
   to those who wait, and not kept.

Readers have turns of their own (``limits.READERS_ANSWERING_MOST``), also for what is not kept: unknown hosts, forms sent
to a page, answers that are too large. So none of it takes the turns of the console.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port
from django.utils import timezone

from arengo.config.serving import limits
from arengo.config.serving.handler import READERS, Rendered
from arengo.config.serving.protocol import reader_is_gone
from arengo.config.serving.public_dates import Dates, is_unchanged, written
from arengo.config.serving.public_memory import ALONE, Answer, Form, Key, Memory, prepare
from arengo.config.serving.public_requests import (
    NOWHERE,
    Head,
    Scope,
    is_https,
    known_parameters,
    place_of,
    read_head,
    request_of,
)
from arengo.core.console_address import CONSOLE
from arengo.core.logs import named
from arengo.core.public_pages import PublicPage

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_PIECE = 64 * limits.KiB  # of a body: who takes no more holds no more of it in the server's buffer
_KEPT = {200, 301, 302, 307, 308, 404, 410}  # other answers are each reader's own
_NO_GZIP = re.compile(rb"gzip\s*;\s*q=0(\.0*)?\s*(,|$)", re.IGNORECASE)
_BUSY = Answer(Form(503, [(b"retry-after", b"5"), (b"content-length", b"0")], b""))

log = logging.getLogger(__name__)


class Django(Protocol):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...

    async def render(self, scope: Any) -> Rendered: ...


class Site(NamedTuple):
    """A host that serves an organization. ``host`` as the pages write it, with its port where it has one."""

    host: str
    organization: int
    language: str = ""  # the organization's; "" for the installation's


@dataclass(eq=False)
class _Rendering:
    """One page that is being rendered; ``dropped``: something that it shows has changed since it began."""

    organization: int
    tables: frozenset[str]
    answer: asyncio.Future[Answer] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    dropped: bool = False


class PublicDoor:
    """One a process. Only its event loop calls it."""

    def __init__(self, django: Django, memory: Memory | None = None) -> None:
        self._django = django
        self._memory = memory or Memory()
        self._dates = Dates()
        self._rendering: dict[Key, _Rendering] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sites: Mapping[str, Site] = {}
        self._watched: frozenset[str] = frozenset()
        self._hears = False
        self._begins: asyncio.Event | None = None  # until it is set the sites are being asked for
        self._unlistened: set[str] = set()
        self._language_cookie = str(settings.LANGUAGE_COOKIE_NAME)
        self._languages = frozenset(dict(settings.LANGUAGES))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path.startswith(CONSOLE):
            await self._django(scope, receive, send)
            return
        place = place_of(path, str(settings.ROOT_URLCONF))
        if place.readers:
            scope[READERS] = True
        answer = None
        if place.page is not None and scope["method"] in ("GET", "HEAD"):
            head = read_head(scope["headers"])
            answer = await self._answer(scope, place.path, place.page, head)
        if answer is None or answer.alone:
            await self._django(scope, receive, send)
        else:
            form = _form(answer, head)
            await send({"type": "http.response.start", "status": form.status, "headers": form.headers})
            body = b"" if scope["method"] == "HEAD" else form.body
            while len(body) > _PIECE and not reader_is_gone(scope):
                await send({"type": "http.response.body", "body": body[:_PIECE], "more_body": True})
                body = body[_PIECE:]
            await send({"type": "http.response.body", "body": body})

    def at_once(self, scope: Scope) -> Form | None:
        """What a GET or HEAD gets if that is in memory; None: the door is to be asked in full."""
        path: str = scope["path"]
        if path.startswith(CONSOLE):
            return None
        place = place_of(path, str(settings.ROOT_URLCONF))
        if place.page is None:
            return None
        head = read_head(scope["headers"])
        asked = self._asked(scope, place.path, place.page, head)
        answer = None if asked is None else self._ready(asked[0])
        return None if answer is None or answer.alone else _form(answer, head)

    # --- what changes say (public_changes.py) ---

    def begins(self) -> None:
        """The sites are being asked for: the first readers wait for that, instead of asking Django one by one."""
        self._begins = asyncio.Event()

    def hears(self, sites: Mapping[str, Site], watched: Iterable[str]) -> None:
        """From now on changes of these tables are told. What was kept before is dropped unless it was heard all along."""
        if not self._hears or sites != self._sites:
            self._forget()
        self._sites, self._watched, self._hears = sites, frozenset(watched), True
        if self._begins is not None:
            self._begins.set()

    def lost(self) -> None:
        """Changes are not heard any more: nothing that is in memory can be believed."""
        self._hears = False
        self._forget()

    def changed(self, organization: int | None, table: str) -> None:
        """A row of this table, of this organization (None: of any), is not what it was."""
        self._memory.drop(organization, table)
        self._dates.drop(organization, table)
        for key, rendering in list(self._rendering.items()):
            if organization in (None, rendering.organization) and table in rendering.tables:
                self._leave(key, rendering)

    @property
    def held(self) -> int:
        """Bytes in memory."""
        return self._memory.bytes

    def _forget(self) -> None:
        self._memory.clear()
        self._dates.clear()
        for key, rendering in list(self._rendering.items()):
            self._leave(key, rendering)

    def _leave(self, key: Key, rendering: _Rendering) -> None:
        rendering.dropped = True
        if self._rendering.get(key) is rendering:  # who asks from now on gets a newer one
            del self._rendering[key]

    # --- answering ---

    def _asked(self, scope: Scope, path: str, page: PublicPage, head: Head) -> tuple[Key, Site] | None:
        """None: it is no request that readers share."""
        if head.host is None or head.body:
            return None
        # The site that the Host header means, however it is spelt.
        spelt = head.host.decode("latin1")
        site = self._sites.get(spelt)
        if site is None:
            domain, port = split_domain_port(spelt.lower())
            site = self._sites.get(f"{domain}:{port}" if port else domain)
        if site is None:
            return None
        key = Key(
            site.host,
            is_https(scope, head.proto),
            path,
            known_parameters(scope["query_string"], page),
            self._language(head.cookies, site) if page.words else str(settings.LANGUAGE_CODE),
        )
        return key, site

    async def _answer(self, scope: Scope, path: str, page: PublicPage, head: Head) -> Answer | None:
        """None: Django is to be asked, for this reader alone."""
        if self._begins is not None and not self._begins.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(limits.SITES_WITHIN):
                    await self._begins.wait()
        asked = self._asked(scope, path, page, head)
        if asked is None:
            return None
        key, site = asked
        found = self._ready(key)
        if found is not None:
            return found
        rendering = self._rendering.get(key)
        if rendering is None:
            rendering = self._rendering[key] = _Rendering(site.organization, page.tables)
            task = asyncio.create_task(self._render(key, page, rendering))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            async with asyncio.timeout(limits.PAGE_WITHIN):
                return await asyncio.shield(rendering.answer)
        except TimeoutError:
            return _BUSY

    def _ready(self, key: Key) -> Answer | None:
        """What is in memory, dated as soon as a date can tell it from what was there before."""
        now = asyncio.get_running_loop().time()
        answer = self._memory.get(key, now)
        if answer is None or now < answer.dated_from:
            return answer
        answer = answer.dated(written(answer.modified or 0))
        self._memory.replace(key, answer)
        return answer

    async def _render(self, key: Key, page: PublicPage, rendering: _Rendering) -> None:
        answer, shared = _BUSY, False
        try:
            rendered = await self._django.render(request_of(key))
            answer = await _prepared(rendered, page)
            if answer.plain.status == 404:
                # All pages that are not there have the same words: the bytes are kept once.
                nowhere = key._replace(path=NOWHERE, query="")
                known = self._memory.get(nowhere, asyncio.get_running_loop().time())
                if known is not None and known.plain == answer.plain and key != nowhere:
                    answer, shared = known, True
            if not rendering.dropped:
                self._keep(key, answer, rendering, rendered.until, shared=shared)
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait get an answer
            log.error("A public page could not be rendered (%s).", named(error))
        finally:
            if self._rendering.get(key) is rendering:
                del self._rendering[key]
            if not rendering.answer.done():
                rendering.answer.set_result(answer)

    def _keep(
        self, key: Key, answer: Answer, rendering: _Rendering, until: datetime | None, *, shared: bool
    ) -> None:
        now = asyncio.get_running_loop().time()
        seconds = limits.PAGE_KEPT
        if answer.plain.status >= 500:
            seconds = limits.PAGE_FAILED_KEPT
        elif not self._hears:
            seconds = limits.UNHEARD_KEPT
        elif unwatched := rendering.tables - self._watched:
            seconds = limits.UNHEARD_KEPT
            for table in unwatched - self._unlistened:
                self._unlistened.add(table)
                log.error("Changes of %s are not told: pages that show it are kept for a moment only.", table)
        elif answer.plain.unchanged is not None:
            # Only pages whose changes are heard get a date: of others nobody knows since when they are so.
            clock = time.time()
            modified = self._dates.of(key, min(answer.tags), rendering.organization, rendering.tables, clock)
            settles = now + max(0.0, modified + limits.PAGE_SETTLES - clock)
            answer = replace(answer, modified=modified, dated_from=settles)
        if until is not None:
            seconds = min(seconds, (until - timezone.now()).total_seconds())
        if seconds > 0:
            self._memory.put(
                key, answer, rendering.organization, rendering.tables, now + seconds, shared=shared
            )

    def _language(self, cookies: bytes, site: Site) -> str:
        """As core.languages finds it for public pages."""
        own = site.language if site.language in self._languages else str(settings.LANGUAGE_CODE)
        if self._language_cookie.encode() not in cookies:
            return own
        chosen = parse_cookie(cookies.decode("latin1")).get(self._language_cookie, "")
        return chosen if chosen in self._languages else own


async def _prepared(rendered: Rendered, page: PublicPage) -> Answer:
    content = rendered.content
    if content is None or rendered.sets_cookies or (rendered.status not in _KEPT and rendered.status < 500):
        if rendered.sets_cookies:
            log.error("A public page sets a cookie: it is not kept.")
        return ALONE
    return await asyncio.to_thread(prepare, rendered.status, rendered.headers, content, words=page.words)


def _form(answer: Answer, head: Head) -> Form:
    accepts = answer.packed is not None and b"gzip" in head.encodings and not _NO_GZIP.search(head.encodings)
    form = answer.packed if accepts and answer.packed is not None else answer.plain
    if form.unchanged is None:
        return form
    if head.seen:
        seen = [tag.strip().removeprefix(b"W/") for tag in head.seen.split(b",")]
        return form.unchanged if head.seen.strip() == b"*" or not answer.tags.isdisjoint(seen) else form
    if head.since and answer.is_dated and is_unchanged(head.since, answer.modified or 0, time.time()):
        return form.unchanged
    return form
