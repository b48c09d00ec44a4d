# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every statement that this process sends to PostgreSQL, as it is sent: Django's and those of our own connections."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_READS = re.compile(r"\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"%s(?:, %s)+")
_ROWS = re.compile(r"\(\.\.\.\)(?:, \(\.\.\.\))+")
_KEPT = 3  # of one statement, with different values


@dataclass(frozen=True)
class Captured:
    """``client``: the values are written into the text by this process (Django); else they travel beside it."""

    origin: str  # file:function of ours that asked
    text: str
    values: Any
    client: bool

    @property
    def shape(self) -> str:
        """The same for a list of two and of two hundred."""
        return " ".join(_ROWS.sub("(...)", _SEVERAL.sub("...", _COMMENT.sub("", self.text))).split())


@contextmanager
def capturing() -> Iterator[list[Captured]]:
    """What is asked inside the block; a few of each shape and origin, the longest among them."""
    found: dict[tuple[str, str, bool], list[Captured]] = {}
    captured: list[Captured] = []

    def note(cursor: Any, query: Any, values: Any) -> None:
        if not isinstance(query, str) or not _READS.match(_COMMENT.sub("", query)):
            return
        origin = _origin()
        if not origin:
            return
        one = Captured(origin, query, values, isinstance(cursor, psycopg.ClientCursor))
        kept = found.setdefault((origin, one.shape, one.client), [])
        if len(kept) < _KEPT:
            kept.append(one)
        elif len(query) > len(kept[-1].text):
            kept[-1] = one

    with_values = psycopg.Cursor.execute
    with_values_async = psycopg.AsyncCursor.execute

    def execute(self: Any, query: Any, params: Any = None, **how: Any) -> Any:
        note(self, query, params)
        return with_values(self, query, params, **how)

    async def execute_async(self: Any, query: Any, params: Any = None, **how: Any) -> Any:
        note(self, query, params)
        return await with_values_async(self, query, params, **how)

    psycopg.Cursor.execute = execute  # type: ignore[method-assign]
    psycopg.AsyncCursor.execute = execute_async  # type: ignore[method-assign]
    try:
        yield captured
    finally:
        psycopg.Cursor.execute = with_values  # type: ignore[method-assign]
        psycopg.AsyncCursor.execute = with_values_async  # type: ignore[method-assign]
        captured += [one for kept in found.values() for one in kept]


def _origin() -> str:
    """The innermost function of Arengo; none: the test itself asked."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if "/src/arengo/" in name:
            return f"{name.rpartition('/src/arengo/')[2]}:{frame.f_code.co_name}"
        if "/tests/" in name and not name.endswith("plans/capturing.py"):
            return ""
        frame = frame.f_back  # type: ignore[assignment]
    return ""
