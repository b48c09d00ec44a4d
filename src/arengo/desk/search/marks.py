# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a text has the words that were searched: the same words as in the index, marked in the text as it was written.

PostgreSQL's own ``ts_headline`` does not know the index's folding. Here the words of all texts of a page are stemmed by one query.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from arengo.core import bulk
from arengo.core.folding import fold
from arengo.desk.search.query import Query
from arengo.desk.search.sql import statement

_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_BEFORE, _AFTER = 60, 140  # characters of context
_MOST_READ = 20_000  # characters of a text, as the index


@dataclass(frozen=True)
class Piece:
    """A part of a text, as it was written; ``marked``: one of the words that were searched."""

    text: str
    marked: bool


class Marker:
    """Marks the words of one query; ``texts``: all that it will be asked about, so that their stems are asked once.

    ``names``: texts of names, in which beginnings of words count.
    """

    def __init__(self, query: Query, texts: Collection[str], names: Collection[str] = ()) -> None:
        self._names = query.names
        words = {word for text in texts for _start, _end, word in _words(text)}
        lexemes = stems(words | set(query.words))
        wanted = {lexemes[word] for word in query.words if lexemes[word]}
        self._wanted = {word for word in words if lexemes[word] in wanted}
        self._begun = {
            word
            for text in names
            for _start, _end, word in _words(text)
            if any(word.startswith(part) for part in query.names)
        }

    def whole(self, text: str, *, name: bool = False) -> list[Piece]:
        """All of the text in pieces."""
        return _pieces(text, self._spans(text, name))

    def excerpt(self, text: str) -> list[Piece]:
        """One line about the first place where the words stand closest together; "…" where something was cut off."""
        spans = self._spans(text, name=False)
        if not spans:
            return _pieces(_cut(text, 0, _BEFORE + _AFTER), [])
        # The window that holds most marks; of several the first.
        start, _end = max(
            spans, key=lambda one: (sum(one[0] <= other[0] < one[0] + _AFTER for other in spans), -one[0])
        )
        first = max(start - _BEFORE, 0)
        blank = text.find(" ", first, first + 20)
        if first and blank >= 0:
            first = blank + 1
        last = start + _AFTER
        shown = _cut(text, first, last)
        offset = first - (1 if first else 0)  # of the "…" before
        within = [(a - offset, b - offset) for a, b in spans if a >= first and b <= last]
        return _pieces(shown, within)

    def _spans(self, text: str, name: bool) -> list[tuple[int, int]]:
        wanted = self._begun if name else self._wanted
        return [(start, end) for start, end, word in _words(text) if word in wanted]


def _words(text: str) -> Iterable[tuple[int, int, str]]:
    for found in _WORD.finditer(text[:_MOST_READ]):
        yield found.start(), found.end(), fold(found[0]).strip()


def stems(words: Collection[str]) -> dict[str, str]:
    """Of each folded word the lexeme by which the index knows it; "" of a stop word."""
    if not words:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(statement("stems"), {"words": bulk.array("text", sorted(words))})
        return dict(cursor.fetchall())


def _cut(text: str, first: int, last: int) -> str:
    return ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    pieces, at = [], 0
    for start, end in spans:
        if start > at:
            pieces.append(Piece(text[at:start], marked=False))
        pieces.append(Piece(text[start:end], marked=True))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:], marked=False))
    return pieces
