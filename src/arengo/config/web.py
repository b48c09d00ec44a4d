# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Four doors of the web process, told apart by the path: webhooks, static files, public pages, Django; and its heartbeat."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from servestatic import ServeStaticASGI

from arengo.config.heartbeats import Heart
from arengo.config.serving.public_changes import Changes
from arengo.config.serving.public_door import PublicDoor
from arengo.config.serving.public_memory import Form
from arengo.config.static_files import NAMED_BY_CONTENT
from arengo.core import collector
from arengo.core.live import switchboard
from arengo.core.middleware import page_headers
from arengo.intake.endpoint import Endpoint

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_HOOKS, _HEALTH = "/hooks/", "/healthz"


class Web:
    def __init__(self, django: App, public: PublicDoor | None = None) -> None:
        self._public = public
        self._others = (_HOOKS, _HEALTH, str(settings.STATIC_URL))
        self._hooks = Endpoint(most_bytes=settings.ARENGO_JOURNAL_MOST_BYTES)
        self._site = ServeStaticASGI(
            public or django,
            root=settings.STATIC_ROOT,
            prefix=settings.STATIC_URL,
            max_age=0,  # a name without the content's mark may change: ask each time
            immutable_file_test=NAMED_BY_CONTENT,
            add_headers_function=_dress,
        )

    def at_once(self, scope: Scope) -> Form | None:
        """For the server (``serving/protocol.py``): a public page that is ready. The other doors take their time."""
        if self._public is None or str(scope["path"]).startswith(self._others):
            return None
        return self._public.at_once(scope)

    def closing(self) -> None:
        """For the server (``serving/protocol.py``): it ends, and waits for the answers that are under way."""
        switchboard.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(_HOOKS):
            await self._hooks(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == _HEALTH:
            # ``/healthz``: the process lives. Nothing else is asked, no database above all.
            body = b'{"status": "ok"}'
            headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
            headers += [(name.lower().encode(), value.encode()) for name, value in page_headers().items()]
            headers.append((b"cache-control", b"no-store"))
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})
        elif scope["type"] == "lifespan":
            await _live(receive, send, self._public)
        else:
            await self._site(scope, receive, send)


def _dress(headers: Headers, path: str, url: str) -> None:
    """A static file carries the headers of a page."""
    for name, value in page_headers().items():
        headers[name] = value


async def _live(receive: Receive, send: Send, public: PublicDoor | None) -> None:
    """The server says when the process begins and when it ends."""
    heart = Heart("web", _sees)
    tasks: list[asyncio.Task[None]] = []
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _end_with_parent()
            # As many open files as this user may have: each connection is one, and many systems begin with 1,024.
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            if soft != hard:
                with contextlib.suppress(OSError, ValueError):
                    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            collector.freeze()
            tasks.append(asyncio.create_task(heart.beat_forever()))
            if public is not None:
                tasks.append(asyncio.create_task(Changes(public).listen_forever()))
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            for task in tasks:
                task.cancel()
            await heart.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _sees() -> dict[str, Any]:
    """What the process has in hand, for its heartbeat."""
    return {"tasks": len(asyncio.all_tasks()), "streams": switchboard.streams}


def _end_with_parent() -> None:
    """One of several web processes: if what started them is killed, none of them keeps the port."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()
