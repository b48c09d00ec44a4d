# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A web site on this machine that answers as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Answering = Callable[[BaseHTTPRequestHandler], None]
HTML = {"Content_Type": "text/html; charset=utf-8"}


def says(status: int, body: bytes = b"", **headers: str) -> Answering:
    """``headers``: with ``_`` for ``-``."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


class Site(ThreadingHTTPServer):
    """``answers``: by path, what each GET gets; all else is 404. ``asked``: the paths that were asked for."""

    daemon_threads = True
    answers: dict[str, Answering]
    asked: list[str]

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if not isinstance(self.server, Site):
            raise TypeError(type(self.server))
        self.server.asked.append(self.path)
        self.server.answers.get(self.path, says(404))(self)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running() -> Iterator[Site]:
    with Site(("127.0.0.1", 0), _Handler) as server:
        server.answers, server.asked = {}, []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as server:
        yield server
