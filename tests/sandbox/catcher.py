# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A business's webhook address for tests: answers the handshake, keeps what is posted, refuses when told to."""

from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.waiting import until


@dataclass
class Posted:
    """One post as it came."""

    body: bytes
    signature: str
    at: float

    @property
    def payload(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    def signed_with(self, secret: str) -> bool:
        expected = hmac.new(secret.encode(), self.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(self.signature, f"sha256={expected}")


@dataclass
class Catcher:
    """Everything posted so far. `answer` is the status of each answer; `refused` counts those that were not 200."""

    url: str = ""
    verify_token: str = "una parola d'ordine"
    answer: int = 200
    refused: int = 0
    posts: list[Posted] = field(default_factory=list)

    def changes(self, name: str) -> list[dict[str, Any]]:
        """The `value` of every change of a field, in the order of arrival."""
        return [
            change["value"]
            for post in list(self.posts)
            for entry in post.payload["entry"]
            for change in entry["changes"]
            if change["field"] == name
        ]

    def post_of(self, name: str) -> dict[str, Any]:
        """The first post with a change of the field, once it has come."""
        found = self.wait(lambda: [p.payload for p in self.posts if f'"field":"{name}"'.encode() in p.body])
        payload: dict[str, Any] = found[0]
        changes = [change for change in payload["entry"][0]["changes"] if change["field"] == name]
        return payload | {"entry": [payload["entry"][0] | {"changes": changes[:1]}]}

    def items(self, name: str) -> list[dict[str, Any]]:
        """All `messages` or `statuses`, in the order of arrival."""
        return [item for value in self.changes("messages") for item in value.get(name, [])]

    def statuses(self, wamid: str) -> list[str]:
        return [item["status"] for item in self.items("statuses") if item["id"] == wamid]

    def wait(self, found: Callable[[], Any]) -> Any:
        """What `found` returns once it is true."""
        return until(found, lambda: f"it has not come; {len(self.posts)} posts so far")

    def wait_status(self, wamid: str, status: str) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            statuses = self.items("statuses")
            return next((s for s in statuses if s["id"] == wamid and s["status"] == status), None)

        item: dict[str, Any] = self.wait(found)
        return item

    def wait_message(self, wamid: str) -> dict[str, Any]:
        item: dict[str, Any] = self.wait(
            lambda: next((m for m in self.items("messages") if m["id"] == wamid), None)
        )
        return item


@contextmanager
def catching() -> Iterator[Catcher]:
    """A catcher on a free port of this machine."""
    catcher = Catcher()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            known = asked.get("hub.verify_token") == [catcher.verify_token]
            self._answer(200 if known else 403, asked.get("hub.challenge", [""])[0] if known else "")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if catcher.answer == 200:
                catcher.posts.append(
                    Posted(body, self.headers.get("X-Hub-Signature-256", ""), time.monotonic())
                )
            else:
                catcher.refused += 1
            self._answer(catcher.answer, "")

        def _answer(self, status: int, body: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_arguments: object) -> None:
            """Quiet: the test says what went wrong."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    catcher.url = f"http://127.0.0.1:{server.server_port}/hooks"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield catcher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
