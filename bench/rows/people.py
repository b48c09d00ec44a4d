# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of a large town: its pages and searches, its file, a list that is imported."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from http.client import HTTPConnection
from typing import TypeVar
from urllib.parse import urlencode

from bench.bare_list import bare
from bench.city import City
from bench.figures import Figure, figure
from bench.processes import Failed, Process, until
from bench.rows.people_filling import file, fill, phone
from bench.rows.web import people
from bench.run import Run, median

LIST, SEARCH = 150, 100  # ms, p95
EXPORT, IMPORT = 30, 10  # seconds
FLAT = 60  # MB that an export may add to the web process
_PEOPLE, _FIND, _EXPORT = (f"/console/iscritti/{each}/" for each in ("persone", "persone/cerca", "esporta"))
_WITHIN = 900.0
Done = TypeVar("Done")


class Browser:
    """One connection of somebody who is signed in, as an administrator."""

    def __init__(self, city: City, port: int) -> None:
        from allauth.mfa.models import Authenticator

        from arengo.accounts import factors
        from arengo.core.models import Membership, Person, Role
        from arengo.core.scope import organization_scope

        self._connection = HTTPConnection("127.0.0.1", port, timeout=300)
        self._cookies = dict([people(city, 1)[0].split("=", 1)])
        with organization_scope(city.organization):
            Membership.objects.update(roles=[Role.ADMINISTRATOR])
        for person in Person.objects.all():  # without a second factor an administrator is led to set one up
            secret = factors.seal("only for measuring")
            Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": secret})
        page = self.get(_PEOPLE)
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if token is None:
            raise Failed("the list has no token")
        self._token = token[1].decode()

    def get(self, path: str) -> bytes:
        return self._asked("GET", path, None)

    def post(self, path: str, **fields: str) -> bytes:
        return self._asked("POST", path, urlencode({"csrfmiddlewaretoken": self._token, **fields}))

    def _asked(self, method: str, path: str, body: str | None) -> bytes:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://127.0.0.1:{self._connection.port}",
            }
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self._cookies |= dict([value.partition(";")[0].split("=", 1)])
        content = answer.read()
        if answer.status != 200:
            raise Failed(f"{method} {path} answered {answer.status}: {answer.getheader('Location')}")
        return content


def lists(run: Run) -> list[Figure]:
    """Pages, searches and the file, of one town."""
    from arengo.audience.people_list import counts

    subscribed, others = run.size(200_000, 20_000), run.size(50_000, 5_000)
    city = run.fresh_city(numbers=1)
    began = time.monotonic()
    fill(city, subscribed, others)
    counts.keep()
    run.say(
        f"{subscribed:,} subscribers, {subscribed + others:,} citizens in {time.monotonic() - began:.0f} s"
    )
    web, port = run.installation.web()
    browser = Browser(city, port)
    deep = _goes_on(browser, run.size(40, 5))
    pages = {
        "the newest": _PEOPLE,
        "after 2,000": deep,
        "a topic": f"{_PEOPLE}?tema={_topic()}",
        "stopped news": f"{_PEOPLE}?ferme=1",
        "joined at the desk (nobody of the newest)": f"{_PEOPLE}?come=staff",
        "a day of last year": f"{_PEOPLE}?giorno=2026-02-01",
        "who left (nobody)": f"{_PEOPLE}?chi=left",
    }
    times = run.size(100, 20)
    slowest = _slowest(run, "page", {what: partial(browser.get, path) for what, path in pages.items()}, times)
    searches = {
        typed: partial(browser.post, _FIND, text=typed)
        for typed in ("esempio", "an", "maria prova", "sempio ros", "محمد", "zzz", "12345", phone(4711)[3:])
    }
    found = _slowest(run, "search for", searches, times)
    exported = _export(run, browser, web, subscribed)
    run.processes.end(web)
    return [
        figure("list.pages", slowest, "ms (p95, the slowest page)", "the bar", LIST),
        figure("list.search", found, "ms (p95, the slowest search)", "the bar", SEARCH),
        *exported,
    ]


def _topic() -> int:
    from arengo.audience.models import Topic

    found: int = Topic.unscoped.order_by("pk").values_list("pk", flat=True)[0]
    return found


def _goes_on(browser: Browser, pages: int) -> str:
    """The address of a page so far down, as one comes there."""
    path = _PEOPLE
    for _page in range(pages):
        more = re.search(rb'href="(/console/iscritti/persone/\?dopo=[^"]+)"', browser.get(path))
        if more is None:
            break
        path = more[1].decode().replace("&amp;", "&")
    return path


