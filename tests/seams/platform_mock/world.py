# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gabbiano's own server, and a person on it: the outside world of the seam."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from tests.seams.platform_mock.platform import HEADER

TOKEN, SECRET = "gabbiano-token", "gabbiano-secret"


class World:
    """``sent``: what reached whom, in order. ``refuses``: users to whom nothing goes, with the status that says so."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.refuses: dict[str, int] = {}
        self.url = ""
        self._ids = count(1)

    def answer(self, token: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if token != TOKEN:
            return 401, {}
        if "to" not in body:
            return 200, {"name": "Comune di Esempio"}
        if body["to"] in self.refuses:
            return self.refuses[body["to"]], {}
        self.sent.append((body["to"], body["text"]))
        return 200, {"id": f"gull-{next(self._ids)}"}


@contextmanager
def world() -> Iterator[World]:
    made = World()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, said = made.answer(self.headers.get(HEADER, ""), body)
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_given: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
