# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Thousands join at once: how many a second come onto the list, and how long a citizen's question behind them waits."""

from __future__ import annotations

import json
import threading
import time
from itertools import count as numbers
from typing import Any
from urllib.request import Request, urlopen

from bench.city import ACCOUNT, SECRET, City, number_id
from bench.figures import Figure, figure
from bench.messages import arrival, written
from bench.processes import Failed, until
from bench.rows.intake import knock
from bench.run import Run, interleaved, median
from bench.wire import signature

JOIN = "ISCRIVIMI"
_QUESTION = "A che ora apre l'anagrafe?"
_STRANGERS = 5_000_000  # people who ask have numbers from here on
_EVERY = 0.25  # seconds from one question to the next
_WITHIN = 600.0


def joins(run: Run) -> list[Figure]:
    count = run.size(10_000, 2_000)
    waits: list[float] = []

    def arengo() -> float:
        return _arengo(run, count, waits)

    def bare() -> float:
        return _bare(run, count)

    ours, theirs = interleaved(1 if run.quick else 3, arengo, bare)
    growth = _growth(run, run.size(2_000, 500), run.size(20_000, 4_000))
    return [
        figure(
            "intake.joins", median(ours), "joins/s", "bare loop: parse, seal, hash, unnest", median(theirs)
        ),
        figure("intake.joins.rate", median(ours), "joins/s", "the bar", 500),
        figure(
            "intake.joins.question", max(waits), "s until a question behind them is on the desk", "the bar", 1
        ),
        growth,
    ]


def _city(run: Run) -> City:
    from arengo.audience.defaults import create_defaults

    city = run.fresh_city(numbers=2)
    create_defaults(city.organization)
    return city


def _arengo(run: Run, count: int, waits: list[float]) -> float:
    """Joins a second, from the first POST until the last is on the list; questions come to both numbers meanwhile."""
    city = _city(run)
    web, port = run.installation.web()
    hooks = [f"http://127.0.0.1:{port}/hooks/{sender.hook_key}" for sender in city.senders]
    worker = run.installation.worker()
    with run.installation.connect() as database:
        until(lambda: _owned(database), 30, "the worker", worker)
        asking = _Asking(run, hooks)
        asking.start()
        found = knock(run, hooks[0], count, first=0, say=JOIN)
        until(lambda: _joined(database) >= count, _WITHIN, "the last join", worker)
        ended = time.monotonic()
        asking.end()
    run.say(
        f"{count} joins acknowledged after {found.last - found.first:.1f} s, on the list after {ended - found.first:.1f} s; "
        f"{len(asking.waits)} questions on the desk after {max(asking.waits):.2f} s at most; {run.used(worker, web)}"
    )
    waits += asking.waits
    run.processes.end(worker, web)
    return count / (ended - found.first)


def _bare(run: Run, count: int) -> float:
    city = _city(run)
    out = run.installation.folder / "bare_joins.json"
    process = run.processes.python(
        "bench.bare_joins",
        *("--count", str(count), "--organization", str(city.organization.pk)),
        *("--sender", str(city.senders[0].pk), "--out", str(out)),
    )
    process.wait(300)
    run.processes.end(process)
    found = json.loads(out.read_text())
    rate = count / float(found["seconds"])
    run.say(f"bare loop {rate:,.0f}/s, {found['processor'] / count * 1e6:.0f} µs of its processor a join")
    return rate


def _growth(run: Run, few: int, many: int) -> Figure:
    """Time a join where all come in one webhook, straight in the journal: the largest against the smallest."""
    costs = []
    for count in (few, many):
        city = _city(run)
        body = arrival(
            ACCOUNT, number_id(0), [written(index, JOIN, int(time.time())) for index in range(count)]
        )
        worker = run.installation.worker()
        with run.installation.connect() as database:
            until(lambda: _owned(database), 30, "the worker", worker)
            began = time.monotonic()
            _store(city, body)
            until(lambda: _joined(database) >= count, _WITHIN, "the last join", worker)  # noqa: B023
            costs.append((time.monotonic() - began) / count * 1e6)
        run.say(f"{count} in one webhook: {costs[-1]:.0f} µs a join; {run.used(worker)}")
        run.processes.end(worker)
    return figure(
        "intake.joins.growth", costs[1], f"µs a join, {many:,} in one webhook", f"{few:,} in one", costs[0]
    )


def _store(city: City, body: bytes) -> None:
    from django.db import connection

    from arengo.core.vault import vault
    from arengo.intake.journal import PURPOSE, WAKE

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_journal (sender_id, body_sealed) VALUES (%s, %s)",
            [city.senders[0].pk, vault().seal(body, purpose=PURPOSE)],
        )
        cursor.execute(f"NOTIFY {WAKE}")


def _owned(database: Any) -> bool:
    """The worker lives: it owns every number."""
    row = database.execute("SELECT min(epoch) FROM delivery_sender").fetchone()
    return bool(row and row[0] >= 1)


def _joined(database: Any) -> int:
    return int(database.execute("SELECT count(*) FROM audience_subscription WHERE active").fetchone()[0])


class _Asking(threading.Thread):
    """One question after the other, of somebody new each time, to one number and to the other."""

    def __init__(self, run: Run, hooks: list[str]) -> None:
        super().__init__(daemon=True)
        self._database = run.installation.connect()
        self._hooks = hooks
        self._ending = threading.Event()
        self.waits: list[float] = []
        self._failure: BaseException | None = None

    def run(self) -> None:
        try:
            for number in numbers():
                if self._ending.wait(_EVERY):
                    return
                self.waits.append(self._ask(number))
        except BaseException as error:  # noqa: BLE001  # told by end()
            self._failure = error

    def end(self) -> None:
        self._ending.set()
        self.join(60)
        self._database.close()
        if self._failure is not None or not self.waits:
            raise Failed(f"questions could not be asked: {self._failure!r}")

    def _ask(self, number: int) -> float:
        """Seconds until it is on the desk."""
        place = number % len(self._hooks)
        body = arrival(ACCOUNT, number_id(place), [written(_STRANGERS + number, _QUESTION, int(time.time()))])
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": signature(body, SECRET.encode()),
        }
        began = time.monotonic()
        with urlopen(Request(self._hooks[place], body, headers), timeout=30) as answer:  # noqa: S310 - our own web process
            answer.read()
        while time.monotonic() - began < 60:
            row = self._database.execute(
                "SELECT count(*) FROM desk_conversation WHERE state = 'open'"
            ).fetchone()
            if row and row[0] > number:
                return time.monotonic() - began
            time.sleep(0.01)
        raise Failed("a question never came to the desk")
