# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a message may say, and nothing else, to press a choice: «i miei dati». Each capability registers its own phrases.

Only exact phrases (case, accents and courtesies off), never a question: questions are for people. The organization's own words
for joining and leaving come first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from arengo.audience.words.folding import Words, words_of

_phrases: dict[Words, str] = {}
_shapes: dict[str, Callable[[Words], bool]] = {}
_when: dict[str, Callable[[], bool]] = {}


class PhraseTaken(Exception):
    """Another choice has this phrase: one of the two would never be heard."""


def register(prefix: str, phrases: Iterable[str], when: Callable[[], bool] | None = None) -> None:
    """``prefix``: of a handler in ``choices``. PhraseTaken is a mistake of a capability.

    ``when``: asked inside the organization's scope, once a batch; while it says no, the phrases are a message like others.
    """
    for words in map(words_of, phrases):
        if words and _phrases.setdefault(words, prefix) != prefix:
            raise PhraseTaken(" ".join(words))
    if when is not None:
        _when[prefix] = when


def is_always_heard(prefix: str) -> bool:
    return prefix not in _when


def is_heard(prefix: str) -> bool:
    return prefix not in _when or _when[prefix]()


def register_shape(prefix: str, fits: Callable[[Words], bool]) -> None:
    """For what is no phrase, as a code. The handler gives back to people what was not meant (``Handled.for_people``)."""
    _shapes[prefix] = fits


def prefix_of(words: Words) -> str:
    """The choice that these words press; "" for any others."""
    return _phrases.get(words) or next((prefix for prefix, fits in _shapes.items() if fits(words)), "")
