# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How easily an Italian text is read: the Gulpease index, and the sentences that are long. It is shown and forces nothing.

Gulpease (Lucisano and Piemontese, 1988): 89 + (300 × sentences − 10 × letters) / words, between 0 and 100. Under 80 it is
hard for who has a primary school education, under 60 for who has a lower secondary one, under 40 for who has a diploma.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from arengo.core.chat_text import to_plain
from arengo.newsroom.drafts import Draft

EASY, HARD = 60, 40
LONG = 25  # words; AGID's guide asks for no more in a sentence of a public body
_FEW = 5  # words: less is no text to judge
_SHOWN = 60  # characters of a long sentence
_WORD = re.compile(r"\w+")  # «dell’ente» is two words
_END = re.compile(r"[.!?…;]+(?=\s|$)|\n+")


@dataclass(frozen=True)
class Reading:
    """``index``: Gulpease, None for a few words. ``long``: the beginnings of long sentences."""

    index: int | None
    long: Sequence[str]

    @property
    def is_easy(self) -> bool:
        return self.index is not None and self.index >= EASY

    @property
    def is_hard(self) -> bool:
        return self.index is not None and self.index < HARD


def of(draft: Draft) -> Reading:
    """Of what the town writes itself: title and items, without links and formats."""
    return reading([draft.title, *(flash.text for flash in draft.items)])


def reading(texts: Sequence[str]) -> Reading:
    """Each of ``texts`` ends a sentence, with or without a full stop."""
    sentences = [part for text in texts for part in _END.split(to_plain(text)) if _WORD.search(part)]
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    long = [_beginning(sentence) for sentence in sentences if len(_WORD.findall(sentence)) > LONG]
    if len(words) < _FEW:
        return Reading(None, long)
    letters = sum(character.isalnum() for word in words for character in word)
    index = round(89 + (300 * len(sentences) - 10 * letters) / len(words))
    return Reading(max(0, min(100, index)), long)


def _beginning(sentence: str) -> str:
    words = " ".join(sentence.split())
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN].rsplit(' ', 1)[0]}…"
