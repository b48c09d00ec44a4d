# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«ISCRIVIMI» and «CANCELLAMI»: is a message one of the organization's commands?

One that says the command and nothing else (but for a greeting or a thank-you) is, and so is one that asks for the same in words
of its own (``words/reading.py``). «Come faccio a cancellarmi?» and «non riesco a iscrivermi» are questions, and questions are
for people; so is what comes near to a request (:meth:`Parser.nearly`), which the desk shows with two buttons.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from arengo.audience import choices, frequencies, spoken, ways
from arengo.audience.models import ListSettings
from arengo.audience.named_words import NamedWords, Token, asking
from arengo.audience.words.folding import Words, words_of
from arengo.audience.words.forms import Class
from arengo.audience.words.reading import Verdict, kinds_of as _kinds, read
from arengo.platforms.contract import MessageReceived, Nature

# Prefixes of choices too (obeying.py, topics/chat.py): a button of ours is a command whatever it says.
JOIN, LEAVE, TOPICS, QUARTERS, FREQUENCY = "join", "leave", "topics", "quarters", "frequency"
CONFIRM = "confirm"  # a join that waits (double_opt_in)
LESS = "-"  # in the value of a choice: from now on without it
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
# What may be asked for, by the prefix of its choices: a list of what there is to choose.
_ASKED = {
    TOPICS: asking("temi", "tema", "argomenti", "argomento"),
    QUARTERS: asking("quartieri", "quartiere", "frazioni", "frazione", "rioni", "rione"),
    FREQUENCY: asking("frequenza", "frequenze"),
}
_NOT_OF_ONE = (
    Class.STOP | Class.LEAVE_NOUN
)  # «stop lavori», «cancellazione eventi»: those may be about something else


@dataclass(frozen=True)
class Command:
    """``kind`` is ``join``, ``leave``, or the prefix of a choice that was pressed, which has a ``value``.

    ``topics`` and ``quarters`` are ids, named together with a join in words.
    """

    kind: str
    topics: tuple[int, ...] = ()
    value: str = ""
    quarters: tuple[int, ...] = ()

    @property
    def as_value(self) -> str:
        """The value of a choice that says the same: «3,5,q2», where «q2» is a quarter."""
        return self.value or ",".join([*map(str, self.topics), *(f"q{pk}" for pk in self.quarters)])


_PREFIXES = sorted((words_of(text) for text in _BEFORE), key=len, reverse=True)
_SUFFIXES = sorted((words_of(text) for text in _AFTER), key=len, reverse=True)


