# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Three doors of the web process, told apart by the first part of the path; and its heartbeat, from start to stop."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from servestatic import ServeStaticASGI

from arengo.config.heart import Heart
from arengo.config.static_files import NAMED_BY_CONTENT
from arengo.core import garbage
from arengo.intake.endpoint import Endpoint

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Web:
    def __init__(self, django: App) -> None:
        self._hooks = Endpoint(most_bytes=settings.ARENGO_JOURNAL_MOST_BYTES)
        self._site = ServeStaticASGI(
            django,
            root=settings.STATIC_ROOT,
            prefix=settings.STATIC_URL,
            max_age=0,  # a name without the content's mark may change: ask each time
            immutable_file_test=NAMED_BY_CONTENT,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/hooks/"):
            await self._hooks(scope, receive, send)
        elif scope["type"] == "lifespan":
            await _live(receive, send)
        else:
            await self._site(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    """The server says when the process begins and when it ends."""
    heart = Heart("web")
    beating: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _end_with_parent()
            garbage.settle()
            beating = asyncio.create_task(heart.beat_forever())
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if beating is not None:
                beating.cancel()
            await heart.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _end_with_parent() -> None:
    """One of several web processes: if what started them is killed, none of them keeps the port."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()
