# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operator can insert into an answer: canned replies, the directory. Each capability registers its own.

There are a few hundred of a kind (``MOST``), so they are matched here and not by the database: by the beginnings of words, with or
without accents, in title, topic and text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from arengo.core.folding import fold
from arengo.core.models import Person
from arengo.desk.models import Conversation

MOST = 1_000  # of each kind, for an organization
SHOWN = 8  # that the composer offers at once

_TITLE, _TOPIC, _TEXT = 4, 2, 1  # what a word counts where it is found


@dataclass(frozen=True)
class InsertedFile:
    name: str
    url: str
    mime_type: str
    size: int


@dataclass(frozen=True)
class Insertion:
    """``key``: «reply-12», by which its use is counted. ``text``: with its variables filled in, blanks as they are.

    ``meta``: its kind, topic and use, in words. ``checked``: who looked last whether it is right; ``overdue``: nobody did in time.
    """

    key: str
    title: str
    topic: str
    text: str
    meta: Sequence[str]
    used: int
    checked: str = ""
    overdue: str = ""
    blanks: Sequence[str] = ()
    files: Sequence[InsertedFile] = field(default_factory=tuple)


@dataclass(frozen=True)
class Provider:
    """``offer``: all that may be inserted into this conversation by this person. ``count_use``: it was inserted."""

    prefix: str
    offer: Callable[[Conversation, Person], Sequence[Insertion]]
    count_use: Callable[[int], None]


_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    _providers[provider.prefix] = provider


def offered(conversation: Conversation, by: Person) -> list[Insertion]:
    """Everything, the most used first."""
    found = [each for provider in _providers.values() for each in provider.offer(conversation, by)]
    return sorted(found, key=lambda each: (-each.used, fold(each.title)))


def count_use(key: str) -> bool:
    """False where nothing has this key."""
    prefix, _dash, number = key.rpartition("-")
    provider = _providers.get(prefix)
    if provider is None or not number.isdecimal() or len(number) > 18:
        return False
    provider.count_use(int(number))
    return True


def matching(words: str, among: Sequence[Insertion]) -> list[Insertion]:
    """Those that have a word that begins with each of these; best first, then the most used. Without words: all."""
    parts = fold(words).split()
    if not parts:
        return list(among)
    scored = [(_score(parts, each), each) for each in among]
    found = [(score, each) for score, each in scored if score]
    return [each for _score_of, each in sorted(found, key=lambda pair: -pair[0])]


def _score(parts: Sequence[str], one: Insertion) -> int:
    """0 unless each part is found."""
    places = ((_TITLE, one.title), (_TOPIC, one.topic), (_TEXT, one.text))
    words = [(weight, fold(text).split()) for weight, text in places]
    total = 0
    for part in parts:
        best = max((weight for weight, own in words if any(word.startswith(part) for word in own)), default=0)
        if not best:
            return 0
        total += best
    return total


def fitting(
    stems: Collection[str], stem: Callable[[str], str], among: Sequence[Insertion], most: int
) -> list[Insertion]:
    """Those that share words with what the citizen wrote; one word in the title or two in the text at least."""
    scored = []
    for one in among:
        title = {stem(word) for word in fold(f"{one.title} {one.topic}").split()} & set(stems)
        text = {stem(word) for word in fold(one.text).split()} & set(stems)
        score = 2 * len(title) + len(text - title)
        if score >= 2:
            scored.append((score, one))
    return [one for _score_of, one in sorted(scored, key=lambda pair: (-pair[0], -pair[1].used))][:most]
