# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody typed into the search box, as PostgreSQL and the marks on the page need it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from arengo.core.folding import fold

LONGEST = 200  # characters of the box
_MOST_TERMS = 12
_SHORTEST_START = 2  # letters of the beginning of a name

_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_TERM = re.compile(r'(-?)"([^"]*)"?|(-?)([^\s"]+)')
_APOSTROPHES = re.compile("['’‘ʼ`]")
# PostgreSQL's Italian stop words with an accent. Without it they are stop words no more, and some are other words ("Sara").
_ACCENTED_STOPS = frozenset(
    ("perché", "più", "è", "avrò", "avrà", "sarò", "sarà", "farò", "farà", "starò", "starà")
)
_FOLDED_STOPS = frozenset(("perche", "piu"))


@dataclass(frozen=True)
class Query:
    """``typed``: as it stands in the box. ``web``: for ``websearch_to_tsquery``, folded. ``words``: to be marked, folded, each once.

    ``names``: the beginnings of words that a name must have; empty where names are not meant (something is excluded).
    """

    typed: str
    web: str
    words: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.words and not self.names


def read(typed: str) -> Query:
    """Words, "phrases", and -words that must not be there. Nothing that somebody types is an error."""
    typed = typed.strip()[:LONGEST]
    wanted: list[str] = []
    parts: list[str] = []
    names: list[str] = []
    excludes = False
    for term in list(_TERM.finditer(typed.translate(_QUOTES)))[:_MOST_TERMS]:
        minus, phrase = term[1] or term[3] or "", term[2] is not None
        text = term[2] if phrase else term[4]
        tokens = fold(text).split()
        if not minus:
            names.extend(token for token in tokens if len(token) >= _SHORTEST_START or not token.isascii())
        if not phrase:
            tokens = _without_stops(text, tokens)
        if not tokens:
            continue
        # Each term in quotes: a word that has a hyphen or a dot is a phrase, and "or" is a word like others.
        parts.append(f'{minus}"{" ".join(tokens)}"')
        excludes |= bool(minus)
        if not minus:
            wanted.extend(tokens)
    if not wanted:
        parts = []
    return Query(
        typed=typed,
        web=" ".join(parts),
        words=tuple(dict.fromkeys(wanted)),
        names=() if excludes else tuple(dict.fromkeys(names)),
    )


def _without_stops(text: str, tokens: list[str]) -> list[str]:
    """Stop words that PostgreSQL would not know as such any more, since the accent is gone; and what an elision leaves ("d'")."""
    if unicodedata.normalize("NFC", text).lower() in _ACCENTED_STOPS:
        return []
    elided = _APOSTROPHES.search(text) is not None
    return [token for token in tokens if token not in _FOLDED_STOPS and not (elided and len(token) == 1)]
