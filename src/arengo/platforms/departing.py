# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether anything of a request left this machine: what failed before that surely did not arrive.

``connections.session`` watches with aiohttp's own tracing, ``answers.ask`` tells. A caller several floors up that must
know (the dispatcher, of an exception that nobody foresaw) sets ``departure`` before and looks at it afterwards.
"""

from __future__ import annotations

from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp


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


def watch() -> aiohttp.TraceConfig:
    """For a session: tells the ``Departure`` given with each request (``trace_request_ctx``)."""
    watching = aiohttp.TraceConfig()
    watching.on_request_headers_sent.append(_begin)
    return watching


def is_watched(http: aiohttp.ClientSession) -> bool:
    return any(_begin in each.on_request_headers_sent for each in http.trace_configs)


async def _begin(
    _session: aiohttp.ClientSession,
    context: SimpleNamespace,
    _told: aiohttp.TraceRequestHeadersSentParams,
) -> None:
    """aiohttp calls it before it writes the first byte."""
    if isinstance(context.trace_request_ctx, Departure):
        context.trace_request_ctx.begin()
