# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The data of a desk that has been at it for years, put in by few statements.

The entries of the search are made as its migration makes them of what is there already, and their index at the end: one row at a
time, a million take six times as long.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from bench.city import City

LONG = 5_000  # messages of one conversation
_PIECE = 20_000  # rows of one INSERT
# Beside "domanda", which every message has: one message of so many has the word.
WORDS = {"tessera": 50, "certificato": 997, "cimitero": 49_999}
_KEPT_BY = (
    ("desk_message", "desk_message_searched_added"),
    ("desk_conversation", "desk_conversation_searched_added"),
)


def text(number: int) -> str:
    """Of the ``number``-th message."""
    rare = "".join(f" {word}" for word, every in WORDS.items() if number % every == 0)
    return f"Buongiorno, una domanda di prova numero {number}{rare}"


def fill(city: City, conversations: int, messages: int) -> tuple[int, int]:
    """Half of the conversations are open, half of these wait. Returns the desk, and the conversation of 5,000 messages."""
    from arengo.audience.models import Contact, Identity
    from arengo.core import bulk
    from arengo.core.scope import organization_scope
    from arengo.core.vault import vault
    from arengo.desk.desks import desk_for
    from arengo.desk.latest import settle_latest
    from arengo.desk.models import Conversation, Message
    from arengo.desk.search import indexing

    now, sender, same = timezone.now(), city.senders[0], {"organization_id": city.organization.pk}
    sealed = vault().seal_text("+393330000000", purpose="phone")
    made: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX desk_search_words")
        for table, trigger in _KEPT_BY:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
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
                    "text": [text(number) for number in piece],
                    "sent_at": [now - timedelta(seconds=3 * (messages - number)) for number in piece],
                    "received_at": now,
                },
            )
        for first in range(0, len(made), _PIECE):
            settle_latest(made[first : first + _PIECE])
    with connection.cursor() as cursor:
        for kind, select, table in (
            ("message", indexing.MESSAGES, "desk_message"),
            ("name", indexing.NAMES, "desk_conversation"),
        ):
            cursor.execute(indexing.filling(kind, select.replace("{rows}", table)))
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("CREATE INDEX desk_search_words ON desk_search_entry USING gin (words)")
        for table, trigger in _KEPT_BY:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
        cursor.execute("VACUUM ANALYZE")
    return desk, long
