# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The least that an honest application of joins can do: parse, seal, hash, insert the rows that Arengo inserts.

A process of its own: ``python -m bench.bare_joins --count 10000 --sender 1 --organization 1 --out f.json``. One loop, one
connection, one transaction for 500 people, each table by one ``unnest``. It looks nothing up, merges nobody, obeys no order, tells no
screen; of what Arengo counts it writes the rows that are one person's, not the sums of all. The journal's row, which stands before
the acknowledgement, is none of its business.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.messages import arrival, written

_BATCH = 500
_KEY = AESGCM(os.urandom(32))
_LOOKUP = os.urandom(32)
# The counters of the governor, one of each a person (core/governor.py).
_CEILINGS = (("audience.welcome", timedelta(minutes=10)), ("audience.welcome a day", timedelta(days=1)))
_WELCOME = "Benvenuto nella lista del Comune di Esempio. " * 20


def seal(plain: bytes, cipher: AESGCM = _KEY) -> bytes:
    nonce = os.urandom(12)
    return nonce + cipher.encrypt(nonce, plain, b"bench")


def lookup(plain: str, key: bytes = _LOOKUP) -> bytes:
    return hmac.digest(key, plain.encode(), hashlib.sha256)


def _insert(
    cursor: psycopg.Cursor[Any], table: str, columns: dict[str, tuple[str, Sequence[Any]]]
) -> list[int]:
    arrays = ", ".join(f"%s::{kind}[]" for kind, _values in columns.values())
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({arrays}) RETURNING 1",  # noqa: S608  # our own names
        [list(values) for _kind, values in columns.values()],
    )
    return []


def _ids(cursor: psycopg.Cursor[Any], table: str, count: int) -> list[int]:
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
    )
    return [row[0] for row in cursor.fetchall()]


