# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«ISCRIVIMI» and «CANCELLAMI»: is a message one of the organization's commands?

One that says the command and nothing else (but for a greeting or a thank-you) is, and so is one that asks for the same in words
of its own (``words/reading.py``). «Come faccio a cancellarmi?» and «non riesco a iscrivermi» are questions, and questions are
for people; so is what comes near to a request (:meth:`Parser.nearly`), which the desk shows with two buttons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from arengo.audience import choices
from arengo.audience.models import ListSettings, Topic
from arengo.audience.words.folding import Words, words_of
from arengo.audience.words.reading import Verdict, read
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
        self._named = {word for words in self._topics for word in words if word not in _BETWEEN_TOPICS}
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
        return self._in_own_words(text)

    def _in_own_words(self, text: str) -> Command | None:
        """A leave that names a topic may mean that topic alone: a person asks."""
        verdict = self._read(text)
        words = words_of(text)
        if verdict is Verdict.LEAVE and self._named.isdisjoint(words):
            return Command(LEAVE)
        if verdict is Verdict.JOIN:
            return Command(JOIN, self._topics_among(words))
        return None

    def _read(self, text: str) -> Verdict | None:
        """None for what this list has no words for: it is not open for that."""
        verdict = read(text, self._named)
        open_for = {Verdict.JOIN: self._join, Verdict.LEAVE: self._leave}
        return verdict if verdict is not None and open_for.get(verdict, True) else None

    def nearly(self, text: str) -> str:
        """``join`` or ``leave`` for a text that is no command and comes near to one, «» for any other."""
        if len(text) > _LONGEST or not (self._join and self._leave) or self.text(text) is not None:
            return ""
        verdict = self._read(text)
        if verdict is None:
            return ""
        return LEAVE if verdict in (Verdict.LEAVE, Verdict.NEARLY_LEAVE) else JOIN

    def _topics_among(self, words: Words) -> tuple[int, ...]:
        """Ids of those that are named, in the order in which they are; of two that begin at the same word the longer one."""
        found: list[int] = []
        at = 0
        while at < len(words):
            ends = range(len(words), at, -1)
            end = next((end for end in ends if words[at:end] in self._topics), None)
            if end is not None:
                found.append(self._topics[words[at:end]])
            at = end or at + 1
        return tuple(dict.fromkeys(found))

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
