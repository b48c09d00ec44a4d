# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this process did lately: counts and delays, kept in memory and told with its heartbeat.

The tables hold tens of millions of rows; «how many in the last minute» would need an index that every write pays for.
The process that does the work knows it for nothing.

    process_metrics.count(ACCEPTED, sender_id, 200)
    process_metrics.delay(RECEIPTS, sender_id, [0.4, 1.2])
    process_metrics.snapshot()        # what the heartbeat carries; MetricsSnapshot.merged(…) adds up several processes
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping

import msgspec

_SLOT = 5.0  # seconds
_MINUTE = 12  # slots
_QUARTER = 180  # slots: fifteen minutes

# What is counted.
ACCEPTED = "accepted"  # messages that the platform took
RECEIPTS = "receipts"  # receipts applied; as a delay: from the platform's time to that moment
STRANGERS = "strangers"  # receipts of no message of ours: another application writes from the number, or ids that we forgot
WEBHOOKS = "webhooks"  # journal rows read; of all senders together, under 0

BOUNDS: tuple[float, ...] = (1, 2, 5, 10, 30, 60, 300, 3600)  # seconds: upper bounds of the delays' buckets


class Count(msgspec.Struct, frozen=True):
    """``total`` since the process began; ``minute`` and ``quarter``: of the last one and the last fifteen minutes."""

    total: int = 0
    minute: int = 0
    quarter: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.total + other.total, self.minute + other.minute, self.quarter + other.quarter)


class Delay(msgspec.Struct, frozen=True):
    """How long something took: how many in each bucket (the last has no bound), since the beginning and lately."""

    buckets: tuple[int, ...] = (0,) * (len(BOUNDS) + 1)
    seconds: float = 0.0  # the sum of all delays
    minute: tuple[int, ...] = (0,) * (len(BOUNDS) + 1)

    def __add__(self, other: Delay) -> Delay:
        return Delay(
            tuple(map(sum, zip(self.buckets, other.buckets, strict=True))),
            self.seconds + other.seconds,
            tuple(map(sum, zip(self.minute, other.minute, strict=True))),
        )

    @property
    def lately(self) -> float | None:
        """Of the last minute: 95 of 100 took no longer than this many seconds. None: nothing came; infinite: over an hour."""
        wanted = 0.95 * sum(self.minute)
        if not wanted:
            return None
        reached = 0
        for bound, count in zip((*BOUNDS, float("inf")), self.minute, strict=True):
            reached += count
            if reached >= wanted:
                return bound
        return float("inf")


class MetricsSnapshot(msgspec.Struct, frozen=True):
    """What a process tells of itself: name → sender's id (as text) → figures."""

    counts: dict[str, dict[str, Count]] = {}
    delays: dict[str, dict[str, Delay]] = {}

    def count(self, name: str, sender_id: int) -> Count:
        return self.counts.get(name, {}).get(str(sender_id), Count())

    def delay(self, name: str, sender_id: int) -> Delay:
        return self.delays.get(name, {}).get(str(sender_id), Delay())

    @classmethod
    def merged(cls, several: Iterable[MetricsSnapshot]) -> MetricsSnapshot:
        counts: dict[str, dict[str, Count]] = {}
        delays: dict[str, dict[str, Delay]] = {}
        for snapshot in several:
            for name, by_sender in snapshot.counts.items():
                mine = counts.setdefault(name, {})
                for key, count in by_sender.items():
                    mine[key] = mine.get(key, Count()) + count
            for name, delays_by_sender in snapshot.delays.items():
                ours = delays.setdefault(name, {})
                for key, delay in delays_by_sender.items():
                    ours[key] = ours.get(key, Delay()) + delay
        return cls(counts, delays)


class _Counter:
    """Sums by slot of time; what is older than fifteen minutes lives on in ``total`` alone."""

    __slots__ = ("slots", "total")

    def __init__(self) -> None:
        self.total = 0
        self.slots: dict[int, int] = {}

    def add(self, slot: int, number: int) -> None:
        self.total += number
        self.slots[slot] = self.slots.get(slot, 0) + number
        if len(self.slots) > 2 * _QUARTER:
            self.slots = {at: n for at, n in self.slots.items() if at > slot - _QUARTER}

    def since(self, slot: int) -> int:
        return sum(number for at, number in self.slots.items() if at > slot)


class ProcessMetrics:
    """Threads write, the heart reads."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counters: dict[tuple[str, int], _Counter] = {}
        self._delays: dict[tuple[str, int], tuple[list[_Counter], list[float]]] = {}

    def count(self, name: str, sender_id: int, number: int = 1) -> None:
        if number > 0:
            with self._lock:
                self._counters.setdefault((name, sender_id), _Counter()).add(self._slot(), number)

    def delay(self, name: str, sender_id: int, seconds: Iterable[float]) -> None:
        """A delay below zero (the clocks differ) counts as none."""
        found: dict[int, int] = {}
        total = 0.0
        for each in seconds:
            bucket = bisect_left(BOUNDS, each)
            found[bucket] = found.get(bucket, 0) + 1
            total += max(0.0, each)
        with self._lock:
            counters, sums = self._delays.setdefault(
                (name, sender_id), ([_Counter() for _ in range(len(BOUNDS) + 1)], [0.0])
            )
            sums[0] += total
            for bucket, number in found.items():
                counters[bucket].add(self._slot(), number)

    def snapshot(self) -> MetricsSnapshot:
        counts: dict[str, dict[str, Count]] = {}
        delays: dict[str, dict[str, Delay]] = {}
        with self._lock:
            now = self._slot()
            for (name, sender_id), counter in self._counters.items():
                counts.setdefault(name, {})[str(sender_id)] = Count(
                    counter.total, counter.since(now - _MINUTE), counter.since(now - _QUARTER)
                )
            for (name, sender_id), (counters, sums) in self._delays.items():
                delays.setdefault(name, {})[str(sender_id)] = Delay(
                    tuple(counter.total for counter in counters),
                    sums[0],
                    tuple(counter.since(now - _MINUTE) for counter in counters),
                )
        return MetricsSnapshot(counts, delays)

    def _slot(self) -> int:
        return int(self._clock() / _SLOT)


def read(detail: Mapping[str, object]) -> MetricsSnapshot:
    """What a heartbeat carries; nothing, if a process of another version tells it in another way."""
    try:
        snapshot = msgspec.convert(detail.get("metrics", {}), type=MetricsSnapshot)
    except msgspec.ValidationError:
        return MetricsSnapshot()
    shapes = {
        len(row)
        for delays in snapshot.delays.values()
        for delay in delays.values()
        for row in (delay.buckets, delay.minute)
    }
    return snapshot if shapes <= {len(BOUNDS) + 1} else MetricsSnapshot(snapshot.counts)


process_metrics = ProcessMetrics()
