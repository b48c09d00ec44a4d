# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Colleagues named in a note: «@Olga», «@Olga Esempio». The longest name that fits counts; capitals and accents do not."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from arengo.core.models import Person

_MOST_SIGNS = 200
_MOST_WORDS = 6  # of a name
_LONGEST_WORD = 60  # characters
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@dataclass(frozen=True)
class Piece:
    """A part of a note's text. ``person``: whom it names, None for plain words."""

    text: str
    person: Person | None = None


def pieces(text: str, people: Sequence[Person]) -> Iterator[Piece]:
    """The text in pieces; together they are the text. Of a text with very many signs only the first ones are looked at."""
    names = _names(people)
    firsts = {name.split()[0] for name in names}
    done = start = 0
    for _each in range(_MOST_SIGNS):
        if (start := text.find("@", start)) < 0:
            break
        found = _named(text, start, names, firsts)
        if found is None:
            start += 1
            continue
        end, person = found
        if start > done:
            yield Piece(text[done:start])
        yield Piece(text[start:end], person)
        done = start = end
    if done < len(text):
        yield Piece(text[done:])


def named(text: str, people: Sequence[Person]) -> list[Person]:
    """Each once, in the order in which the text names them."""
    return list({piece.person.pk: piece.person for piece in pieces(text, people) if piece.person}.values())


def _names(people: Sequence[Person]) -> Mapping[str, Person]:
    """Whole names, and first names that only one of them has."""
    short = Counter(_plain(person.get_short_name()) for person in people)
    whole = Counter(_plain(str(person)) for person in people)
    names = {
        _plain(person.get_short_name()): person
        for person in people
        if short[_plain(person.get_short_name())] == 1
    }
    names |= {_plain(str(person)): person for person in people if whole[_plain(str(person))] == 1}
    return {name: person for name, person in names.items() if name}


def _named(
    text: str, start: int, names: Mapping[str, Person], firsts: Collection[str]
) -> tuple[int, Person] | None:
    """Where the name after the sign at ``start`` ends, and whose it is."""
    if start and (text[start - 1].isalnum() or text[start - 1] in "._-"):  # an e-mail address names nobody
        return None
    found: tuple[int, Person] | None = None
    end, words = start + 1, ""
    for number in range(_MOST_WORDS):
        if number:
            if not text.startswith(" ", end):
                break
            end += 1
        word = _WORD.match(text, end)
        if word is None:
            break
        end = word.end()
        words = f"{words} {_plain(word[0][:_LONGEST_WORD])}".strip()
        if not number and words not in firsts:
            return None
        if person := names.get(words):
            found = end, person
    return found


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())
