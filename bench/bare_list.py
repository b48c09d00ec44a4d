# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The least that an honest import can do: read the file, seal and hash, COPY the rows that Arengo keeps. Nothing is looked up."""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.bare_joins import lookup, seal

_BATCH = 5_000


def bare(url: str, organization: int, sender: int, content: bytes) -> float:
    """Seconds. Into tables of its own, made as Arengo's are, with their indexes."""
    with psycopg.connect(url, autocommit=True) as database:
        for table in ("contact", "contactkey", "identity", "consent", "subscription"):
            database.execute(f"CREATE TABLE bare_{table} (LIKE audience_{table} INCLUDING ALL)")
        began = time.monotonic()
        rows = list(csv.reader(io.StringIO(content.decode("cp1252")), delimiter=";"))[1:]
        for first in range(0, len(rows), _BATCH):
            with database.transaction(), database.cursor() as cursor:
                _batch(cursor, rows[first : first + _BATCH], first + 1, organization, sender)
        return time.monotonic() - began


def _batch(
    cursor: psycopg.Cursor[Any], rows: Sequence[Sequence[str]], first: int, organization: int, sender: int
) -> None:
    now = datetime.now(UTC)
    ids = range(first, first + len(rows))
    phones = [f"+39{row[0]}" for row in rows]
    hashes = [lookup(phone) for phone in phones]
    keys = [os.urandom(32) for _row in rows]
    ciphers = [AESGCM(key) for key in keys]
    days = [datetime.strptime(row[2], "%d/%m/%Y").replace(tzinfo=UTC) for row in rows]
    _copy(
        cursor,
        "contact",
        "id, organization_id, name, created_at",
        ((pk, organization, row[1], now) for pk, row in zip(ids, rows, strict=True)),
    )
    _copy(
        cursor,
        "contactkey",
        "id, organization_id, contact_id, key_sealed",
        ((pk, organization, pk, seal(key)) for pk, key in zip(ids, keys, strict=True)),
    )
    _copy(
        cursor,
        "identity",
        "id, organization_id, contact_id, platform, phone_sealed, phone_hash, username, created_at",
        (
            (pk, organization, pk, "whatsapp", seal(phone.encode()), hashed, "", now)
            for pk, phone, hashed in zip(ids, phones, hashes, strict=True)
        ),
    )
    _copy(
        cursor,
        "consent",
        "id, organization_id, identity_id, key_id, subject_sealed, action, at, source, reason, way, poster, effective, "
        "text_sealed, recorded_at",
        (
            (
                pk,
                organization,
                pk,
                pk,
                seal(hashed.hex().encode(), own),
                "given",
                day,
                "import",
                "",
                "import",
                "",
                True,
                seal(b"iscritto con un modulo di carta", own),
                now,
            )
            for pk, hashed, own, day in zip(ids, hashes, ciphers, days, strict=True)
        ),
    )
    _copy(
        cursor,
        "subscription",
        "id, organization_id, identity_id, sender_id, active, since",
        ((pk, organization, pk, sender, True, day) for pk, day in zip(ids, days, strict=True)),
    )


def _copy(cursor: psycopg.Cursor[Any], table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    with cursor.copy(f"COPY bare_{table} ({columns}) FROM STDIN") as copy:  # our own names
        for row in rows:
            copy.write_row(row)
