# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks for a person's number, and for ids that hold it, in everything that is kept.

As who steals a dump would look: every value of every table, its base64 and hexadecimal words decoded, without a key; and,
where a test says under which purposes, what the vault's key opens as well.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from urllib.parse import unquote

from django.db import connection
from psycopg import sql

from arengo.core.vault import VaultError, vault

PURPOSES = ("", "phone", "user_id", "address", "outgoing", "message_id", "journal", "consent", "credentials")

_WORD = re.compile(r"[A-Za-z0-9+/_-]{8,}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){7,}")
_URL_SAFE = str.maketrans("-_", "+/")
_DEPTH = 2  # base64 in base64


def clear_traces(
    number: str,
    ids: Collection[str] = (),
    *,
    opened: Collection[str] = (),
    tables: Callable[[str], bool] = lambda _table: True,
) -> list[str]:
    """Where the database gives away ``number`` (E.164) or one of ``ids`` (a platform's message ids): ``table.column: how``.

    ``opened``: purposes of the vault under which sealed values are opened and looked into too, as who has its key would.
    """
    found: set[str] = set()
    for table, column, value in _values(tables):
        found |= {f"{table}.{column}: {how}" for how in traces_in(value, number, ids)}
        if not isinstance(value, str):
            for plain in _opened(bytes(value), opened):
                found |= {f"{table}.{column}, opened: {how}" for how in traces_in(plain, number, ids)}
    return sorted(found)


def file_traces(folder: Path, number: str, ids: Collection[str] = ()) -> list[str]:
    """The same of files: logs, media, exports; their names too."""
    return sorted(
        f"{path.relative_to(folder)}: {how}"
        for path in folder.rglob("*")
        if path.is_file()
        for how in {
            *traces_in(path.read_bytes(), number, ids),
            *traces_in(str(path.relative_to(folder)), number, ids),
        }
    )


def traces_in(content: str | bytes | memoryview, number: str, ids: Collection[str] = ()) -> set[str]:
    """How this gives the person away; nothing if it does not."""
    text = content if isinstance(content, str) else bytes(content).decode("latin-1")
    return set(_traces(text, re.sub(r"\D", "", number)[-9:], ids, _DEPTH))


def _traces(text: str, digits: str, ids: Collection[str], depth: int) -> Iterator[str]:
    """``digits``: the end of the number, which is the same with and without its country."""
    for form in {text, unquote(text)}:
        if digits in re.sub(r"[\s().+-]", "", form):
            yield "the number"
        if any(each in form for each in ids):
            yield "a message id"
        if not depth:
            continue
        for plain in _decoded(form):
            yield from (f"{how}, decoded" for how in _traces(plain, digits, (), depth - 1))


def _decoded(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        plain = word.translate(_URL_SAFE)
        for start in range(4):
            piece = plain[start:]
            piece = piece[: len(piece) - (len(piece) % 4 == 1)]
            try:
                yield base64.b64decode(piece + "=" * (-len(piece) % 4), validate=True).decode("latin-1")
            except binascii.Error:
                continue
    for word in _HEX.findall(text):
        yield bytes.fromhex(word).decode("latin-1")


def _values(tables: Callable[[str], bool]) -> Iterator[tuple[str, str, str | bytes]]:
    """Of every column of every table: bytes as they are, all else as the text that a dump shows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name, c.data_type = 'bytea' FROM information_schema.columns c "
            "JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY 1, c.ordinal_position"
        )
        for table, column, is_bytes in cursor.fetchall():
            if not tables(table):
                continue
            as_kept = sql.SQL("{}" if is_bytes else "{}::text").format(sql.Identifier(column))
            cursor.execute(
                sql.SQL("SELECT DISTINCT {0} FROM {1} WHERE {0} IS NOT NULL").format(
                    as_kept, sql.Identifier(table)
                )
            )
            for (value,) in cursor.fetchall():
                yield table, column, value


def _opened(value: bytes, purposes: Collection[str]) -> Iterator[bytes]:
    for purpose in purposes:
        try:
            yield vault().open(value, purpose=purpose)
        except VaultError:
            continue
