# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A full outbox and one worker: how fast, next to the bare client; and does it stay so when it grows."""

from __future__ import annotations

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
        run.say(
            f"Arengo {drained.rate:,.0f}/s (filled {count / filling:,.0f}/s; worker {drained.processor:.1f} s of processor, "
            f"{drained.memory:.0f} MB)"
        )
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
