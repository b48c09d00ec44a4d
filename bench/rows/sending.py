# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a town waits for: an alert that overtakes a digest, and an alert to all of Ancona's subscribers."""

from __future__ import annotations

import time

from bench.city import Counters
from bench.figures import Figure, figure
from bench.processes import until
from bench.run import Run, median

LATENCY = 150  # ms
CEILING = 1_000  # messages a second
SUBSCRIBERS = 13_000  # of Ancona's channel


def alert_overtakes(run: Run) -> list[Figure]:
    digest, people = run.size(200_000, 20_000), 1_000
    city = run.fresh_city(numbers=1, rate=CEILING)
    run.outside.set(latency_ms=LATENCY)
    city.mailing(city.senders[0], 0, digest)
    worker = run.installation.worker()
    with run.installation.connect() as database:
        until(lambda: run.outside.count() > CEILING * 5, 60, "the digest", worker)
        sent_at = time.monotonic()
        alert = city.mailing(city.senders[0], digest, people, alert=True)
        accepted = "SELECT n_accepted = total FROM delivery_fanout WHERE id = %s"
        until(lambda: database.execute(accepted, [alert.pk]).fetchone() == (True,), 60, "the alert", worker)
        recorded = time.monotonic() - sent_at
        row = database.execute(
            "SELECT array_agg(id) FROM delivery_delivery WHERE fanout_id = %s", [alert.pk]
        ).fetchone()
    ids = set(row[0]) if row else set()
    opaque, times = run.outside.ledger()
    arrivals = sorted(at for each, at in zip(opaque, times, strict=True) if each in ids)
    run.processes.end(worker)
    between = sum(1 for at in times if arrivals[0] <= at <= arrivals[-1]) - len(arrivals)
    run.say(
        f"first {arrivals[0] - sent_at:.2f} s after Send, last {arrivals[-1] - sent_at:.2f} s, recorded after {recorded:.2f} s; "
        f"{between} messages of the digest went in between"
    )
    pace = (len(arrivals) - 1) / (arrivals[-1] - arrivals[0])
    return [
        figure("alert.overtakes", arrivals[0] - sent_at, "s to the first", "the bar", 1.0),
        figure("alert.overtakes.pace", pace, "alerts/s", "the number's full pace", CEILING),
    ]


def town(run: Run) -> list[Figure]:
    return [
        _alert_to_all(run, 80, run.size(SUBSCRIBERS, 2_000)),
        # A stop of the machine of half a second is nothing in three minutes, and too much in 13 seconds.
        _alert_to_all(run, CEILING, SUBSCRIBERS, rounds=1 if run.quick else 3),
    ]


def _alert_to_all(run: Run, rate: int, people: int, *, rounds: int = 1) -> Figure:
    took = median([_alert(run, rate, people) for _ in range(rounds)])
    return figure(f"town.{rate}", took, "s", f"{people:,} messages at {rate:,}/s", people / rate)


def _alert(run: Run, rate: int, people: int) -> float:
    """Seconds from Send until the last message is at the platform."""
    city = run.fresh_city(numbers=1, rate=rate)
    run.outside.set(latency_ms=LATENCY)
    worker = run.installation.worker()
    with run.installation.connect() as database:
        until(
            lambda: database.execute("SELECT min(epoch) > 0 FROM delivery_sender").fetchone() == (True,),
            30,
            "the worker",
            worker,
        )
        counters = Counters(database)
        sent_at = time.monotonic()
        city.mailing(city.senders[0], 0, people, alert=True)
        until(
            lambda: counters.totals()["accepted"] >= people,
            people / rate * 2 + 30,
            "the alert",
            worker,
            step=0.05,
        )
        run.check(counters, people)
    took = run.outside.state()["last"] - sent_at
    run.processes.end(worker)
    run.say(f"{people:,} people at {rate:,}/s: {took:.1f} s")
    return float(took)
