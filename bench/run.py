# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every row works with: the installation, the outside, and the drain that most rows measure."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.city import City, Counters, city
from bench.installation import Installation
from bench.outside import Outside
from bench.processes import Failed, Process, Processes, until

ACCEPTED = 20  # delivery.models.DeliveryState


@dataclass(frozen=True)
class Drained:
    """One outbox emptied by one worker, as seen from outside, until the last result was in the database."""

    count: int
    seconds: float
    memory: float  # MB, the worker's peak

    @property
    def rate(self) -> float:
        return self.count / self.seconds


class Run:
    def __init__(self, installation: Installation, *, quick: bool) -> None:
        self.installation = installation
        self.quick = quick
        self._outside: Outside | None = None
        self._began = time.monotonic()

    @property
    def processes(self) -> Processes:
        return self.installation.processes

    @property
    def outside(self) -> Outside:
        """One emulated Graph server for all rows."""
        if self._outside is None:
            self._outside = Outside(self.processes)
        return self._outside

    def size(self, whole: int, quick: int) -> int:
        return quick if self.quick else whole

    def say(self, words: str) -> None:
        print(f"  {time.monotonic() - self._began:5.0f} s  {words}", flush=True)

    def fresh_city(self, *, numbers: int = 4, rate: int | None = None) -> City:
        """A new database with a Comune, and an outside that remembers nothing."""
        self.installation.fresh()
        self.outside.set(reset=True, latency_ms=0, receipts=None)
        return city(self.outside.url, numbers=numbers, **({} if rate is None else {"rate": rate}))

    def drain(self, count: int, *, within: float = 900.0) -> Drained:
        """Start a worker on a filled outbox, and wait until all is accepted and recorded. Checked: each once, none twice."""
        with self.installation.connect() as database:
            counters = Counters(database)
            worker = self.installation.worker()
            until(lambda: self.outside.count() > 0, 60, "the first message", worker)
            starting = worker.processor_seconds()
            until(lambda: _ended(counters) >= count, within, "the outbox", worker, step=0.05)
            ended = time.monotonic()
            processor = worker.processor_seconds() - starting
            drained = Drained(count, ended - self.outside.state()["first"], worker.peak_memory())
            self.say(f"worker: {processor / count * 1e6:.0f} µs of processor a message; {self.used()}")
            self.processes.end(worker)
            self.check(counters, count)
        return drained

    def used(self, *ours: Process) -> str:
        """What these processes and PostgreSQL's sessions have used of the processor so far."""
        sessions = self.installation.postgres_seconds()
        parts = [f"{each.name} {each.processor_seconds():.1f}" for each in ours]
        parts += [
            f"PostgreSQL's {name} {seconds:.1f}" for name, seconds in sessions.items() if seconds >= 0.2
        ]
        return f"processor seconds: {', '.join(parts)}"

    def check(self, counters: Counters, count: int) -> None:
        """Nothing lost, nothing twice: in the database and at the platform."""
        state = self.outside.state()
        states = counters.states()
        if (state["count"], state["distinct"]) != (count, count) or states != {ACCEPTED: count}:
            raise Failed(
                f"{count} deliveries: {state['count']} sent, {state['distinct']} different, states {states}"
            )

    def outside_rate(self, client: Process, within: float = 300.0) -> float:
        """Messages a second that a client managed, seen from outside, until it ended."""
        until(lambda: self.outside.count() > 0, 60, "the first message", client)
        starting = client.processor_seconds()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        client.wait(within)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.processes.end(client)
        state = self.outside.state()
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime - starting
        self.say(f"{client.name}: {used / max(1, state['count']) * 1e6:.0f} µs of processor a message")
        self.outside.set(reset=True)
        seconds = state["last"] - state["first"]
        return float((state["count"] - 1) / seconds) if seconds else 0.0


def _ended(counters: Counters) -> int:
    totals = counters.totals()
    return totals["accepted"] + totals["failed"] + totals["unknown"]


def interleaved(rounds: int, *measures: Callable[[], float]) -> list[list[float]]:
    """Each measure so many times, in turns: what else the machine does then concerns all alike."""
    found: list[list[float]] = [[] for _ in measures]
    for _ in range(rounds):
        for values, measure in zip(found, measures, strict=True):
            values.append(measure())
    return found


def median(values: list[float]) -> float:
    return float(statistics.median(values))
