# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Uvicorn's HTTP protocol with the ceilings that it lacks: on heads, on what surrounds a body or comes after its answer,
on idle connections, on readers that do not read. And with a short way for answers that are ready.

One sweep a second looks at all connections of the process, so that a request costs no timer of its own.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from arengo.config.serving import limits

_SWEEP = 1.0  # seconds between two looks at the connections

CYCLE = "arengo.cycle"  # the key of a request's scope under which its cycle stands

log = logging.getLogger(__name__)


def reader_is_gone(scope: Any) -> bool:
    """Whether nobody waits for the answer any more, as far as this process has heard."""
    cycle: RequestResponseCycle | None = scope.get(CYCLE)
    return cycle is not None and cycle.disconnected


class Ready(Protocol):
    """An answer that is whole already: ``lines`` are its headers as they are written, Content-Length among them."""

    @property
    def status(self) -> int: ...
    @property
    def lines(self) -> bytes: ...
    @property
    def body(self) -> bytes: ...


class _HeadTooLarge(Exception):
    """Raised in a callback of the parser, which gives it back wrapped."""


class _TooManyPipelined(Exception):
    """Likewise."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection.

    431 a head larger than HEAD_MOST_BYTES · 408 one slower than HEAD_WITHIN · 503 no room for the connection · a peer
    that takes no byte of an answer for SEND_SILENCE is cut off, whatever is being sent to it, and so is one that goes on
    sending a body after its answer, or sends around a body far more than the body. Fields behind a body are no part of the
    head: what a proxy has looked at is all that counts.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_head = True  # no body is being read
        self._begun = False  # the present head has its first byte
        self._ended = False  # the piece that is being parsed held the end of a request
        self._head_bytes = 0  # of the present head, up to the last piece that did not end it
        self._piece = 0  # bytes of the piece that is being parsed
        self._head_since = 0.0  # 0 while no head is being read
        self._idle_since = 0.0  # 0 while a request is at work
        self._content = 0  # bytes of the present body
        self._around = 0  # bytes that came with it: sizes and names of chunks, fields behind it
        self._unwanted = 0  # bytes of it that came after its answer
        self._unwanted_since = 0.0  # 0 while none is on its way
        self._unread = 0  # bytes in the write buffer at the last sweep
        self._unread_since = 0.0
        self._refused = False
        self._at_once = False  # the present request was answered by _answer_at_once
        self._pieces_answer = False  # so was a request of the piece that is being parsed
        self._answering: RequestResponseCycle | None = None

    # --- the connection ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        self._head_since = self._idle_since = self.loop.time()
        # Starts the sweep of a server's connections with its first one; it ends with the last.
        key = id(self.connections)
        if key not in _sweepers:
            _sweepers[key] = self.loop.call_later(_SWEEP, _sweep, self.loop, self.connections)
        if len(self.connections) > limits.CONNECTIONS_MOST and not _make_room(self):
            self._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        """Uvicorn tells the newest request alone that its reader is gone. Here each is told, and none begins after it."""
        for cycle in (self._answering, *(waiting for waiting, _app in self.pipeline)):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        self.pipeline.clear()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Uvicorn calls this for each connection when it ends. The application first ends what never would by itself."""
        closing = getattr(self.app, "closing", None)
        if closing is not None:
            closing()
        super().shutdown()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._piece, self._ended, self._pieces_answer = len(data), False, False
        body_goes_on, content = not self._in_head, self._content
        super().data_received(data)
        if body_goes_on and not self._in_head:
            self._look_at_body(len(data), self._content - content)
        if self._in_head and (self._begun or not self._ended) and not self.transport.is_closing():
            # A head that is not whole yet, or blank lines before one.
            if not self._head_since:
                self._head_since = self.loop.time()
            self._head_bytes += len(data)
            if self._head_bytes > limits.HEAD_MOST_BYTES:
                self._refuse(431)

    def _look_at_body(self, received: int, content: int) -> None:
        """After a piece that began and ended within one request's body; ``content`` bytes of it are the body's own."""
        self._around += max(0, received - content)
        if self._around > limits.HEAD_MOST_BYTES + limits.CHUNKED_MOST_TIMES * self._content:
            self._refuse(400)
        elif self.cycle.response_complete:
            self._unwanted += received
            if self._unwanted > limits.UNWANTED_MOST_BYTES:
                self.transport.close()

    def resume_writing(self) -> None:
        self._unread_since = 0.0  # the peer took some
        super().resume_writing()

    # --- the parser's callbacks ---

    def on_message_begin(self) -> None:
        self._begun, self._at_once = True, False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if (
            self._head_bytes + self._piece > limits.HEAD_MOST_BYTES
            and (len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers))
            > limits.HEAD_MOST_BYTES
        ):
            self._refuse(431)
            raise _HeadTooLarge
        if len(self.pipeline) >= limits.PIPELINED_MOST:
            self._refuse(503)
            raise _TooManyPipelined
        self._in_head = self._begun = False
        self._head_bytes = self._content = self._around = self._unwanted = 0
        self._head_since = self._idle_since = 0.0
        if self._answer_at_once():
            return
        super().on_headers_complete()
        self.scope[CYCLE] = self.cycle  # type: ignore[literal-required]  # our own handler reads it

    def _answer_at_once(self) -> bool:
        """Whether the answer was ready and is on its way. It costs no task, and none of what Uvicorn does for one.

        One in a piece of what is received, and only while the reader has taken all that came before: more of it is not
        written without waiting. A keep-alive timer is not needed: ``sweep`` ends who is idle.
        """
        ready_for = getattr(self.app, "at_once", None)
        if (
            ready_for is None
            or self._pieces_answer
            or self.expect_100_continue
            or self.transport.is_closing()
        ):
            return False
        if self.pipeline or not (self.cycle is None or self.cycle.response_complete):
            return False
        parser = self.parser
        method = parser.get_method()
        if (
            method not in (b"GET", b"HEAD")
            or parser.get_http_version() != "1.1"
            or not parser.should_keep_alive()
        ):
            return False
        if parser.should_upgrade() or b"%" in self.url or self.transport.get_write_buffer_size():
            return False
        url = httptools.parse_url(self.url)
        self.scope["path"] = url.path.decode("ascii")
        self.scope["query_string"] = url.query or b""
        ready: Ready | None = ready_for(self.scope)
        if ready is None or len(ready.body) > limits.AT_ONCE_MOST_BYTES:
            return False
        ours = [b"%s: %s\r\n" % header for header in self.server_state.default_headers]
        body = b"" if method == b"HEAD" else ready.body
        self.transport.write(b"".join((STATUS_LINE[ready.status], *ours, ready.lines, b"\r\n", body)))
        self._at_once = self._pieces_answer = True
        self.server_state.total_requests += 1
        self._idle_since = self.loop.time()
        return True

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._content += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_head = self._ended = True
        if not self._at_once:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.pipeline:
            self._idle_since = self.loop.time()

    def send_400_response(self, msg: str) -> None:
        if not self._refused:  # else it was answered already
            super().send_400_response(msg)

    # --- ceilings ---

    def _refuse(self, status: int) -> None:
        """A whole answer, and the end of the connection. What is still under way on it is not waited for."""
        self._refused = True
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()

    def sweep(self, now: float) -> None:
        """Called once a second."""
        # Whether the peer has read nothing for too long. It reads when the buffer shrinks or writing is resumed.
        unread = self.transport.get_write_buffer_size()
        if not unread or unread < self._unread or not self._unread_since:
            self._unread_since = now if unread else 0.0
        self._unread = unread
        stuck = bool(unread) and now - self._unread_since > limits.SEND_SILENCE
        if stuck:
            self.transport.abort()
        elif self._idle_since and not self._head_since and now - self._idle_since > limits.IDLE_WITHIN:
            self.transport.close()
        elif self._head_since and now - self._head_since > limits.HEAD_WITHIN:
            # Connected and silent: closed like any idle connection. Begun and not ended: told why.
            if self._head_bytes:
                self._refuse(408)
            else:
                self.transport.close()
        elif self._in_head or self.cycle is None or not self.cycle.response_complete:
            self._unwanted_since = 0.0
        elif not self._unwanted_since:
            self._unwanted_since = now
        elif now - self._unwanted_since > limits.UNWANTED_WITHIN:
            self.transport.close()

    @property
    def idle_since(self) -> float:
        """When the connection had nothing to do any more, by the loop's clock; 0 while it has."""
        return self._idle_since

    def end_idle(self) -> None:
        self.transport.close()


def _idle(connections: set[Any]) -> list[BoundedProtocol]:
    """Those that wait for a request, or for the rest of its head, the longest waiting first."""
    waiting = [
        each
        for each in connections
        if isinstance(each, BoundedProtocol) and each.idle_since and not each.transport.is_closing()
    ]
    return sorted(waiting, key=lambda each: each.idle_since)


def _make_room(newcomer: BoundedProtocol) -> bool:
    waiting = [each for each in _idle(newcomer.connections) if each is not newcomer]
    for each in waiting[:64]:  # for the next ones too: looking for them costs
        each.end_idle()
    return bool(waiting)


_sweepers: dict[int, asyncio.TimerHandle] = {}  # by the identity of a server's set of connections


def _sweep(loop: asyncio.AbstractEventLoop, connections: set[Any]) -> None:
    _sweepers.pop(id(connections), None)
    if not connections:
        return
    now = loop.time()
    for each in list(connections):
        if isinstance(each, BoundedProtocol):
            each.sweep(now)
    for each in _idle(connections)[: -limits.IDLE_MOST]:
        each.end_idle()
    _sweepers[id(connections)] = loop.call_later(_SWEEP, _sweep, loop, connections)
