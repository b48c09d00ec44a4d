# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether anything of a request left this machine: what failed before that surely did not arrive.

``connections.session`` makes sessions whose requests (:class:`WatchedRequest`) tell it, ``answers.ask`` says whom. A caller
several floors up that must know (the dispatcher, of an exception that nobody foresaw) sets ``departure`` before and looks at
it afterwards. aiohttp's own tracing would tell it too, and costs a tenth of all that a send costs.
"""

from __future__ import annotations

from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any
from weakref import WeakSet

import aiohttp
from aiohttp.connector import Connection


class Departure:
    """Of one request. ``begun``: its head was about to be written, or nobody watched and it may have been."""

    __slots__ = ("begun",)

    def __init__(self) -> None:
        self.begun = False

    def begin(self) -> None:
        self.begun = True
        watching = departure.get()
        if watching is not None:
            watching.begun = True


departure: ContextVar[Departure | None] = ContextVar("departure", default=None)
_leaving: ContextVar[Departure | None] = ContextVar("leaving", default=None)
_watched: WeakSet[aiohttp.ClientSession] = WeakSet()


class WatchedRequest(aiohttp.ClientRequest):
    def send(self, conn: Connection) -> Coroutine[Any, Any, aiohttp.ClientResponse]:
        """aiohttp calls it with the connection in hand, before it writes the first byte; again for each it tries anew."""
        left = _leaving.get()
        if left is not None:
            left.begin()
        return super().send(conn)


def watch(http: aiohttp.ClientSession) -> aiohttp.ClientSession:
    """``http`` makes :class:`WatchedRequest`."""
    _watched.add(http)
    return http


def leaving(http: aiohttp.ClientSession, left: Departure) -> None:
    """The next request of this task is the one that ``left`` is about."""
    if http not in _watched:
        left.begin()
    _leaving.set(left)
