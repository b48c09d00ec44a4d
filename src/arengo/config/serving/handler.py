# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Django's handler, so that nobody who is slow or gone keeps anything of ours.

Django's own keeps a thread, and with it a database connection, until the last byte of an answer was taken, and does
not close an answer whose sending raises. Here

1. the body is received first, within its ceilings (``bodies``), while nothing else is held;
2. the view runs in a thread of its own; at its end the thread's database connections go back to the pool
   and the thread ends;
3. the answer is sent, and is closed however that ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import get_script_prefix
from django.db import connections
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from arengo.config.serving import limits
from arengo.config.serving.bodies import BodyReader, empty
from arengo.config.serving.protocol import reader_is_gone
from arengo.config.serving.turns import TooManyWait, Turns
from arengo.core import public_pages
from arengo.core.clean_requests import CleanASGIHandler
from arengo.core.logs import named
from arengo.core.uploads import REFUSED, BodyRefused

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

READERS = (
    "arengo.readers"  # in a request's scope: it waits among the readers of public pages, not among the staff
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rendered:
    """One whole answer. ``content`` is None when it is too large to be held; ``until``: it holds no longer than that."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes | None
    sets_cookies: bool
    until: datetime | None


class Handler(CleanASGIHandler):
    def __init__(self) -> None:
        super().__init__()
        self._turns = Turns(limits.ANSWERING_MOST - limits.READERS_ANSWERING_MOST, limits.WAITING_MOST)
        self._readers_turns = Turns(limits.READERS_ANSWERING_MOST, limits.READERS_WAITING_MOST)
        self._bodies = BodyReader(self._turns)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"Django answers HTTP only, not {scope['type']}.")
        try:
            body = await self._bodies.read(scope, receive)
        except RequestAborted:
            return
        except BodyRefused as refused:
            # Answered by Django all the same: the page says in the reader's language what would do.
            scope[REFUSED] = refused
            body = empty()
        with body:
            response = await self._answer(scope, body)
            if response is None:
                return
            try:
                await self._send(response, receive, send)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever the server raises, it is about the connection
                if not isinstance(error, (OSError, RequestAborted)):
                    log.warning("An answer could not be sent (%s).", named(error))
            finally:
                await _close(response)

    async def render(self, scope: Any) -> Rendered:
        """The answer to a GET without a body, whole, the same for every reader; among the readers."""
        with public_pages.collecting() as moments, empty() as body:
            response = await self._answer({**scope, READERS: True}, body)
        assert response is not None  # noqa: S101 - this request has no reader who could leave
        try:
            content = await _whole(response, limits.PAGE_MOST_BYTES)
        finally:
            await _close(response)
        headers = [(name.encode("latin1"), value.encode("latin1")) for name, value in response.items()]
        sets_cookies = bool(response.cookies)
        return Rendered(
            response.status_code, headers, content, sets_cookies, min(moments) if moments else None
        )

    async def _answer(self, scope: Any, body: Any) -> HttpResponseBase | None:
        """The view's answer; None if its reader left before its turn came.

        It is not cancelled when the reader leaves later: a thread cannot be, and it ends by itself.
        """
        turns = self._readers_turns if READERS in scope else self._turns
        try:
            async with turns.one(), ThreadSensitiveContext():
                if reader_is_gone(scope):
                    return None
                set_script_prefix(get_script_prefix(scope))
                await signals.request_started.asend(sender=self.__class__, scope=scope)
                request, refusal = self.create_request(scope, body)
                if request is None:
                    assert refusal is not None  # noqa: S101 - Django gives one of both
                    return refusal
                try:
                    return await self.run_get_response(request)
                finally:
                    await sync_to_async(connections.close_all)()
        except TooManyWait:
            return _busy()

    async def _send(self, response: HttpResponseBase, receive: Receive, send: Send) -> None:
        if not response.streaming:
            await self.send_response(response, send)
            return
        if not response.is_async:  # type: ignore[attr-defined]  # a streaming one has it
            _read_in_pieces(response)
        sending = asyncio.ensure_future(self.send_response(response, send))
        leaving = asyncio.ensure_future(receive())  # the body was read: nothing but the end can come
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            if not sending.done():
                sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sending


async def _whole(response: Any, most: int) -> bytes | None:
    """The answer's body; None when it has more than ``most`` bytes, of which no more is read then."""
    if not response.streaming:
        content = bytes(response.content)
        return content if len(content) <= most else None
    if int(response.get("Content-Length", 0)) > most:
        return None
    if not response.is_async:
        _read_in_pieces(response)
    pieces: list[bytes] = []
    size = 0
    async for piece in response.streaming_content:
        size += len(piece)
        if size > most:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _busy() -> HttpResponse:
    return HttpResponse(status=503, headers={"Retry-After": "5"})


def _read_in_pieces(response: Any) -> None:
    """A plain iterator is read in a thread that keeps no connection; Django would read it whole, into memory."""
    pieces: Iterator[bytes] = iter(response.streaming_content)
    response.streaming_content = _in_thread(pieces)


async def _in_thread(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    def following() -> bytes | None:
        try:
            return next(pieces, None)
        finally:
            connections.close_all()

    while (piece := await asyncio.to_thread(following)) is not None:
        yield piece


async def _close(response: HttpResponseBase) -> None:
    """Closes files and tells Django that the request is finished; also when the task is being cancelled."""

    def close() -> None:
        try:
            response.close()
        finally:
            connections.close_all()

    await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, close))