def _slowest(run: Run, what: str, asked: Mapping[str, Callable[[], bytes]], times: int) -> float:
    """p95 of the slowest, ms."""
    found = {}
    for name, ask in asked.items():
        spent = []
        for number in range(times + 5):
            began = time.monotonic()
            ask()
            if number >= 5:  # everything is loaded
                spent.append(time.monotonic() - began)
        found[name] = sorted(spent)[len(spent) * 95 // 100] * 1000
        run.say(f"{what} {name}: p95 {found[name]:.0f} ms")
    return max(found.values())


def _export(run: Run, browser: Browser, web: Process, many: int) -> list[Figure]:
    before = web.peak_memory()
    began = time.monotonic()
    content = browser.post(_EXPORT)
    seconds = time.monotonic() - began
    rows = content.count(b"\r\n") - 1
    if rows != many:
        raise Failed(f"the file has {rows} rows, not {many}")
    more = web.peak_memory() - before
    run.say(
        f"{rows:,} rows, {len(content) / 1e6:.1f} MB in {seconds:.1f} s; the web process grew by {more:.0f} MB"
    )
    return [
        figure("list.export", seconds, f"s for {rows:,} people", "the bar", EXPORT),
        figure("list.export.memory", max(more, 0.0), "MB more in the web process", "the bar", FLAT),
    ]


# --- importing --------------------------------------------------------------------------------------------------


def imports(run: Run) -> list[Figure]:
    """15,000 rows from the upload until all are on the list, beside a bare loop."""
    many = run.size(15_000, 2_000)
    ours, theirs = [], []
    for _round in range(1 if run.quick else 3):
        city = _town(run)
        worker = _worker(run)
        began = time.monotonic()
        batch = _imported(run, city, file(many), many, worker)
        ours.append(time.monotonic() - began)
        run.say(f"{many:,} rows in {ours[-1]:.1f} s, joined in {_joining(batch):.1f} s; {run.used(worker)}")
        run.processes.end(worker)
        url = run.installation.url(run.installation.database)
        theirs.append(bare(url, city.organization.pk, city.senders[0].pk, file(many)))
        run.say(f"bare loop: {theirs[-1]:.1f} s")
    return [
        figure("list.import", median(ours), f"s for {many:,} rows, from file to list", "the bar", IMPORT),
        figure("list.import.bare", median(ours), "s", "bare loop: read, seal, hash, COPY", median(theirs)),
    ]


def resumed(run: Run) -> list[Figure]:
    """200,000 rows, with the worker killed on the way."""
    many = run.size(200_000, 10_000)
    took, waited = _killed(run, many)
    return [
        figure("list.resumed", took, f"s for {many:,} rows, a worker killed half-way", "the bar", 600),
        figure("list.resumed.browser", waited, "s until the browser is answered, at most", "the bar", 2),
    ]


def _worker(run: Run) -> Process:
    """One that works already."""
    worker = run.installation.worker()
    with run.installation.connect() as database:

        def owned() -> bool:
            row = database.execute("SELECT min(epoch) FROM delivery_sender").fetchone()
            return bool(row and row[0] >= 1)

        until(owned, 120, "the worker", worker)
    return worker


def _town(run: Run) -> City:
    from arengo.audience.defaults import create_defaults

    city = run.fresh_city(numbers=1)
    create_defaults(city.organization)
    people(city, 1)
    return city


def _imported(run: Run, city: City, content: bytes, many: int, worker: Process) -> int:
    batch, _spent = _begun(city, content, worker)
    with run.installation.connect() as database:
        until(lambda: _state(batch) == "done", _WITHIN, "the import", worker, step=0.05)
        listed = database.execute("SELECT count(*) FROM audience_subscription WHERE active").fetchone()
    if listed is None or listed[0] != many:
        raise Failed(f"{listed} are on the list, not {many}")
    return batch


def _begun(city: City, content: bytes, worker: Process) -> tuple[int, float]:
    from arengo.audience.imports import verbs
    from arengo.audience.imports.models import Import
    from arengo.audience.imports.verbs import Told
    from arengo.core.models import Person
    from arengo.core.scope import organization_scope

    steps = []

    def timed(step: Callable[[], Done]) -> Done:
        began = time.monotonic()
        done = step()
        steps.append(time.monotonic() - began)
        return done

    by = Person.objects.get(email="p0@esempio.test")
    pieces = [content[start : start + 2**20] for start in range(0, len(content), 2**20)]
    with organization_scope(city.organization):
        batch = timed(
            lambda: (
                verbs.upload(
                    city.organization, "iscritti.csv", pieces, sender_id=city.senders[0].pk, by=by
                ).pk
            )
        )
        until(lambda: _state(batch) == "columns", _WITHIN, "the columns", worker)
        columns = Import.objects.get(pk=batch).columns
        timed(lambda: verbs.confirm_columns(batch, columns, city.senders[0].pk))
        until(lambda: _state(batch) == "checked", _WITHIN, "the check", worker)
        told = Told(
            Import.Proof.DOCUMENT, Import.Way.PAPER, None, None, "Chiedo di ricevere gli avvisi.", "archivio"
        )
        timed(lambda: verbs.tell_proof(batch, told))
        timed(lambda: verbs.start(batch, by=by))
    return batch, max(steps)


def _state(batch: int) -> str:
    from arengo.audience.imports.models import Import

    return str(Import.unscoped.values_list("state", flat=True).get(pk=batch))


def _joining(batch: int) -> float:
    from arengo.audience.imports.models import Import

    found = Import.unscoped.get(pk=batch)
    if found.started_at is None or found.finished_at is None:
        raise Failed("the import did not end")
    return (found.finished_at - found.started_at).total_seconds()


def _killed(run: Run, many: int) -> tuple[float, float]:
    """Seconds from the upload until all are on the list, and the longest that a step kept its browser."""
    city = _town(run)
    worker = _worker(run)
    began = time.monotonic()
    batch, waited = _begun(city, file(many), worker)
    with run.installation.connect() as database:

        def listed() -> int:
            row = database.execute("SELECT count(*) FROM audience_subscription WHERE active").fetchone()
            return int(row[0]) if row else 0

        until(lambda: listed() >= many // 2, _WITHIN, "the first half", worker, step=0.1)
        worker.kill()
        run.say(f"the worker is killed at {listed():,} of {many:,}, after {time.monotonic() - began:.0f} s")
        second = run.installation.worker()
        until(lambda: _state(batch) == "done", _WITHIN, "the rest", second, step=0.1)
        took = time.monotonic() - began
        if listed() != many:
            raise Failed(f"{listed()} are on the list, not {many}")
        run.say(f"{many:,} on the list after {took:.0f} s, each once")
        run.processes.end(second)
    return took, waited
