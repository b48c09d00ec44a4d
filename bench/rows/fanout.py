# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A full outbox and one worker: how fast, next to the bare client; and does it stay so when it grows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bench.city import number_id
from bench.figures import Figure, figure
from bench.run import Run, interleaved, median

IN_FLIGHT = 512  # the dispatcher's own number


def durable(run: Run) -> list[Figure]:
    count = run.size(100_000, 20_000)

    def arengo() -> float:
        city = run.fresh_city()
        filling = city.fill(count)
        drained = run.drain(count)
        run.say(f"Arengo {drained.rate:,.0f}/s (filled {count / filling:,.0f}/s; {drained.memory:.0f} MB)")
        return drained.rate

    def bare() -> float:
        rate = bare_client(run, count)
        run.say(f"bare client {rate:,.0f}/s")
        return rate

    ours, theirs = interleaved(1 if run.quick else 3, arengo, bare)
    return [
        figure(
            "fanout.durable",
            median(ours),
            "msg/s",
            f"aiohttp alone, {IN_FLIGHT} in flight, no record",
            median(theirs),
        )
    ]


def bare_client(run: Run, count: int) -> float:
    run.outside.set(reset=True, latency_ms=0, receipts=None)
    numbers = ",".join(number_id(index) for index in range(4))
    client = run.processes.python(
        "bench.bare_client",
        *("--url", run.outside.url, "--numbers", numbers, "--count", str(count)),
        *("--in-flight", str(IN_FLIGHT)),
    )
    return run.outside_rate(client)


def growth(run: Run) -> list[Figure]:
    small, large = (5_000, 20_000) if run.quick else (10_000, 1_000_000)
    sizes = (small, large) if run.quick else (small, 100_000, large)
    found = {size: _grown(run, size) for size in sizes}
    at_first, at_last = found[small], found[large]
    words = f"at {small:,}"
    return [
        figure("fanout.growth", at_last.time, f"µs/message at {large:,}", words, at_first.time),
        figure("fanout.growth.memory", max(each.memory for each in found.values()), "MB", "the bar", 300),
        figure("fanout.growth.memory_flat", at_last.memory, f"MB at {large:,}", words, at_first.memory),
        figure("fanout.growth.disk", at_last.disk, f"bytes/delivery at {large:,}", words, at_first.disk),
        figure("fanout.growth.fill", at_last.fill, f"µs to fill one at {large:,}", words, at_first.fill),
    ]


@dataclass(frozen=True)
class Grown:
    time: float  # µs a message
    memory: float  # MB
    disk: float  # bytes a delivery
    fill: float  # µs a delivery


def _grown(run: Run, size: int) -> Grown:
    """A small outbox is over in a moment: the median of three, and their highest peak of memory."""
    rounds = 1 if run.quick or size > 10_000 else 3
    all_found = [_drain_of(run, size) for _ in range(rounds)]
    middle = sorted(all_found, key=lambda each: each.time)[rounds // 2]
    return replace(middle, memory=max(each.memory for each in all_found))


def _drain_of(run: Run, size: int) -> Grown:
    city = run.fresh_city()
    filling = city.fill(size)
    drained = run.drain(size, within=1800)
    with run.installation.connect() as database:
        row = database.execute(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'delivery\\_%'"
        ).fetchone()
    disk = float(row[0]) / size if row else 0.0
    run.say(
        f"{size:,}: {drained.rate:,.0f}/s, {drained.memory:.0f} MB, {disk:,.0f} bytes a delivery, filled {size / filling:,.0f}/s"
    )
    return Grown(1e6 / drained.rate, drained.memory, disk, filling / size * 1e6)
