# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One number at the platform's ceiling, with all its receipts coming back, and a person who works at the desk meanwhile."""

from __future__ import annotations

import json
import time
from array import array
from pathlib import Path

from bench.city import ACCOUNT, SECRET, City, Counters, number_id, operator
from bench.figures import Figure, figure
from bench.installation import PASSWORD
from bench.processes import Failed, Process, until
from bench.run import Run

CEILING = 1_000  # messages a second: the most that Meta gives a number
LATENCY = 150  # ms
RECEIPTS_BEHIND = 5.0  # seconds
PAGE, SHOWN = 200, 500  # ms


def ceiling_and_desk(run: Run) -> list[Figure]:
    seconds = run.size(60, 15)
    city = run.fresh_city(numbers=1, rate=CEILING)
    email = operator(city)
    web, port = run.installation.web()
    hook = f"http://127.0.0.1:{port}/hooks/{city.senders[0].hook_key}"
    run.outside.set(
        latency_ms=LATENCY, receipts={"hooks": {number_id(0): hook}, "secret": SECRET, "account_id": ACCOUNT}
    )
    city.fill(CEILING * (seconds + 4))
    desk, out = _desk(run, f"http://127.0.0.1:{port}", hook, email, seconds)
    worker = run.installation.worker()
    with run.installation.connect() as database:
        counters = Counters(database)
        # A message that waits for the worker's start would be measured as one under load.
        until(lambda: run.outside.count() > 0, 30, "the first message", worker, web)
        out.with_suffix(".go").touch()
        samples = _watch(counters, seconds, worker, web)
        times = run.outside.ledger()[1]
        desk.wait(90)
        _wait_for_receipts(run, counters, city, worker, web)
    run.say(f"receipts: {run.outside.state()['receipts']}; {run.used(worker, web)}")
    run.outside.set(receipts=None)
    run.processes.end(desk, worker, web)
    found = json.loads(out.read_text())
    worst = ", ".join(f"{each * 1000:.0f}" for each in found["shown"][-5:])
    run.say(f"{len(found['shown'])} messages on screen, the slowest after {worst} ms")
    return [*_pace(run, times, samples, seconds), *_at_the_desk(found)]


def _desk(run: Run, web: str, hook: str, email: str, seconds: float) -> tuple[Process, Path]:
    out = run.installation.folder / "desk.json"
    for each in (out, out.with_suffix(".ready"), out.with_suffix(".go")):
        each.unlink(missing_ok=True)
    process = run.processes.python(
        "bench.desk",
        *("--web", web, "--hook", hook, "--email", email, "--password", PASSWORD, "--number", number_id(0)),
        *("--account", ACCOUNT, "--secret", SECRET, "--seconds", str(seconds), "--out", str(out)),
    )
    until(out.with_suffix(".ready").exists, 60, "the operator's sign-in", process)
    return process, out


def _watch(counters: Counters, seconds: float, *alive: Process) -> list[tuple[float, int]]:
    """(time, receipts of reading that are applied), four times a second."""
    ends = time.monotonic() + seconds + 1
    samples = []
    while time.monotonic() < ends:
        for process in alive:
            process.check()
        samples.append((time.monotonic(), counters.totals()["read"]))
        time.sleep(0.25)
    return samples


def _wait_for_receipts(run: Run, counters: Counters, city: City, *alive: Process) -> None:
    """All is sent, and every receipt is on its row."""
    total = city.fanouts[0].total or counters.totals()["total"]
    began = time.monotonic()
    until(lambda: counters.totals()["read"] >= total, 300, "the last receipts", *alive, step=0.1)
    run.say(f"the rest was sent, and every receipt applied, {time.monotonic() - began:.1f} s later")
    found = counters.totals()
    if (found["accepted"], found["delivered"], found["failed"], found["unknown"]) != (total, total, 0, 0):
        raise Failed(f"counters after all receipts: {found}")


def _pace(run: Run, times: array[float], samples: list[tuple[float, int]], seconds: float) -> list[Figure]:
    first = times[0]
    sent = sum(1 for each in times if each < first + seconds)
    spans = [
        sum(1 for each in times if first + start <= each < first + start + 5) / 5
        for start in range(0, int(seconds) - 4, 5)
    ]
    behind = max(
        (at - times[applied] if applied < len(times) and times[applied] < at else 0.0)
        for at, applied in samples
    )
    run.say(f"slowest five seconds: {min(spans):,.0f}/s; receipts at most {behind:.1f} s behind")
    return [
        figure("fanout.ceiling", sent / seconds, "msg/s", "the number's ceiling at Meta", CEILING),
        figure("fanout.ceiling.receipts", behind, "s behind", "the bar", RECEIPTS_BEHIND),
    ]


def _at_the_desk(found: dict[str, list[float]]) -> list[Figure]:
    pages, shown = found["pages"], found["shown"]
    return [
        figure("desk.under_load", pages[len(pages) * 95 // 100] * 1000, "ms (p95)", "the bar", PAGE),
        figure("desk.under_load.message", shown[len(shown) * 95 // 100] * 1000, "ms (p95)", "the bar", SHOWN),
    ]
