# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Graph API for measuring against, in a process of its own: ``python -m bench.graph --port 9000``.

It accepts ``POST /v24.0/<number>/messages`` from anybody as fast as Python can, after a latency if told so, and
remembers of each message only the opaque data, the number and the time. What it saw from the outside is what rows report.
When told so it posts signed receipts (sent, delivered, read) back at once. Steered by HTTP below ``/bench/``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
import time
from array import array
from typing import Any

import uvloop

from bench.receipts import Receipts, ReceiptSettings
from bench.wire import END_OF_HEAD, length_of_body

_OPAQUE = re.compile(rb'"biz_opaque_callback_data": ?"([^"]*)"')
_TO = re.compile(rb'"to": ?"\+?(\d+)"')
_ANSWER_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\nFacebook-Api-Version: v24.0\r\nContent-Length: "


class Ledger:
    """What was accepted. Times are of the monotonic clock, which all processes of a machine share."""

    def __init__(self) -> None:
        self.opaque = array("q")  # 0 where it was no number
        self.times = array("d")
        self.numbers: dict[bytes, int] = {}

    def accept(self, number: bytes, opaque: bytes) -> int:
        self.opaque.append(int(opaque) if opaque.isdigit() else 0)
        self.times.append(time.monotonic())
        self.numbers[number] = self.numbers.get(number, 0) + 1
        return len(self.times)

    def summary(self) -> dict[str, Any]:
        known = [each for each in self.opaque if each]
        return {
            "count": len(self.times),
            "distinct": len(set(known)) + len(self.opaque) - len(known),
            "first": self.times[0] if self.times else 0.0,
            "last": self.times[-1] if self.times else 0.0,
            "numbers": {number.decode(): count for number, count in self.numbers.items()},
        }


class Graph:
    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.ledger = Ledger()
        self.receipts: Receipts | None = None
        self.loop = asyncio.get_running_loop()

    def message(self, number: bytes, body: bytes) -> bytes:
        """The answer to one send."""
        found = _OPAQUE.search(body)
        opaque = found.group(1) if found else b""
        to = _TO.search(body)
        phone = to.group(1) if to else b""
        count = self.ledger.accept(number, opaque)
        message_id = b"wamid.HBgMMzkzMzMwMDAwMDAwFQIAERgS%022XAA==" % count
        if self.receipts is not None:
            self.receipts.report(number, message_id, phone, opaque)
        answer = (
            b'{"messaging_product":"whatsapp","contacts":[{"input":"+%s","wa_id":"%s"}],'
            b'"messages":[{"id":"%s","message_status":"accepted"}]}' % (phone, phone, message_id)
        )
        return b"%s%d\r\n\r\n%s" % (_ANSWER_HEAD, len(answer), answer)

    async def steer(self, path: str, body: bytes) -> tuple[bytes, bytes]:
        """``/bench/…``: content type and body of the answer."""
        if path == "/bench/set":
            await self._set(json.loads(body))
        if path.startswith("/bench/ledger/"):
            start = int(path.rpartition("/")[2])
            ids, times = self.ledger.opaque[start:], self.ledger.times[start:]
            return b"application/octet-stream", ids.tobytes() + times.tobytes()
        if path == "/bench/count":
            return b"application/json", b'{"count":%d}' % len(self.ledger.times)
        state = self.ledger.summary()
        state["receipts"] = self.receipts.summary() if self.receipts else None
        return b"application/json", json.dumps(state).encode()

    async def _set(self, wanted: dict[str, Any]) -> None:
        if "latency_ms" in wanted:
            self.latency = wanted["latency_ms"] / 1000
        if "receipts" in wanted:
            if self.receipts is not None:
                self.receipts.close()
            settings = wanted["receipts"]
            self.receipts = await Receipts.open(ReceiptSettings(**settings)) if settings else None
        if wanted.get("reset"):
            self.ledger = Ledger()


class Client(asyncio.Protocol):
    """A client's connection."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._received = b""
        self._transport: Any = None
        self._steering: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received = self._received + data if self._received else data
        while self._received:
            end = self._received.find(END_OF_HEAD)
            if end < 0:
                return
            head = self._received[:end]
            length = length_of_body(head.lower())
            if len(self._received) < end + 4 + length:
                return
            body = self._received[end + 4 : end + 4 + length]
            self._received = self._received[end + 4 + length :]
            self._request(head, body)

    def _request(self, head: bytes, body: bytes) -> None:
        _method, path, _rest = head.split(b" ", 2)
        parts = path.split(b"/")
        if len(parts) == 4 and parts[3] == b"messages":
            answer = self._graph.message(parts[2], body)
            if self._graph.latency:
                self._graph.loop.call_later(self._graph.latency, self._write, answer)
            else:
                self._transport.write(answer)
        elif path.startswith(b"/bench/"):
            task = asyncio.create_task(self._steer(path.decode(), body))
            self._steering.add(task)
            task.add_done_callback(self._steering.discard)
        else:
            self._transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)

    async def _steer(self, path: str, body: bytes) -> None:
        kind, answer = await self._graph.steer(path, body)
        self._write(
            b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
            % (kind, len(answer), answer)
        )


async def _serve(port: int, latency: float) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    graph = Graph(latency)
    server = await loop.create_server(lambda: Client(graph), "127.0.0.1", port, backlog=4096)
    await stop.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    chosen = parser.parse_args()
    uvloop.run(_serve(chosen.port, chosen.latency_ms / 1000))


if __name__ == "__main__":
    main()
