# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The road in: how many webhooks one web process makes durable, and when the receipts are on their rows."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.city import ACCOUNT, SECRET, Counters, number_id
from bench.figures import Figure, figure
from bench.processes import Failed, Process, answers, free_port, until
from bench.run import Run, interleaved, median

CONNECTIONS = 64


@dataclass(frozen=True)
class Knocked:
    count: int
    first: float
    last: float
    p99: float
    worst: float

    @property
    def rate(self) -> float:
        return self.count / (self.last - self.first)


def ack(run: Run) -> list[Figure]:
    count = run.size(40_000, 8_000)
    p99: list[float] = []

    def arengo() -> float:
        city = run.fresh_city(numbers=1)
        web, port = run.installation.web()
        hook = f"http://127.0.0.1:{port}/hooks/{city.senders[0].hook_key}"
        knock(run, hook, 64)  # it has its connections and knows the number
        found = knock(run, hook, count)
        with run.installation.connect() as database:
            stored = database.execute("SELECT count(*) FROM intake_journal").fetchone()
        run.processes.end(web)
        if stored != (count + 64,):
            raise Failed(f"{count + 64} webhooks acknowledged, {stored} stored")
        p99.append(found.p99)
        run.say(
            f"Arengo {found.rate:,.0f}/s, p99 {found.p99 * 1000:.0f} ms, worst {found.worst * 1000:.0f} ms"
        )
        return found.rate

    def bare() -> float:
        run.installation.fresh()
        process, port = _bare(run)
        hook = f"http://127.0.0.1:{port}/hooks/x"
        knock(run, hook, 64)
        found = knock(run, hook, count)
        run.processes.end(process)
        run.say(f"bare ASGI app {found.rate:,.0f}/s, p99 {found.p99 * 1000:.0f} ms")
        return found.rate

    ours, theirs = interleaved(1 if run.quick else 3, arengo, bare)
    return [
        figure(
            "intake.ack", median(ours), "200s/s", "bare ASGI app, signature and group commit", median(theirs)
        ),
        figure("intake.ack.p99", median(p99) * 1000, "ms", "the bar", 250),
    ]


def applied(run: Run) -> list[Figure]:
    count, batched = run.size(40_000, 5_000), run.size(100_000, 20_000)
    city = run.fresh_city(numbers=1)
    city.fill(max(count, batched))
    run.drain(max(count, batched))
    ids = run.installation.folder / "ids"
    ids.write_bytes(run.outside.ledger()[0].tobytes())
    web, port = run.installation.web()
    hook = f"http://127.0.0.1:{port}/hooks/{city.senders[0].hook_key}"
    worker = run.installation.worker()
    with run.installation.connect() as database:
        until(lambda: _owned(database), 30, "the worker", worker)
        one = _applied(run, Counters(database), hook, count, 1, "delivered", ids, worker)
        run.say(run.used(web, worker))
        many = _applied(run, Counters(database), hook, batched, 100, "read", ids, worker)
        run.say(run.used(web, worker))
    run.processes.end(worker, web)
    return [
        figure("intake.applied", one, "receipts/s", "the bar: one a POST", 3_000),
        figure("intake.applied.batched", many, "receipts/s", "the bar: 100 a POST", 20_000),
    ]


def _applied(
    run: Run,
    counters: Counters,
    hook: str,
    count: int,
    per_post: int,
    status: str,
    ids: Path,
    worker: Process,
) -> float:
    """Receipts a second, from the first POST until the last is on its delivery."""
    before = counters.totals()[status]
    found = knock(run, hook, count, per_post=per_post, status=status, ids=ids)
    until(lambda: counters.totals()[status] - before >= count, 120, "the receipts", worker)
    ended = time.monotonic()
    run.say(
        f"{per_post} a POST: acknowledged after {found.last - found.first:.1f} s, applied after {ended - found.first:.1f} s"
    )
    return count / (ended - found.first)


def _owned(database: Any) -> bool:
    """The worker lives: it has raised the epoch of the number once more."""
    row = database.execute("SELECT min(epoch) FROM delivery_sender").fetchone()
    return bool(row and row[0] >= 2)


def knock(
    run: Run,
    hook: str,
    count: int,
    *,
    per_post: int = 1,
    status: str = "delivered",
    first: int = 1,
    say: str = "",
    ids: Path | None = None,
) -> Knocked:
    """Signed webhooks from a process of its own, over 64 connections: receipts, or what citizens say."""
    out = run.installation.folder / "knock.json"
    out.unlink(missing_ok=True)
    process = run.processes.python(
        "bench.knock",
        *("--hook", hook, "--number", number_id(0), "--account", ACCOUNT, "--secret", SECRET),
        *("--status", status, "--first", str(first), "--count", str(count), "--per-post", str(per_post)),
        *("--connections", str(CONNECTIONS), "--out", str(out), "--say", say),
        *("--ids", str(ids or "")),
    )
    process.wait(300)
    run.processes.end(process)
    found = json.loads(out.read_text())
    if set(found["statuses"]) != {"200"}:
        raise Failed(f"not every webhook was acknowledged: {found['statuses']}")
    return Knocked(-(-count // per_post), found["first"], found["last"], found["p99"], found["worst"])


def _bare(run: Run) -> tuple[Process, int]:
    """The bare app under the very command that serves Arengo."""
    from arengo.cli.running import web

    port = free_port()
    os.environ["ARENGO_PORT"] = str(port)
    command = [*web(1).command[:-1], "bench.bare_hooks:application"]
    del os.environ["ARENGO_PORT"]
    with run.installation.connect() as database:
        database.execute(
            "CREATE TABLE bare_journal (id bigserial PRIMARY KEY, received_at timestamptz NOT NULL DEFAULT now(), "
            "body bytea NOT NULL)"
        )
    url = run.installation.url(run.installation.database)
    process = run.processes.start("bare_hooks", command, {"BARE_SECRET": SECRET, "BARE_DATABASE": url})
    until(lambda: answers(port), 30, "the bare app", process)
    return process, port