def apply(cursor: psycopg.Cursor[Any], bodies: Sequence[bytes], organization: int, sender: int) -> None:
    said = [
        (message, contact["profile"]["name"])
        for body in bodies
        for entry in msgspec.json.decode(body)["entry"]
        for change in entry["changes"]
        for message, contact in zip(change["value"]["messages"], change["value"]["contacts"], strict=True)
    ]
    n = len(said)
    now = datetime.now(UTC)
    same: dict[str, list[Any]] = {
        "organization": [organization] * n,
        "sender": [sender] * n,
        "now": [now] * n,
        "empty": [""] * n,
        "no": [False] * n,
        "yes": [True] * n,
        "zero": [0] * n,
    }
    org = ("bigint", same["organization"])
    by, at = ("bigint", same["sender"]), ("timestamptz", same["now"])
    empty, no, yes = ("text", same["empty"]), ("boolean", same["no"]), ("boolean", same["yes"])
    zero = ("int", same["zero"])
    phones = ["+" + message["from"] for message, _name in said]
    hashes = [lookup(phone) for phone in phones]
    message_hashes = [lookup(message["id"])[:16] for message, _name in said]
    sealed_ids = [seal(message["id"].encode()) for message, _name in said]
    times = [datetime.fromtimestamp(int(message["timestamp"]), UTC) for message, _name in said]
    texts = [message["text"]["body"] for message, _name in said]
    own = [os.urandom(32) for _ in said]
    ciphers = [AESGCM(key) for key in own]
    contacts, keys, identities, conversations, asked, answers, deliveries = (
        ("bigint", _ids(cursor, table, n))
        for table in (
            "audience_contact",
            "audience_contactkey",
            "audience_identity",
            "desk_conversation",
            "desk_message",
            "desk_message",
            "delivery_delivery",
        )
    )
    said_at = ("timestamptz", times)
    _insert(cursor, "intake_seen", {"sender_id": by, "message_hash": ("bytea", message_hashes)})
    _insert(
        cursor,
        "audience_contact",
        {
            "id": contacts,
            "organization_id": org,
            "name": ("text", [name for _m, name in said]),
            "created_at": at,
        },
    )
    _insert(
        cursor,
        "audience_contactkey",
        {
            "id": keys,
            "organization_id": org,
            "contact_id": contacts,
            "key_sealed": ("bytea", [seal(key) for key in own]),
        },
    )
    _insert(
        cursor,
        "audience_identity",
        {
            "id": identities,
            "organization_id": org,
            "contact_id": contacts,
            "platform": ("text", ["whatsapp"] * n),
            "phone_sealed": ("bytea", [seal(phone.encode()) for phone in phones]),
            "phone_hash": ("bytea", hashes),
            "username": empty,
            "last_wrote_at": said_at,
            "created_at": at,
        },
    )
    _insert(
        cursor,
        "audience_consent",
        {
            "organization_id": org,
            "identity_id": identities,
            "key_id": keys,
            "subject_sealed": (
                "bytea",
                [seal(h.hex().encode(), c) for h, c in zip(hashes, ciphers, strict=True)],
            ),
            "action": ("text", ["given"] * n),
            "at": said_at,
            "source": ("text", ["message"] * n),
            "reason": empty,
            "way": ("text", ["word"] * n),
            "poster": empty,
            "effective": yes,
            "message_hash": ("bytea", [lookup(m["id"], key) for (m, _n), key in zip(said, own, strict=True)]),
            "message_id_sealed": (
                "bytea",
                [seal(m["id"].encode(), c) for (m, _n), c in zip(said, ciphers, strict=True)],
            ),
            "text_sealed": (
                "bytea",
                [seal(text.encode(), c) for text, c in zip(texts, ciphers, strict=True)],
            ),
            "recorded_at": at,
        },
    )
    _insert(
        cursor,
        "audience_subscription",
        {"organization_id": org, "identity_id": identities, "sender_id": by, "active": yes, "since": said_at},
    )
    _insert(
        cursor,
        "desk_conversation",
        {
            "id": conversations,
            "organization_id": org,
            "contact_id": contacts,
            "identity_id": identities,
            "sender_id": by,
            "state": ("text", ["closed"] * n),
            "citizen_wrote_at": said_at,
            "last_message_id": answers,
            "last_message_at": at,
            "unread": zero,
            "opened_at": at,
            "closed_at": at,
        },
    )
    _insert(
        cursor,
        "delivery_delivery",
        {
            "id": deliveries,
            "organization_id": org,
            "sender_id": by,
            "urgency": ("smallint", [1] * n),
            "address_sealed": ("bytea", [seal(phone.encode()) for phone in phones]),
            "address_hash": ("bytea", hashes),
            "outgoing_sealed": ("bytea", [seal(_WELCOME.encode()) for _ in said]),
            "topic": ("text", [f"conversation:{pk}" for pk in conversations[1]]),
            "state": ("smallint", same["zero"]),
            "code": zero,
            "reason": empty,
            "price_category": ("text", ["service"] * n),
            "created_at": at,
        },
    )
    _insert(
        cursor,
        "delivery_outbox",
        {
            "delivery_id": deliveries,
            "organization_id": org,
            "sender_id": by,
            "urgency": ("smallint", [1] * n),
            "state": ("smallint", same["zero"]),
            "not_before": at,
            "attempts": ("smallint", same["zero"]),
        },
    )
    for ceiling, within in _CEILINGS:
        _insert(
            cursor,
            "core_attempt",
            {
                "key": ("bytea", [lookup(f"attempt {ceiling} contact:{pk}") for pk in contacts[1]]),
                "count": ("int", [1] * n),
                "until": ("timestamptz", [now + within] * n),
            },
        )
    for pks, direction, words, ids, ours, command in (
        (asked, "in", texts, ("bytea", sealed_ids), [None] * n, "join"),
        (answers, "out", [_WELCOME] * n, ("bytea", [None] * n), deliveries[1], ""),
    ):
        _insert(
            cursor,
            "desk_message",
            {
                "id": pks,
                "organization_id": org,
                "conversation_id": conversations,
                "sender_id": by,
                "direction": ("text", [direction] * n),
                "kind": ("text", ["text"] * n),
                "text": ("text", words),
                "sent_at": said_at,
                "received_at": at,
                "automatic": ("text", ["" if command else "audience.welcome"] * n),
                "command": ("text", [command] * n),
                "forwarded": no,
                "platform_message_hash": ("bytea", message_hashes if command else [None] * n),
                "platform_message_sealed": ids,
                "key": ("text", [""] * n if command else [f"command:{pk}" for pk in asked[1]]),
                "failure": empty,
                "citizen_reaction": empty,
                "our_reaction": empty,
                "delivery_id": ("bigint", ours),
            },
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--count", "--organization", "--sender"):
        parser.add_argument(name, type=int, required=True)
    parser.add_argument("--out", required=True)
    chosen = parser.parse_args()
    now = int(time.time())
    bodies = [arrival("2", "1", [written(index, "ISCRIVIMI", now)]) for index in range(chosen.count)]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        began, processor = time.monotonic(), time.process_time()
        for start in range(0, chosen.count, _BATCH):
            with database.transaction(), database.cursor(binary=True) as cursor:
                apply(cursor, bodies[start : start + _BATCH], chosen.organization, chosen.sender)
        ended, used = time.monotonic(), time.process_time() - processor
    Path(chosen.out).write_text(json.dumps({"seconds": ended - began, "processor": used}))


if __name__ == "__main__":
    main()
