# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk of a town that has been at it for years: 100,000 conversations, half of them open, a million messages."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection

from bench.figures import Figure, figure
from bench.processes import Failed
from bench.rows.desk_filling import WORDS, fill
from bench.rows.web import people
from bench.run import Run

INBOX, CONVERSATION = 60, 100  # ms, p95
SEARCH, QUERIES = 200, 12  # ms, p95; of the inbox
_BARE = """
SELECT jsonb_agg(to_jsonb(r)) FROM (
  SELECT c.*, p.name AS citizen, m.text, m.direction, d.state AS delivery FROM desk_conversation c
  JOIN audience_contact p ON p.id = c.contact_id LEFT JOIN desk_message m ON m.id = c.last_message_id
  LEFT JOIN delivery_delivery d ON d.id = m.delivery_id
  WHERE c.organization_id = %s AND c.desk_id = %s AND c.state = 'open'
    AND (c.waiting_since IS NOT NULL OR c.undelivered_since IS NOT NULL)
  ORDER BY LEAST(c.waiting_since, c.undelivered_since), c.id LIMIT 31
) AS r
"""
_BARE_SEARCH = """
SELECT jsonb_agg(to_jsonb(r)) FROM (
  SELECT e.kind, e.source, e.at, m.text, m.direction, c.state, c.assignee_id, p.name AS citizen FROM desk_search_entry e
  JOIN desk_conversation c ON c.id = e.conversation_id JOIN audience_contact p ON p.id = c.contact_id
  LEFT JOIN desk_message m ON e.kind = 'message' AND m.id = e.source
  WHERE e.organization_id = %s
    AND (e.words @@ ('#kmessage'::tsquery && websearch_to_tsquery('pg_catalog.italian', %s)) OR e.words @@ %s::tsquery)
  ORDER BY e.at DESC, e.id DESC LIMIT 2001
) AS r
"""
_BARE_THREAD = """
SELECT jsonb_agg(to_jsonb(r)) FROM (
  SELECT m.*, d.state AS delivery FROM desk_message m LEFT JOIN delivery_delivery d ON d.id = m.delivery_id
  WHERE m.conversation_id = %s ORDER BY m.sent_at DESC, m.id DESC LIMIT 51
) AS r
"""


def lists(run: Run) -> list[Figure]:
    conversations, messages = run.size(100_000, 10_000), run.size(1_000_000, 50_000)
    city = run.fresh_city(numbers=1)
    cookie = people(city, 1)[0]
    began = time.monotonic()
    desk, long = fill(city, conversations, messages)
    run.say(f"{conversations:,} conversations, {messages:,} messages in {time.monotonic() - began:.0f} s")
    web, port = run.installation.web()
    inbox, talk = "/console/sportello/", f"/console/sportello/{long}/"
    searches = {word: f"/console/sportello/cerca/?q={word}" for word in ("domanda", *WORDS, "4711")}
    times = {path: _asked(port, cookie, path, run.size(300, 60)) for path in (inbox, talk)}
    found = {word: _asked(port, cookie, path, run.size(100, 20)) for word, path in searches.items()}
    for word, each in found.items():
        run.say(f"search for {word!r}: p95 {_p95(each) * 1000:.0f} ms")
    run.processes.end(web)
    with run.installation.connect() as database:
        # In turns, so that what else the machine does concerns both.
        own = city.organization.pk
        beside = {
            inbox: lambda: _bare(database, _BARE, [own, desk]),
            talk: lambda: _bare(database, _BARE_THREAD, [long]),
            **{
                path: partial(_bare, database, _BARE_SEARCH, [own, word, f"'#kname' & '#n/{word}':*"])
                for word, path in searches.items()
            },
        }
        both = {path: _in_turns(cookie, path, bare) for path, bare in beside.items()}
    worst = max(searches.values(), key=lambda path: both[path].page / both[path].bare)
    for path, spent in both.items():
        run.say(
            f"{path}: the page's statements {spent.page * 1000:.2f} ms, a bare one {spent.bare * 1000:.2f} ms, "
            f"those of each page of the console {spent.console * 1000:.2f} ms"
        )
    slowest = max(_p95(each) for each in found.values()) * 1000
    as_json = "one query, the same rows as JSON"
    return [
        figure("desk.inbox", _p95(times[inbox]) * 1000, "ms (p95)", "the bar", INBOX),
        figure("desk.inbox.queries", _queries(cookie, inbox), "queries", "the bar", QUERIES),
        _database("desk.inbox.database", both[inbox], as_json),
        figure("desk.search", slowest, "ms (p95, the slowest word)", "the bar", SEARCH),
        _database("desk.search.database", both[worst], as_json),
        figure("desk.conversation", _p95(times[talk]) * 1000, "ms (p95)", "the bar", CONVERSATION),
        _database("desk.conversation.database", both[talk], as_json),
    ]


def _database(name: str, both: Beside, against: str) -> Figure:
    return figure(name, both.page * 1000, "ms", against, both.bare * 1000)


def _asked(port: int, cookie: str, path: str, times: int) -> list[float]:
    found = []
    connection = HTTPConnection("127.0.0.1", port)
    for number in range(times + 10):
        began = time.monotonic()
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise Failed(f"{path} answered {answer.status}")
        if number >= 10:  # everything is loaded
            found.append(time.monotonic() - began)
    connection.close()
    return found


@dataclass(frozen=True)
class Beside:
    """Seconds of the statements of one page, of the bare one, and of what the console asks on each page: medians of twenty.

    The console's own: session, person, organization, membership, tabs, banners. ``page`` is without them.
    """

    page: float
    bare: float
    console: float


def _in_turns(cookie: str, path: str, bare: Callable[[], float]) -> Beside:
    from django.db import connection
    from django.test import Client

    spent = {True: 0.0, False: 0.0}  # by whether the desk asked

    def timed(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # as Django calls it
        began = time.monotonic()
        try:
            return execute(sql, params, many, context)
        finally:
            spent[_asked_by_desk()] += time.monotonic() - began

    name, _equals, value = cookie.partition("=")
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies[name] = value
    page, other, console = [], [], []
    with connection.execute_wrapper(timed):
        for _turn in range(22):
            spent.update({True: 0.0, False: 0.0})
            if client.get(path).status_code != 200:
                raise Failed(f"{path} is not shown to this process")
            page.append(spent[True])
            console.append(spent[False])
            other.append(bare())
    return Beside(*(sorted(each[2:])[10] for each in (page, other, console)))


def _asked_by_desk() -> bool:
    """Whether the innermost code of ours that asks is the desk's, and not for a tab or the header of the console."""
    frame = sys._getframe(2)  # noqa: SLF001  # as the standard library's warnings does
    ours: list[str] = []
    while frame is not None:
        if "/arengo/" in frame.f_code.co_filename:
            ours.append(frame.f_code.co_filename)
        frame = frame.f_back  # type: ignore[assignment]  # None ends it
    return bool(ours) and "/arengo/desk/" in ours[0] and not any("/core/console/" in each for each in ours)


def _queries(cookie: str, path: str) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1", headers={"Cookie": cookie})
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def _bare(database: object, query: str, values: Sequence[object]) -> float:
    began = time.monotonic()
    database.execute(query, values).fetchall()  # type: ignore[attr-defined]  # a psycopg connection
    return time.monotonic() - began


def _p95(times: list[float]) -> float:
    return sorted(times)[len(times) * 95 // 100]
