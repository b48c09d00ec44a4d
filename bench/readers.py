# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads public pages over many connections, as fast as they come or so many a second; says how it went.

A process of its own: ``python -m bench.readers --web http://… --paths / /canale/ --count 20000 --connections 64 --out f.json``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from bench.wire import Caller


def request(host: str, path: str) -> bytes:
    """What a browser sends, shortened."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:130.0)\r\n"
        "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nAccept-Language: it,en;q=0.5\r\n"
        "Accept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\n\r\n"
    ).encode()


class Reading:
    """Each connection asks for its next page when it has the last one and, with a rate, when its time has come."""

    def __init__(self, requests: list[bytes], count: int, rate: float, seconds: float) -> None:
        self._requests = requests
        self._count = count
        self._rate = rate
        self._ends = time.monotonic() + seconds if seconds else float("inf")
        self._asked = 0
        self._sent_at: dict[Caller, float] = {}
        self._loop = asyncio.get_running_loop()
        self._done = self._loop.create_future()
        self.seconds: list[float] = []
        self.statuses: dict[int, int] = {}
        self.began = 0.0
        self.ended = 0.0

    async def run(self, host: str, port: int, connections: int) -> None:
        callers = []
        for _ in range(connections):
            _, caller = await self._loop.create_connection(lambda: Caller(self._answered), host, port)
            callers.append(caller)
        self.began = time.monotonic()
        for caller in callers:
            self._next(caller)
        await self._done
        self.ended = time.monotonic()

    def _next(self, caller: Caller) -> None:
        if self._asked >= self._count or time.monotonic() > self._ends:
            self._finish()
            return
        due = self.began + self._asked / self._rate if self._rate else 0.0
        self._asked += 1
        wait = due - time.monotonic()
        if wait > 0.001:
            self._loop.call_later(wait, self._ask, caller)
        else:
            self._ask(caller)

    def _ask(self, caller: Caller) -> None:
        self._sent_at[caller] = time.monotonic()
        caller.send(self._requests[self._asked % len(self._requests)])

    def _answered(self, caller: Caller, status: int) -> None:
        self.seconds.append(time.monotonic() - self._sent_at[caller])
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if caller.open:
            self._next(caller)
        else:
            self._finish()

    def _finish(self) -> None:
        if not self._done.done():
            self._done.set_result(None)

    def report(self) -> dict[str, object]:
        ordered = sorted(self.seconds)
        return {
            "count": len(ordered),
            "rate": len(ordered) / (self.ended - self.began),
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "p50": ordered[len(ordered) // 2],
            "p99": ordered[len(ordered) * 99 // 100],
            "worst": ordered[-1],
        }


async def _run(chosen: argparse.Namespace) -> dict[str, object]:
    where = urlsplit(chosen.web)
    requests = [request(chosen.host or where.netloc, path) for path in chosen.paths]
    reading = Reading(requests, chosen.count, chosen.rate, chosen.seconds)
    await reading.run(where.hostname or "127.0.0.1", where.port or 80, chosen.connections)
    return reading.report()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--web", required=True)
    parser.add_argument("--host", default="")
    parser.add_argument("--paths", nargs="+", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--count", type=int, default=10**9)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rate", type=float, default=0.0, help="a second; 0: as fast as they come")
    parser.add_argument("--seconds", type=float, default=0.0, help="0: until all are read")
    chosen = parser.parse_args()
    Path(chosen.out).write_text(json.dumps(uvloop.run(_run(chosen))))


if __name__ == "__main__":
    main()