class Parser:
    """The commands of one organization. Made once a batch of messages."""

    def __init__(
        self,
        join_words: Iterable[str],
        leave_words: Iterable[str],
        topics: Iterable[tuple[int, Sequence[str]]] = (),
        named: NamedWords | None = None,
        hears: Callable[[str], bool] = spoken.is_always_heard,
    ) -> None:
        """``named``: topics and quarters; ``topics``: where there are no quarters. ``hears``: of a prefix of ``spoken``."""
        self._hears = hears
        self._join = {words_of(text) for text in join_words} - {()}
        self._leave = {words_of(text) for text in leave_words} - {()}
        self._names = named or NamedWords(topics)
        self._named = self._names.words
        self._heard: dict[str, bool] = {}
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
        return cls(
            settings.join_words,
            settings.leave_words,
            named=NamedWords.of_organization(),
            hears=spoken.is_heard,
        )

    def message(self, message: MessageReceived) -> Command | None:
        """A text, or a button: the id of ours decides, else its words."""
        if message.kind == "choice":
            pressed = choices.read(message.choice_id) if message.nature is Nature.WORDS else None
            if pressed is not None:
                return Command(pressed.prefix, value=pressed.value)
            return self.text(message.choice_id) or self.text(message.text)
        return self.text(message.text) if message.kind == "text" else None

    def text(self, text: str) -> Command | None:
        text = ways.without_mark(text)
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
            end = _beginning(words, self._join)
            if end and (named := self._names.all_of(words[end:])):
                return _joining(named)
        for words in said:
            if (command := self._about_choice(words)) is not None:
                return command
        if "?" not in text and (prefix := next(filter(self._is_heard, map(spoken.prefix_of, said)), "")):
            return Command(prefix)
        return self._in_own_words(text)

    def _is_heard(self, prefix: str) -> bool:
        """Some phrases mean something only while the list asks something."""
        if prefix and prefix not in self._heard:
            self._heard[prefix] = self._hears(prefix)
        return bool(prefix) and self._heard[prefix]

    def _about_choice(self, words: Words) -> Command | None:
        """«temi», and the one that somebody leaves: «CANCELLAMI eventi»."""
        if not (self._join and self._leave):
            return None
        for kind, phrases in _ASKED.items():
            if words in phrases and self._offers(kind):
                return Command(kind)
        for frequency in frequencies.offered():
            if words in {words_of(text) for text in (str(frequency.label), *frequency.words)}:
                return Command(FREQUENCY, value=f"={frequency.key}")
        end = _beginning(words, self._leave) or int(bool(words) and _kinds(words[0]) & Class.LEAVE_ME > 0)
        if not end or any(_kinds(word) & _NOT_OF_ONE for word in words[:end]):
            return None
        token = self._names.only(words[end:])
        return token and Command(QUARTERS if token.is_quarter else TOPICS, value=f"{LESS}{token.pk}")

    def _offers(self, kind: str) -> bool:
        return (
            bool(frequencies.offered()) if kind == FREQUENCY else self._names.has(quarters=kind == QUARTERS)
        )

    def _in_own_words(self, text: str) -> Command | None:
        """A leave that names a topic may mean that topic alone: where that is not all it says, a person asks."""
        verdict = self._read(text)
        words = words_of(text)
        if verdict is Verdict.LEAVE and self._named.isdisjoint(words):
            return Command(LEAVE)
        if verdict is Verdict.JOIN:
            return _joining(self._names.among(words))
        return None

    def _read(self, text: str) -> Verdict | None:
        """None for what this list has no words for: it is not open for that."""
        verdict = read(text, self._named)
        open_for = {Verdict.JOIN: self._join, Verdict.LEAVE: self._leave}
        return verdict if verdict is not None and open_for.get(verdict, True) else None

    def nearly(self, text: str) -> str:
        """``join`` or ``leave`` for a text that is no command and comes near to one, «» for any other."""
        if len(text) > _LONGEST or not (self._join and self._leave):
            return ""
        command = self.text(text)
        if command is not None:  # who leaves a topic that they do not have may mean something else
            return LEAVE if command.kind in (TOPICS, QUARTERS) and command.value else ""
        verdict = self._read(text)
        if verdict is None:
            return ""
        return LEAVE if verdict in (Verdict.LEAVE, Verdict.NEARLY_LEAVE) else JOIN


def _joining(named: Iterable[Token]) -> Command:
    named = tuple(named)
    return Command(
        JOIN,
        tuple(token.pk for token in named if not token.is_quarter),
        quarters=tuple(token.pk for token in named if token.is_quarter),
    )


def _beginning(words: Words, phrases: Collection[Words]) -> int:
    """How many words of it are the longest phrase with which it begins, before something else; 0: none."""
    return next((end for end in range(len(words) - 1, 0, -1) if words[:end] in phrases), 0)


def _without_courtesies(words: Words) -> Iterator[Words]:
    """The words as they are, then with one courtesy after the other taken off, first in front, then behind."""
    yield words
    while courtesy := next((one for one in _PREFIXES if words[: len(one)] == one), ()):
        words = words[len(courtesy) :]
        yield words
    while courtesy := next((one for one in _SUFFIXES if words[-len(one) :] == one), ()):
        words = words[: -len(courtesy)]
        yield words
