# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Knocks at a webhook address over many connections, with requests made and signed beforehand; says how it went.

A process of its own: ``python -m bench.knock --hook http://… --first 1 --count 40000 --per-post 1 --status delivered --out f.json``.
``--ids``: a file of the delivery ids (64 bits each) in the order in which the platform took the messages, so that each receipt
names its message by both ids, as the platform's do; without it they are of no message of ours.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from bench.messages import arrival, phone, written
from bench.receipts import payload, status
from bench.wire import Caller, signed_post


def requests(chosen: argparse.Namespace) -> list[bytes]:
    """One request for each ``per_post`` deliveries, in their order."""
    hook = urlsplit(chosen.hook)
    number, account, state = chosen.number.encode(), chosen.account.encode(), chosen.status.encode()
    now = int(time.time())
    if chosen.say:
        return [
            signed_post(hook.netloc, hook.path, body, chosen.secret.encode())
            for body in arrivals(chosen, now)
        ]
    ids = array("q", Path(chosen.ids).read_bytes()) if chosen.ids else array("q", range(1, chosen.count + 1))
    first = min(ids)
    made = []
    for start in range(0, chosen.count, chosen.per_post):
        statuses = [
            status(
                b"wamid.HBgMMzkzMzMwMDAwMDAwFQIAERgS%022XAA==" % (index + 1),
                state,
                phone(ids[index] - first).lstrip("+").encode(),
                str(ids[index]).encode(),
                now,
            )
            for index in range(start, min(start + chosen.per_post, chosen.count))
        ]
        made.append(
            signed_post(hook.netloc, hook.path, payload(account, number, statuses), chosen.secret.encode())
        )
    return made


def arrivals(chosen: argparse.Namespace, now: int) -> Iterator[bytes]:
    """Webhooks in which ``count`` citizens, from ``first`` on, say the same, ``per_post`` of them each."""
    end = chosen.first + chosen.count
    for start in range(chosen.first, end, chosen.per_post):
        people = range(start, min(start + chosen.per_post, end))
        yield arrival(chosen.account, chosen.number, [written(index, chosen.say, now) for index in people])


class Knocking:
    """Every connection sends its next request as soon as it has the answer to the last."""

    def __init__(self, waiting: list[bytes]) -> None:
        self._waiting = list(reversed(waiting))
        self._total = len(waiting)
        self._sent_at: dict[Caller, float] = {}
        self._done = asyncio.get_running_loop().create_future()
        self.seconds: list[float] = []
        self.statuses: dict[int, int] = {}
        self.first = self.last = 0.0

    async def run(self, host: str, port: int, connections: int) -> None:
        loop = asyncio.get_running_loop()
        callers = []
        for _ in range(min(connections, self._total)):
            _, caller = await loop.create_connection(lambda: Caller(self._answered), host, port)
            callers.append(caller)
        self.first = time.monotonic()
        for caller in callers:
            self._next(caller)
        await self._done
        self.last = time.monotonic()

    def _next(self, caller: Caller) -> None:
        self._sent_at[caller] = time.monotonic()
        caller.send(self._waiting.pop())

    def _answered(self, caller: Caller, status: int) -> None:
        self.seconds.append(time.monotonic() - self._sent_at[caller])
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if len(self.seconds) == self._total or not caller.open:
            if not self._done.done():
                self._done.set_result(None)
        elif self._waiting:
            self._next(caller)

    def report(self) -> dict[str, object]:
        ordered = sorted(self.seconds)
        return {
            "first": self.first,
            "last": self.last,
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "p50": ordered[len(ordered) // 2],
            "p99": ordered[len(ordered) * 99 // 100],
            "worst": ordered[-1],
        }


async def _run(chosen: argparse.Namespace) -> dict[str, object]:
    hook = urlsplit(chosen.hook)
    knocking = Knocking(requests(chosen))
    await knocking.run(hook.hostname or "127.0.0.1", hook.port or 80, chosen.connections)
    return knocking.report()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--hook", "--number", "--account", "--secret", "--status", "--out"):
        parser.add_argument(name, required=True)
    parser.add_argument("--say", default="")  # words of citizens instead of receipts
    parser.add_argument("--ids", default="")
    for name, default in (("--first", 1), ("--count", 1000), ("--per-post", 1), ("--connections", 64)):
        parser.add_argument(name, type=int, default=default)
    chosen = parser.parse_args()
    Path(chosen.out).write_text(json.dumps(uvloop.run(_run(chosen))))


if __name__ == "__main__":
    main()
