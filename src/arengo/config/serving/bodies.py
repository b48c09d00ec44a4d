# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receives the body of a request for Django: as large as the path and the sign-in allow, and no slower than it may be.

What exceeds the ceiling is never stored: it is read and thrown away for a moment, so that the sender sees the answer
instead of a broken connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import IO, Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import RequestAborted, SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.db import DatabaseError, connections
from django.urls import Resolver404, resolve

from arengo.config.serving import limits
from arengo.config.serving.turns import TooManyWait, Turns
from arengo.core import outside
from arengo.core.middleware import organization_for
from arengo.core.models import Membership
from arengo.core.scope import organization_scope
from arengo.core.sessions import is_over
from arengo.core.uploads import BodyRefused, body_most_bytes

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]

_THROWN_AWAY_WITHIN = 5.0  # seconds
_THROWN_AWAY = {False: 8 * limits.MiB, True: 256 * limits.MiB}  # bytes, of a stranger and of a member


@dataclass
class _Allowance:
    """How much of one body is taken; it grows once, when the body shows that it needs more than anybody may send."""

    most_bytes: int = limits.ANONYMOUS_MOST_BYTES
    member: bool = False
    asked: bool = False
    large: bool = False  # holds one of the places of LARGE_AT_ONCE


class BodyReader:
    """One a process."""

    def __init__(self, turns: Turns) -> None:
        self._turns = (
            turns  # of those who ask the database: strangers' claims wait among the pages, not beside them
        )
        self._large = 0

    async def read(self, scope: Scope, receive: Receive) -> IO[bytes]:
        """The whole body, rewound. BodyRefused; RequestAborted when the other side is gone."""
        allowance = _Allowance()
        body = empty()
        try:
            await self._fill(body, scope, receive, allowance)
        except BaseException:
            body.close()
            raise
        finally:
            if allowance.large:
                self._large -= 1
        body.seek(0)
        return body

    async def _fill(self, body: IO[bytes], scope: Scope, receive: Receive, allowance: _Allowance) -> None:
        declared = _declared(scope)
        if declared > allowance.most_bytes:
            await self._must_fit(scope, receive, allowance, declared)
        loop = asyncio.get_running_loop()
        began, size = loop.time(), 0
        more = True
        while more:
            message = await _next(receive, limits.BODY_SILENCE)
            piece = message.get("body", b"")
            more = bool(message.get("more_body"))
            size += len(piece)
            if size > allowance.most_bytes:
                await self._must_fit(scope, receive, allowance, size)
            if more and loop.time() - began > limits.BODY_SILENCE + size / limits.BODY_SLOWEST:
                raise BodyRefused(408)
            body.write(piece)

    async def _must_fit(self, scope: Scope, receive: Receive, allowance: _Allowance, size: int) -> None:
        """Asks, once, how much this path takes from this person."""
        if not allowance.asked:
            allowance.asked = True
            most = _path_takes(scope["path"])
            allowance.member = await self._is_member(scope)
            if allowance.member:
                allowance.most_bytes = most
        if size > allowance.most_bytes:
            await _throw_away(receive, _THROWN_AWAY[allowance.member])
            raise BodyRefused(413, allowance.most_bytes)
        if size > limits.SIGNED_IN_MOST_BYTES and not allowance.large:
            if self._large >= limits.LARGE_AT_ONCE:
                await _throw_away(receive, _THROWN_AWAY[allowance.member])
                raise BodyRefused(503)
            self._large += 1
            allowance.large = True

    async def _is_member(self, scope: Scope) -> bool:
        try:
            async with self._turns.one(), ThreadSensitiveContext():
                return await sync_to_async(_is_member)(scope)
        except (TooManyWait, DatabaseError):
            raise BodyRefused(503) from None


def empty() -> IO[bytes]:
    """The caller closes it."""
    return tempfile.SpooledTemporaryFile(max_size=limits.IN_MEMORY_MOST_BYTES)


def _declared(scope: Scope) -> int:
    """The declared length: the server's parser lets digits pass only, and at most 2**64."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)
    return 0


async def _next(receive: Receive, within: float) -> Mapping[str, Any]:
    try:
        async with asyncio.timeout(within):
            message = await receive()
    except TimeoutError:
        raise BodyRefused(408) from None
    if message["type"] == "http.disconnect":
        raise RequestAborted
    return message


async def _throw_away(receive: Receive, most_bytes: int) -> None:
    """Reads on for a moment: a sender that is cut off while it writes sees no answer."""
    thrown = 0
    with contextlib.suppress(TimeoutError, BodyRefused, RequestAborted):
        async with asyncio.timeout(_THROWN_AWAY_WITHIN):
            while thrown < most_bytes:
                message = await _next(receive, _THROWN_AWAY_WITHIN)
                thrown += len(message.get("body", b""))
                if not message.get("more_body"):
                    return


def _path_takes(path: str) -> int:
    """What the view at this path takes of a member."""
    try:
        view = resolve(path).func
    except Resolver404:
        return limits.ANONYMOUS_MOST_BYTES
    return body_most_bytes(view, limits.SIGNED_IN_MOST_BYTES)


def _is_member(scope: Scope) -> bool:
    """Whether the session's cookie is that of a member of the host's organization. Asked only of large bodies."""
    try:
        with tempfile.TemporaryFile() as nothing:
            request = ASGIRequest({**scope, "method": "GET"}, nothing)
            key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
            organization = organization_for(request.get_host())
            if not key or not outside.addressable(key) or organization is None:
                return False
            request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
            user = get_user(request)
            if not user.is_authenticated or is_over(request.session):
                return False
            with organization_scope(organization):
                return Membership.objects.filter(person_id=user.pk).exists()
    except (SuspiciousOperation, ValueError, LookupError):  # a head that is none: Django will say so itself
        return False
    finally:
        connections.close_all()
