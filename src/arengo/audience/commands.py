# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«ISCRIVIMI» and «CANCELLAMI»: is a message one of the organization's commands?

Only a message that says the command and nothing else (but for a greeting or a thank-you) is one. «Come faccio a
cancellarmi?» and «non riesco a iscrivermi» are questions, and questions are for people.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from arengo.audience import choices
from arengo.audience.models import ListSettings, Topic
from arengo.platforms.contract import MessageReceived, Nature

JOIN, LEAVE = (
    "join",
    "leave",
)  # prefixes of choices too (obeying.py): a button of ours is a command whatever it says
_LONGEST = 300  # characters; a longer text says more than a command

# What people say around a command without changing it. Whole words, as `words_of` makes them.
_BEFORE = (
    "buongiorno",
    "buon giorno",
    "buonasera",
    "buona sera",
    "buon pomeriggio",
    "salve",
    "ciao",
    "ok",
    "si",
    "grazie",
    "per favore",
    "per piacere",
    "per cortesia",
    "cortesemente",
    "gentilmente",
)
_AFTER = (
    "per favore",
    "per piacere",
    "per cortesia",
    "cortesemente",
    "gentilmente",
    "grazie",
    "grazie mille",
    "molte grazie",
    "tante grazie",
    "vi ringrazio",
    "buongiorno",
    "buona giornata",
    "buona serata",
    "buonasera",
    "cordiali saluti",
    "distinti saluti",
    "saluti",
    "un saluto",
    "arrivederci",
    "e",  # «grazie e buona giornata»: only together with what is stripped around it
)
_ARTICLES = "a ad ai agli al alla alle allo e ed i gli il la le lo per su tema temi solo anche"
_BETWEEN_TOPICS = frozenset(_ARTICLES.split(" "))

Words = tuple[str, ...]


@dataclass(frozen=True)
class Command:
    """``kind`` is ``join``, ``leave``, or the prefix of a choice that was pressed, which has a ``value``.

    ``topics`` are ids, named together with a join in words.
    """

    kind: str
    topics: tuple[int, ...] = ()
    value: str = ""

    @property
    def as_value(self) -> str:
        """The value of a choice that says the same."""
        return self.value or ",".join(map(str, self.topics))


def words_of(text: str) -> Words:
    """The bare words of a text: no case, accents, punctuation, emoji or invisible signs."""
    letters = []
    for sign in unicodedata.normalize("NFKD", text).casefold():
        category = unicodedata.category(sign)
        if category in {"Mn", "Me", "Cf"}:  # accents, emoji joiners, zero-width signs: as if not there
            continue
        letters.append(sign if category[0] in "LN" else " ")
    # Once more: casefolding may compose or leave marks behind (e.g. «İ»).
    return tuple(
        word
        for word in unicodedata.normalize("NFKD", "".join(letters)).casefold().split()
        if any(unicodedata.category(sign)[0] in "LN" for sign in word)
    )


_PREFIXES = sorted((words_of(text) for text in _BEFORE), key=len, reverse=True)
_SUFFIXES = sorted((words_of(text) for text in _AFTER), key=len, reverse=True)


class Parser:
    """The commands of one organization. Made once a batch of messages."""

    def __init__(
        self,
        join_words: Iterable[str],
        leave_words: Iterable[str],
        topics: Iterable[tuple[int, Sequence[str]]] = (),
    ) -> None:
        self._join = {words_of(text) for text in join_words} - {()}
        self._leave = {words_of(text) for text in leave_words} - {()}
        self._topics = {
            words: pk for pk, names in topics for words in (words_of(name) for name in names) if words
        }
        self._known: dict[str, Command | None] = {}  # thousands say the same within a batch

    @classmethod
    def of_organization(cls) -> Parser:
        """Of the scope's organization."""
        return cls.of(ListSettings.objects.first())

    @classmethod
    def of(cls, settings: ListSettings | None) -> Parser:
        """``settings``: of the scope's organization. One that has not worded its list has no commands."""
        if settings is None:
            return cls((), ())
        topics = [(topic.pk, [topic.name, *topic.words]) for topic in Topic.objects.all()]
        return cls(settings.join_words, settings.leave_words, topics)

    def message(self, message: MessageReceived) -> Command | None:
        """A text, or a button: the id of ours decides, else its words."""
        if message.kind == "choice":
            pressed = choices.read(message.choice_id) if message.nature is Nature.WORDS else None
            if pressed is not None:
                return Command(pressed.prefix, value=pressed.value)
            return self.text(message.choice_id) or self.text(message.text)
        return self.text(message.text) if message.kind == "text" else None

    def text(self, text: str) -> Command | None:
        if len(text) > _LONGEST:
            return None
        if text not in self._known:
            self._known[text] = self._command(text)
        return self._known[text]

    def _command(self, text: str) -> Command | None:
        said = list(_without_courtesies(words_of(text)))
        if any(words in self._leave for words in said):  # leave wins over join
            return Command(LEAVE)
        if any(words in self._join for words in said):
            return Command(JOIN)
        for words in said:  # «ISCRIVIMI eventi e viabilità»: a join phrase and then nothing but topics
            ends = range(len(words) - 1, 0, -1)
            end = next((end for end in ends if words[:end] in self._join), None)
            if end is not None and (topics := self._all_topics(words[end:])):
                return Command(JOIN, topics)
        return None

    def _all_topics(self, words: Words) -> tuple[int, ...]:
        """Ids, in the order in which they are named; none where a word is no topic's."""
        found: list[int] = []
        at = 0
        while at < len(words):
            for end in range(len(words), at, -1):
                if (pk := self._topics.get(words[at:end])) is not None:
                    found.append(pk)
                    at = end
                    break
            else:
                if words[at] not in _BETWEEN_TOPICS:
                    return ()
                at += 1
        return tuple(dict.fromkeys(found))


def _without_courtesies(words: Words) -> Iterator[Words]:
    """The words as they are, then with one courtesy after the other taken off, first in front, then behind."""
    yield words
    while courtesy := next((one for one in _PREFIXES if words[: len(one)] == one), ()):
        words = words[len(courtesy) :]
        yield words
    while courtesy := next((one for one in _SUFFIXES if words[-len(one) :] == one), ()):
        words = words[: -len(courtesy)]
        yield words
