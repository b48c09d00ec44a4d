# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One row of a file → one person who would join, or what is wrong in which field."""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import msgspec
from django.utils.translation import gettext as _, ngettext

from arengo.audience.imports.columns import Field, folded
from arengo.audience.imports.files import numbers
from arengo.core import clean_text, outside
from arengo.core.clean_text import isolated

MOST_PROOF = 300  # characters
_MOST_NAME = 200  # characters: Contact.name
_BETWEEN_TOPICS = re.compile(r"[,;/|+\n]")
ALL_TOPICS = 0  # what a person may choose for a word, beside a topic
_MOST_UNKNOWN = 1_000  # different words of a file
_ALL = frozenset(("tutto", "tutti", "tutte", "all"))
_DAY_FIRST = re.compile(r"([0-9]{1,2})[./\- ]([0-9]{1,2})[./\- ]([0-9]{4})\b.*", re.DOTALL)
_YEAR_FIRST = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*)?", re.DOTALL)
# Words of other systems for who is not written to: listmonk's, Mailchimp's, and the Italian of sheets.
_LEFT = frozenset(
    [
        "disabled",
        "blocklisted",
        "unsubscribed",
        "cancellato",
        "cancellata",
        "cancellati",
        "disiscritto",
        "disiscritta",
        "bloccato",
        "bloccata",
        "revocato",
        "no",
    ]
)


class Trouble(enum.StrEnum):
    """What is wrong with a row, beside its number."""

    DAY = "day"
    LATER = "later"
    TOPIC = "topic"
    ELSEWHERE = "elsewhere"  # left at the other system


class Entry(msgspec.Struct):
    """``phone``: E.164, or as it was typed where it is wrong. ``day``: of the consent, ISO; "" where the row tells none."""

    phone: str
    name: str = ""
    day: str = ""
    topics: list[int] = []
    proof: str = ""
    typed: str = ""  # what the trouble is about, where it is not the number
    also: str = ""  # that trouble; behind a number that is wrong it shows once the number is right


@dataclass(frozen=True)
class Reading:
    """How the rows of one file are read: which column is what, which words are which topics, what day it is."""

    columns: Sequence[str]
    topics: Mapping[str, int]  # by folded name and word; ALL_TOPICS where a person chose so
    today: date
    unknown: Counter[str] = field(default_factory=Counter)  # words that are no topic, folded

    def entry(self, row: Sequence[str]) -> tuple[Entry, str]:
        """The person, and what is wrong: a value of ``numbers.Problem`` or ``Trouble``, "" for nothing."""
        held = {field: row[place] for place, field in enumerate(self.columns) if field}
        typed = held.get(Field.PHONE, "")
        phone, problem = numbers.read(typed)
        entry = Entry(phone or typed, self._name(held), proof=held.get(Field.PROOF, "")[:MOST_PROOF])
        day = self._take_day(entry, held.get(Field.DAY, ""))
        topics = self._take_topics(entry, held.get(Field.TOPICS, ""))
        entry.also = str(day or topics)
        left = Trouble.ELSEWHERE if folded(held.get(Field.STATE, "")) in _LEFT else ""
        return entry, str(left or problem or entry.also)

    def _name(self, held: Mapping[str, str]) -> str:
        if whole := held.get(Field.NAME, ""):
            name = whole
        elif reversed_name := held.get(Field.LAST_FIRST, ""):
            family, _space, given = reversed_name.partition("," if "," in reversed_name else " ")
            name = f"{given.strip()} {family.strip()}"
        else:
            name = f"{held.get(Field.GIVEN, '')} {held.get(Field.FAMILY, '')}"
        return clean_text.name(name.strip())[:_MOST_NAME]

    def _take_day(self, entry: Entry, text: str) -> str:
        if not text.strip(" –-"):
            return ""
        found = day_of(text.strip())
        if found is None:
            entry.typed = text[:60]
            return Trouble.DAY
        if found > self.today:
            entry.typed = text[:60]
            return Trouble.LATER
        entry.day = found.isoformat()
        return ""

    def _take_topics(self, entry: Entry, text: str) -> str:
        """Words that are no topic are left out beside others that are; alone they would mean all topics, so they are wrong."""
        written = {word for part in _BETWEEN_TOPICS.split(text) if (word := folded(part))}
        if not written or _ALL.intersection(written):
            return ""
        for word in written - self.topics.keys():
            if word in self.unknown or len(self.unknown) < _MOST_UNKNOWN:
                self.unknown[word] += 1
        meant = {self.topics[word] for word in written if word in self.topics}
        if meant:
            entry.topics = [] if ALL_TOPICS in meant else sorted(meant)
            return ""
        entry.typed = text[:60]
        return Trouble.TOPIC


def day_of(text: str) -> date | None:
    """A day from 3/5/2019, 03-05-2019, 03.05.2019 (day first) or 2019-05-03, with or without an hour behind it."""
    if found := _YEAR_FIRST.fullmatch(text):
        return outside.day(found.group(1))
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
        return outside.day(f"{year}-{month:0>2}-{day:0>2}")
    return None


def words(problem: str, entry: Entry) -> str:
    """What is wrong and how to mend it, for who looks at the row."""
    digits = numbers.digits_of(entry.phone)
    about = {"typed": isolated(entry.typed)}
    if problem == numbers.Problem.SHORT:
        less = 10 - digits
        return ngettext(
            "Manca una cifra: sono %(digits)d, servono 10.",
            "Mancano cifre: sono %(digits)d, servono 10.",
            max(less, 1),
        ) % {"digits": digits}
    if problem == numbers.Problem.LONG:
        return _("Ci sono cifre in più: sono %(digits)d, servono 10.") % {"digits": digits}
    texts: dict[str, str] = {
        numbers.Problem.MISSING: _("Manca il numero."),
        numbers.Problem.ROUNDED: _(
            "Il foglio ha arrotondato il numero: le ultime cifre sono perse. Nel file di partenza dai alla colonna il "
            "formato «Testo» e salvalo di nuovo."
        ),
        numbers.Problem.LANDLINE: _("È un telefono fisso: i messaggi non lo raggiungono."),
        numbers.Problem.NOT_A_NUMBER: _("Non è un numero di cellulare."),
        Trouble.DAY: _("Non capisco la data «%(typed)s»: si scrive giorno/mese/anno.") % about,
        Trouble.LATER: _("La data «%(typed)s» deve ancora venire.") % about,
        Trouble.TOPIC: _("«%(typed)s» non è fra i temi.") % about,
        Trouble.ELSEWHERE: _("Nel sistema da cui arriva si era cancellata o era bloccata."),
    }
    return texts.get(problem, "")
