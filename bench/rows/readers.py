# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What readers of public pages get, and what they leave to the staff."""

from __future__ import annotations

import json
import os
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.city import ACCOUNT, SECRET, City, number_id
from bench.figures import Figure, figure
from bench.messages import incoming, phone
from bench.processes import Failed, Process, answers, free_port, until
from bench.rows.web import people
from bench.run import Run, interleaved, median
from bench.wire import signature

CONNECTIONS = 64
RATE = 3_000  # readers' requests a second that the console must not feel
PAGES = ("/canale/", "/", "/wa", "/canale/feed.xml")
_HOST = "127.0.0.1"
_INBOX = "/console/sportello/"
_CITIZENS = 100  # conversations in the inbox
_FIRST = 9_000_000  # sample numbers that no mailing uses


def readers(run: Run) -> list[Figure]:
    count = run.size(30_000, 5_000)
    town(run)

    def arengo() -> float:
        web, port = run.installation.web()
        _keep(run, port)
        read(run, port, PAGES[:1], count=200)  # it is rendered
        found = read(run, port, PAGES[:1], count=count)
        run.processes.end(web)
        run.say(f"Arengo {found['rate']:,.0f}/s, p99 {found['p99'] * 1000:.1f} ms")
        return float(found["rate"])

    def bare() -> float:
        process, port = _bare(run)
        read(run, port, PAGES[:1], count=200)
        found = read(run, port, PAGES[:1], count=count)
        run.processes.end(process)
        run.say(f"bare ASGI app {found['rate']:,.0f}/s, p99 {found['p99'] * 1000:.1f} ms")
        return float(found["rate"])

    ours, theirs = interleaved(1 if run.quick else 3, arengo, bare)
    return [
        figure("portal.readers", median(ours), "pages/s", "bare ASGI app, the same bytes", median(theirs))
    ]


