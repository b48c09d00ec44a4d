# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys by which sealed values are found again: made once, renewed when an older one may be known.

They lie in the database, sealed by the vault, so that a vault key can leave while every hash stays. A lookup key that
somebody may have opened (a leaked vault key, and a backup of that time) is renewed by :func:`renew`: a fresh key hashes
the hashes that are there. What it replaces stays in the chain and is of no use without the fresh one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import groupby
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from arengo.core import vault as vaults
from arengo.core.database import conninfo
from arengo.core.models import LookupKeys
from arengo.core.sealed import LookupColumn, lookup_columns
from arengo.core.vault import CARRIED, LOOKUP_KEY, LOOKUP_PURPOSE, derived_lookup_key, parse_keys, vault

_BLOCK = 64  # bytes; the block of SHA-256, of which HMAC (RFC 2104) is made


def make(using: str = "default", **_signal: Any) -> None:
    """Called after every migration; makes the lookup keys if there are none.

    Where hashes exist already they were made under the key derived from the oldest vault key: that one goes on.
    """
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if "core_lookupkeys" not in tables or LookupKeys.objects.using(using).exists():
        return
    with connection.cursor() as cursor:
        used = False
        for column in lookup_columns():
            if column.table in tables and not used:
                cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(column.table)))
                used = bool(cursor.fetchone()[0])
    oldest_id, oldest = parse_keys(settings.ARENGO_VAULT_KEYS)[-1]
    box = vault()
    sealed = box.seal(derived_lookup_key(oldest) if used else os.urandom(LOOKUP_KEY), purpose=LOOKUP_PURPOSE)
    known_to = list(dict.fromkeys([*([oldest_id] if used else []), box.sealing_id]))
    with connection.cursor() as cursor:  # core 0031 calls it, when the table has no other columns yet
        cursor.execute(
            "INSERT INTO core_lookupkeys (id, keys_sealed, known_to) VALUES (1, %s, %s) ON CONFLICT DO NOTHING",
            [sealed, known_to],
        )
    vaults.forget()


def known_to() -> list[str]:
    """Ids of the vault keys that ever opened the newest lookup key."""
    return list(LookupKeys.objects.values_list("known_to", flat=True).get())


def renew(nothing_runs: Callable[[], None]) -> int:
    """A fresh lookup key, and every hash made anew, in one transaction. Returns how many rows were written.

    Nothing else may run: a process that keeps the old keys in memory would find nobody. ``nothing_runs`` raises when
    something does; it is asked once new processes are kept waiting.
    """
    fresh = os.urandom(LOOKUP_KEY)
    written = 0
    with psycopg.connect(conninfo("arengo reseal")) as connection:
        connection.execute("SET LOCAL lock_timeout = '10s'")
        connection.execute("LOCK TABLE core_lookupkeys IN ACCESS EXCLUSIVE MODE")  # a start waits for us
        nothing_runs()
        row = connection.execute("SELECT keys_sealed FROM core_lookupkeys").fetchone()
        chain = vault().open(row[0], purpose=LOOKUP_PURPOSE) if row else b""
        # The key reaches the server by COPY: unlike a statement's values, those appear in no log.
        connection.execute("CREATE TEMP TABLE fresh (inside bytea, outside bytea) ON COMMIT DROP")
        with connection.cursor().copy("COPY fresh FROM STDIN") as copy:
            padded = fresh.ljust(_BLOCK, b"\0")
            copy.write_row((bytes(byte ^ 0x36 for byte in padded), bytes(byte ^ 0x5C for byte in padded)))
        for table, columns in groupby(lookup_columns(), key=lambda column: column.table):
            written += connection.execute(_rehash(table, list(columns))).rowcount
        box = vault()
        connection.execute(
            "UPDATE core_lookupkeys SET keys_sealed = %s, known_to = %s",
            (box.seal(chain + fresh, purpose=LOOKUP_PURPOSE), [box.sealing_id]),
        )
    vaults.forget()
    return written


def _rehash(table: str, columns: list[LookupColumn]) -> sql.Composed:
    """HMAC-SHA-256 of what is there, as ``Vault.lookup`` makes it, as long as it was; NULL stays."""
    each = sql.SQL(
        "{0} = substring(sha256(fresh.outside || sha256(fresh.inside || substring(t.{0} FROM 1 FOR {1})))"
        " FROM 1 FOR octet_length(t.{0}))"
    )
    changes = [each.format(sql.Identifier(column.column), sql.Literal(CARRIED)) for column in columns]
    return sql.SQL("UPDATE {} AS t SET {} FROM fresh").format(
        sql.Identifier(table), sql.SQL(", ").join(changes)
    )
