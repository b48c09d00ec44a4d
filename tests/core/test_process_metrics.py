# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import threading

import msgspec

from arengo.core import process_metrics
from arengo.core.process_metrics import BOUNDS, Count, MetricsSnapshot, ProcessMetrics


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_what_was_counted_is_of_the_last_minute_then_of_the_quarter_then_only_of_the_total() -> None:
    clock = Clock()
    counting = ProcessMetrics(clock=clock)
    counting.count("accepted", 7, 200)
    assert counting.snapshot().count("accepted", 7) == Count(total=200, minute=200, quarter=200)
    clock.now += 61
    counting.count("accepted", 7, 5)
    assert counting.snapshot().count("accepted", 7) == Count(total=205, minute=5, quarter=205)
    clock.now += 15 * 60
    assert counting.snapshot().count("accepted", 7) == Count(total=205, minute=0, quarter=0)


def test_a_process_that_counts_for_days_keeps_no_more_than_minutes() -> None:
    clock = Clock()
    counting = ProcessMetrics(clock=clock)
    for _ in range(2000):
        clock.now += 5
        counting.count("accepted", 1)
    [counter] = counting._counters.values()
    assert len(counter.slots) <= 361
    assert counting.snapshot().count("accepted", 1) == Count(total=2000, minute=12, quarter=180)


def test_senders_and_names_are_counted_apart() -> None:
    counting = ProcessMetrics()
    counting.count("accepted", 1, 3)
    counting.count("accepted", 2, 4)
    counting.count("receipts", 1, 5)
    told = counting.snapshot()
    assert [told.count("accepted", sender).total for sender in (1, 2, 3)] == [3, 4, 0]
    assert told.count("receipts", 1).total == 5


def test_the_delay_is_the_bound_under_which_nearly_all_fell() -> None:
    counting = ProcessMetrics()
    counting.delay("receipts", 1, [0.5] * 96 + [40.0] * 4)
    assert counting.snapshot().delay("receipts", 1).lately == 1
    counting.delay("receipts", 1, [40.0] * 20)
    assert counting.snapshot().delay("receipts", 1).lately == 60
    counting.delay("receipts", 1, [86_400.0] * 500)
    assert counting.snapshot().delay("receipts", 1).lately == float("inf")


def test_no_delay_is_told_when_nothing_came_lately() -> None:
    clock = Clock()
    counting = ProcessMetrics(clock=clock)
    assert counting.snapshot().delay("receipts", 1).lately is None
    counting.delay("receipts", 1, [3.0])
    clock.now += 120
    assert counting.snapshot().delay("receipts", 1).lately is None
    assert sum(counting.snapshot().delay("receipts", 1).buckets) == 1


def test_clocks_that_differ_make_no_negative_delay() -> None:
    counting = ProcessMetrics()
    counting.delay("receipts", 1, [-2.0, 1.5])
    told = counting.snapshot().delay("receipts", 1)
    assert told.seconds == 1.5
    assert sum(told.buckets) == 2


def test_figures_survive_the_journey_through_json() -> None:
    counting = ProcessMetrics()
    counting.count("accepted", 12, 8)
    counting.delay("receipts", 12, [0.2, 7.0])
    carried = msgspec.json.decode(msgspec.json.encode({"metrics": counting.snapshot()}))
    assert process_metrics.read(carried) == counting.snapshot()


def test_what_another_version_tells_is_nothing_rather_than_an_error() -> None:
    assert process_metrics.read({}) == MetricsSnapshot()
    assert process_metrics.read({"metrics": {"counts": "many"}}) == MetricsSnapshot()
    odd = {"delays": {"receipts": {"1": {"buckets": [1, 2], "seconds": 1.0, "minute": [1, 2]}}}}
    assert process_metrics.read({"metrics": odd}) == MetricsSnapshot()


def test_several_processes_are_added_up() -> None:
    one, other = ProcessMetrics(), ProcessMetrics()
    one.count("accepted", 1, 2)
    other.count("accepted", 1, 3)
    other.count("accepted", 2, 9)
    one.delay("receipts", 1, [0.5])
    other.delay("receipts", 1, [200.0])
    told = MetricsSnapshot.merged([one.snapshot(), other.snapshot()])
    assert told.count("accepted", 1).total == 5
    assert told.count("accepted", 2).total == 9
    assert told.delay("receipts", 1).buckets[0] == 1
    assert told.delay("receipts", 1).buckets[BOUNDS.index(300)] == 1


def test_threads_lose_no_count() -> None:
    counting = ProcessMetrics()
    threads = [
        threading.Thread(target=lambda: [counting.count("accepted", 1) for _ in range(2000)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counting.snapshot().count("accepted", 1).total == 8000