def desk_with_readers(run: Run) -> list[Figure]:
    """The inbox page, asked for by an operator: nobody else there; 3,000 readers a second; readers elsewhere, at saturation."""
    asked = run.size(200, 40)
    city = town(run)
    cookie = people(city, 1)[0]
    web, port = run.installation.web()
    apart, other = run.installation.web(of_readers=True)
    _conversations(run, city, port)
    for each in (port, other):
        read(run, each, PAGES, count=200)
    _inbox(port, cookie, asked // 2)
    quiet, beside, saturated = [], [], []
    for _ in range(1 if run.quick else 3):
        quiet.append(_inbox(port, cookie, asked))
        with_them, found = _while_reading(run, port, port, cookie, asked, rate=RATE)
        beside.append(with_them)
        run.say(f"quiet {quiet[-1] * 1000:.0f} ms; {found['rate']:,.0f} readers/s: {with_them * 1000:.0f} ms")
        full, found = _while_reading(run, port, other, cookie, asked, rate=0.0)
        saturated.append(full)
        run.say(f"{found['rate']:,.0f} readers/s in a process of their own: {full * 1000:.0f} ms")
    run.processes.end(web, apart)
    before = median(quiet) * 1000
    return [
        figure("desk.with_readers", median(beside) * 1000, "ms (inbox, p95)", "the same, no readers", before),
        figure(
            "desk.with_readers.apart",
            median(saturated) * 1000,
            "ms (inbox, p95)",
            "the same, no readers",
            before,
        ),
    ]


def read(
    run: Run,
    port: int,
    paths: tuple[str, ...],
    *,
    count: int = 10**9,
    rate: float = 0.0,
    seconds: float = 0.0,
    connections: int = CONNECTIONS,
    host: str = "",
) -> dict[str, Any]:
    """Reads from a process of its own, to the end."""
    process, out = begin_reading(
        run, port, paths, count=count, rate=rate, seconds=seconds, connections=connections, host=host
    )
    return _read(run, process, out)


def begin_reading(
    run: Run,
    port: int,
    paths: tuple[str, ...],
    *,
    count: int,
    rate: float,
    seconds: float,
    connections: int = CONNECTIONS,
    host: str = "",
) -> tuple[Process, Path]:
    out = run.installation.folder / "readers.json"
    out.unlink(missing_ok=True)
    settings = {
        "web": f"http://{_HOST}:{port}",
        "host": host or f"{_HOST}:{port}",
        "out": str(out),
        "count": str(count),
        "connections": str(connections),
        "rate": str(rate),
        "seconds": str(seconds),
    }
    words = [f"--{name}={value}" for name, value in settings.items()] + ["--paths", *paths]
    return run.processes.python("bench.readers", *words), out


def _read(run: Run, process: Process, out: Path) -> dict[str, Any]:
    process.wait(300)
    run.processes.end(process)
    found: dict[str, Any] = json.loads(out.read_text())
    if set(found["statuses"]) != {"200"}:
        raise Failed(f"not every page was answered: {found['statuses']}")
    return found


def _while_reading(
    run: Run, port: int, readers_port: int, cookie: str, asked: int, *, rate: float
) -> tuple[float, dict[str, Any]]:
    process, out = begin_reading(run, readers_port, PAGES, count=10**9, rate=rate, seconds=asked * 0.1)
    time.sleep(1.0)  # it has its connections
    found = _inbox(port, cookie, asked, until_ends=process)
    return found, _read(run, process, out)


def _inbox(port: int, cookie: str, count: int, until_ends: Process | None = None) -> float:
    """p95 of the inbox page in seconds: one request after the other, as a person looks; at most while the readers read."""
    connection = HTTPConnection(_HOST, port, timeout=60)
    times = []
    while len(times) < count and (until_ends is None or until_ends.popen.poll() is None):
        began = time.monotonic()
        connection.request("GET", _INBOX, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise Failed(f"the inbox answered {answer.status}")
        times.append(time.monotonic() - began)
        time.sleep(0.02)
    connection.close()
    return sorted(times)[int(len(times) * 0.95)]


def town(run: Run) -> City:
    """A channel with ten posts on its page."""
    from arengo.channel import board
    from arengo.channel.items import Item
    from arengo.core.scope import organization_scope

    city = run.fresh_city(numbers=1)
    with organization_scope(city.organization):
        for number in range(12):
            board.publish_post(
                city.organization,
                key=f"post {number}",
                title=f"Aggiornamento {number}",
                items=[
                    Item(f"Via Esempio {line}: chiusa da domani per lavori", "https://www.example.it/")
                    for line in range(4)
                ],
            )
    return city


def _conversations(run: Run, city: City, port: int) -> None:
    """They come as any do: signed webhooks that a worker applies."""
    connection = HTTPConnection(_HOST, port, timeout=60)
    for citizen in range(_CITIZENS):
        wa_id = phone(_FIRST + citizen).lstrip("+")
        body = incoming(ACCOUNT, number_id(0), wa_id, f"domanda numero {citizen:05d}", f"before{citizen}")
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": signature(body, SECRET.encode()),
        }
        connection.request("POST", f"/hooks/{city.senders[0].hook_key}", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise Failed(f"the hook answered {answer.status}")
    connection.close()
    worker = run.installation.worker()
    with run.installation.connect() as database:
        count = "SELECT count(*) FROM desk_conversation"
        until(lambda: database.execute(count).fetchone() == (_CITIZENS,), 60, "the conversations", worker)
    run.processes.end(worker)


def _keep(run: Run, port: int) -> None:
    """Arengo's answer, for the bare app to give."""
    connection = HTTPConnection(_HOST, port, timeout=60)
    connection.request("GET", PAGES[0], headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in ("date",)]
    _answer_file(run).write_bytes(json.dumps(headers).encode() + b"\n" + answer.read())
    connection.close()


def _answer_file(run: Run) -> Path:
    return run.installation.folder / "answer"


def _bare(run: Run) -> tuple[Process, int]:
    """The bare app under the very command that serves Arengo."""
    from arengo.cli.running import web

    port = free_port()
    os.environ["ARENGO_PORT"] = str(port)
    command = [*web(1).command[:-1], "bench.bare_readers:application"]
    del os.environ["ARENGO_PORT"]
    process = run.processes.start("bare_readers", command, {"BARE_ANSWER": str(_answer_file(run))})
    until(lambda: answers(port), 30, "the bare app", process)
    return process, port
