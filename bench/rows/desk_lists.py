# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk of a town that has been at it for years: 100,000 conversations, half of them open, a million messages."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from http.client import HTTPConnection

from bench.city import City
from bench.figures import Figure, figure
from bench.processes import Failed
from bench.rows.web import people
from bench.run import Run

INBOX, CONVERSATION = 60, 100  # ms, p95
LONG = 5_000  # messages of one conversation
_PIECE = 20_000  # rows of one INSERT
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
    desk, long = _fill(city, conversations, messages)
    run.say(f"{conversations:,} conversations, {messages:,} messages in {time.monotonic() - began:.0f} s")
    web, port = run.installation.web()
    inbox, talk = "/console/sportello/", f"/console/sportello/{long}/"
    times = {path: _asked(port, cookie, path, run.size(300, 60)) for path in (inbox, talk)}
    run.processes.end(web)
    ours = {path: _database_time(cookie, path) for path in (inbox, talk)}
    with run.installation.connect() as database:
        bare = {
            inbox: _bare(database, _BARE, [city.organization.pk, desk]),
            talk: _bare(database, _BARE_THREAD, [long]),
        }
    return [
        figure("desk.inbox", _p95(times[inbox]) * 1000, "ms (p95)", "the bar", INBOX),
        figure(
            "desk.inbox.database", ours[inbox] * 1000, "ms", "one query, the rows as JSON", bare[inbox] * 1000
        ),
        figure("desk.conversation", _p95(times[talk]) * 1000, "ms (p95)", "the bar", CONVERSATION),
        figure(
            "desk.conversation.database",
            ours[talk] * 1000,
            "ms",
            "one query, the messages as JSON",
            bare[talk] * 1000,
        ),
    ]


def _fill(city: City, conversations: int, messages: int) -> tuple[int, int]:
    """Half of the conversations are open, half of these wait. Returns the desk, and the conversation of 5,000 messages."""
    from django.db import connection
    from django.utils import timezone

    from arengo.audience.models import Contact, Identity
    from arengo.core import bulk
    from arengo.core.scope import organization_scope
    from arengo.core.vault import vault
    from arengo.desk.desks import desk_for
    from arengo.desk.latest import settle_latest
    from arengo.desk.models import Conversation, Message

    now, sender, same = timezone.now(), city.senders[0], {"organization_id": city.organization.pk}
    sealed = vault().seal_text("+393330000000", purpose="phone")
    made: list[int] = []
    with organization_scope(city.organization):
        desk = desk_for(city.organization.pk, sender.pk)
        for first in range(0, conversations, _PIECE):
            piece = range(first, min(first + _PIECE, conversations))
            ids = bulk.insert_columns(
                Contact, len(piece), {**same, "name": [f"Persona di prova {number}" for number in piece]}
            )
            known = bulk.insert_columns(
                Identity,
                len(piece),
                {
                    **same,
                    "contact_id": ids,
                    "platform": sender.platform,
                    "phone_sealed": sealed,
                    "phone_hash": [number.to_bytes(32, "big") for number in piece],
                },
            )
            at = [now - timedelta(seconds=30 * number) for number in piece]
            made += bulk.insert_columns(
                Conversation,
                len(piece),
                {
                    **same,
                    "contact_id": ids,
                    "identity_id": known,
                    "sender_id": sender.pk,
                    "desk_id": desk,
                    "state": ["open" if number % 2 else "closed" for number in piece],
                    "closed_at": [None if number % 2 else now for number in piece],
                    "opened_at": at,
                    "waiting_since": [
                        moment if number % 4 == 1 else None for number, moment in zip(piece, at, strict=True)
                    ],
                    "last_message_at": at,
                    "citizen_wrote_at": at,
                    "unread": [int(number % 4 == 1) for number in piece],
                    "incoming_count": 1,
                },
            )
        long = made[1]
        for first in range(0, messages, _PIECE):
            piece = range(first, min(first + _PIECE, messages))
            bulk.insert_columns(
                Message,
                len(piece),
                {
                    **same,
                    "sender_id": sender.pk,
                    "conversation_id": [
                        long if number < LONG else made[number % len(made)] for number in piece
                    ],
                    "direction": "in",
                    "text": [f"Buongiorno, una domanda di prova numero {number}" for number in piece],
                    "sent_at": [now - timedelta(seconds=3 * (messages - number)) for number in piece],
                    "received_at": now,
                },
            )
        for first in range(0, len(made), _PIECE):
            settle_latest(made[first : first + _PIECE])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return desk, long


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


def _database_time(cookie: str, path: str) -> float:
    """The time of all queries of one page together, median of twenty."""
    from django.db import connection
    from django.test import Client

    spent = [0.0]

    def timed(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # as Django calls it
        began = time.monotonic()
        try:
            return execute(sql, params, many, context)
        finally:
            spent[0] += time.monotonic() - began

    name, _equals, value = cookie.partition("=")
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies[name] = value
    found = []
    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(timed))
        for _turn in range(22):
            spent[0] = 0.0
            if client.get(path).status_code != 200:
                raise Failed(f"{path} is not shown to this process")
            found.append(spent[0])
    return sorted(found[2:])[10]


def _bare(database: object, query: str, values: Sequence[object]) -> float:
    found = []
    for _turn in range(22):
        began = time.monotonic()
        database.execute(query, values).fetchall()  # type: ignore[attr-defined]  # a psycopg connection
        found.append(time.monotonic() - began)
    return sorted(found[2:])[10]


def _p95(times: list[float]) -> float:
    return sorted(times)[len(times) * 95 // 100]
