# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Topics and quarters as people name them in a message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

from arengo.audience.models import Quarter, Topic
from arengo.audience.naming import Named
from arengo.audience.words.folding import Words, words_of

# What stands around the names and says nothing of its own.
BETWEEN = frozenset(
    {
        *(
            "a",
            "ad",
            "ai",
            "agli",
            "al",
            "alla",
            "alle",
            "allo",
            "e",
            "ed",
            "i",
            "gli",
            "il",
            "la",
            "le",
            "lo",
            "per",
            "su",
        ),
        *("tema", "temi", "solo", "anche", "quartiere", "quartieri", "frazione", "rione", "zona"),
    }
)
_FROM = frozenset(
    {
        *(
            "da",
            "dal",
            "dallo",
            "dalla",
            "dai",
            "dagli",
            "dalle",
            "di",
            "del",
            "dello",
            "della",
            "dei",
            "degli",
            "delle",
        ),
        *("avvisi", "notizie"),
    }
)

# What somebody says who wants to see what there is to choose: one of these, an article or none, and the thing.
_OPENINGS = (
    "",
    "cambia",
    "cambiare",
    "cambio",
    "scegli",
    "scegliere",
    "scelgo",
    "scelta",
    "modifica",
    "modificare",
    "aggiungi",
    "aggiungere",
    "aggiorna",
    "vedi",
    "vedere",
    "mostra",
    "mostrami",
    "gestisci",
    "lista",
    "elenco",
)
_DETERMINERS = (
    "",
    "i",
    "il",
    "la",
    "le",
    "dei",
    "del",
    "di",
    "i miei",
    "il mio",
    "la mia",
    "miei",
    "mio",
    "mia",
)


def asking(*things: str) -> frozenset[Words]:
    """«temi», «cambia i temi», «i miei temi», for each of the things."""
    return frozenset(words_of(" ".join(parts)) for parts in product(_OPENINGS, _DETERMINERS, things))


class Token(NamedTuple):
    """A topic or a quarter."""

    is_quarter: bool
    pk: int


def _names(model: type[Named]) -> list[tuple[int, Sequence[str]]]:
    """What is in use, and what went into it: its name and words mean where its people are now."""
    every = list(model.objects.all())
    by_id = {one.pk: one for one in every}
    found = []
    for one in every:
        target, seen = one, {one.pk}
        while target.ended_at and (into := target.merged_into_id) in by_id and into not in seen:
            target = by_id[into]
            seen.add(into)
        if not target.ended_at:
            found.append((one.ended_at is None, target.pk, (one.name, *one.words)))
    return [
        (pk, words) for _in_use, pk, words in sorted(found, key=lambda each: each[0])
    ]  # the later one wins


class NamedWords:
    """``topics``, ``quarters``: ids with the words for each; of two with the same words the later counts."""

    def __init__(
        self,
        topics: Iterable[tuple[int, Sequence[str]]] = (),
        quarters: Iterable[tuple[int, Sequence[str]]] = (),
    ) -> None:
        self._tokens: dict[Words, Token] = {}
        for is_quarter, named in ((True, quarters), (False, topics)):
            for pk, names in named:
                self._tokens |= {
                    words: Token(is_quarter, pk) for words in (words_of(name) for name in names) if words
                }
        self.words = frozenset(word for words in self._tokens for word in words if word not in BETWEEN)

    @classmethod
    def of_organization(cls) -> NamedWords:
        """Of the scope's organization."""
        return cls(_names(Topic), _names(Quarter))

    def has(self, *, quarters: bool) -> bool:
        return any(token.is_quarter == quarters for token in self._tokens.values())

    def among(self, words: Words) -> tuple[Token, ...]:
        """Those that are named, in the order in which they are; of two that begin at the same word the longer one."""
        return tuple(dict.fromkeys(token for token in self._each(words) if token is not None))

    def all_of(self, words: Words) -> tuple[Token, ...]:
        """Likewise; none where a word is nothing's."""
        found = list(self._each(words))
        return () if None in found else tuple(dict.fromkeys(token for token in found if token is not None))

    def only(self, words: Words) -> Token | None:
        """The one that is named, where nothing else is said: «dal tema eventi»."""
        while words and words not in self._tokens and words[0] in BETWEEN | _FROM:
            words = words[1:]
        return self._tokens.get(words)

    def _each(self, words: Words) -> Iterable[Token | None]:
        """None for each word that is nothing's; nothing for those that only stand between."""
        at = 0
        while at < len(words):
            ends = range(len(words), at, -1)
            end = next((end for end in ends if words[at:end] in self._tokens), None)
            if end is not None:
                yield self._tokens[words[at:end]]
            elif words[at] not in BETWEEN:
                yield None
            at = end or at + 1
