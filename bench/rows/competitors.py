# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The same messages the ways that others send them: pywa's client, Celery tasks."""

from __future__ import annotations

import shutil
import socket
import sys
import time

from bench.city import number_id
from bench.figures import Figure, figure
from bench.processes import Failed, Process, free_port, until
from bench.run import Run, interleaved, median

LATENCY = 150  # ms
_CELERY = "--concurrency 2 --loglevel warning --without-gossip --without-mingle --without-heartbeat"
_REDIS = "--bind 127.0.0.1 --appendonly no"
CONCURRENCIES = (4, 8, 16, 32, 64, 128, 256)


def vs_pywa(run: Run) -> list[Figure]:
    count, theirs_count = run.size(30_000, 10_000), run.size(4_000, 1_500)
    probes = {each: pywa(run, run.size(1_000, 300), each) for each in CONCURRENCIES}
    best = max(probes, key=lambda each: probes[each])
    run.say(
        "pywa by messages in flight: " + ", ".join(f"{each}: {rate:,.0f}/s" for each, rate in probes.items())
    )
    ours, theirs = interleaved(
        1 if run.quick else 3, lambda: arengo(run, count), lambda: pywa(run, theirs_count, best)
    )
    far, theirs_far = interleaved(
        1 if run.quick else 3,
        lambda: arengo(run, count, LATENCY),
        lambda: pywa(run, theirs_count, 256, LATENCY),
    )
    run.say(f"pywa {median(theirs):,.0f}/s; with latency {median(theirs_far):,.0f}/s")
    return [
        figure(
            "fanout.vs_pywa",
            median(ours),
            "msg/s",
            f"pywa, {best} in flight (its best), no record",
            median(theirs),
        ),
        figure(
            "fanout.vs_pywa.latency",
            median(far),
            "msg/s",
            f"pywa, 256 in flight, {LATENCY} ms latency, no record",
            median(theirs_far),
        ),
    ]


def arengo(run: Run, count: int, latency: float = 0) -> float:
    """A filled outbox, four numbers, one worker."""
    city = run.fresh_city()
    run.outside.set(latency_ms=latency)
    city.fill(count)
    drained = run.drain(count)
    run.say(f"Arengo, {latency:g} ms latency: {drained.rate:,.0f}/s")
    return drained.rate


def pywa(run: Run, count: int, in_flight: int, latency: float = 0) -> float:
    run.outside.set(reset=True, latency_ms=latency, receipts=None)
    client = run.processes.python(
        "bench.pywa_client",
        *("--url", run.outside.url, "--numbers", ",".join(number_id(index) for index in range(4))),
        *("--count", str(count), "--in-flight", str(in_flight)),
    )
    return run.outside_rate(client)


def vs_celery(run: Run) -> list[Figure]:
    if not shutil.which("redis-server"):
        raise Failed("skipped: redis-server is missing (on Debian: apt-get install redis-server)")
    count, theirs_count = run.size(30_000, 10_000), run.size(8_000, 2_000)
    ours, theirs = interleaved(
        1 if run.quick else 3, lambda: arengo(run, count), lambda: celery(run, theirs_count)
    )
    words = "Celery on Redis, 2 processes, requests, ORM"
    return [figure("fanout.vs_celery", median(ours), "msg/s", words, median(theirs))]


def celery(run: Run, count: int) -> float:
    """All tasks wait in the broker before the workers start; until the last status is saved."""
    run.installation.fresh()
    run.outside.set(reset=True, latency_ms=0, receipts=None)
    redis, broker = _redis(run)
    environment = {
        "DJANGO_SETTINGS_MODULE": "bench.celery_way.settings",
        "BENCH_BROKER": broker,
        "BENCH_MESSAGES": f"{run.outside.url}/v24.0/{number_id(0)}/messages",
    }
    prepare = run.processes.python("bench.celery_way.prepare", str(count), **environment)
    prepare.wait(180)
    worker = run.processes.start(
        "celery",
        [sys.executable, "-m", "celery", "-A", "bench.celery_way.tasks", "worker", *_CELERY.split()],
        environment,
    )
    until(lambda: run.outside.count() > 0, 60, "Celery's first message", worker)
    starting = worker.processor_seconds()
    with run.installation.connect() as database:
        until(
            lambda: (
                database.execute(
                    "SELECT NOT EXISTS (SELECT FROM celery_way_recipient WHERE status = 'queued')"
                ).fetchone()
                == (True,)
            ),
            300,
            "Celery",
            worker,
            step=0.1,
        )
    ended = time.monotonic()
    used = (worker.processor_seconds() - starting) / count * 1e6
    state = run.outside.state()
    run.processes.end(worker, prepare, redis)
    if (state["count"], state["distinct"]) != (count, count):
        raise Failed(f"Celery sent {state['count']} of {count}, {state['distinct']} different")
    rate = count / (ended - state["first"])
    run.say(f"Celery {rate:,.0f}/s, {used:.0f} µs of processor a message")
    return float(rate)


def _redis(run: Run) -> tuple[Process, str]:
    """Debian's Redis on a port of its own, keeping nothing on disk."""
    port = free_port()
    folder = run.installation.folder
    process = run.processes.start(
        "redis-server",
        ["redis-server", "--port", str(port), "--dir", str(folder), "--save", "", *_REDIS.split()],
    )
    until(lambda: _listens(port), 10, "redis-server", process)
    return process, f"redis://127.0.0.1:{port}/0"


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
