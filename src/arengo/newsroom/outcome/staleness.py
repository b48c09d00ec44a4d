# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which flashes of an update speak of days that are over: for who sends it again, or plans it for later.

The days that Italian texts name are found: «sabato 28 novembre», «28/11», «venerdì», «domani». A day without a date is the
next one after the text was written. What a flash says last counts: «da lunedì a venerdì» is over after Friday. It is a hint
for a person, who reads the text; it keeps nothing from going.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from arengo.newsroom.drafts import Draft

_DAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
_MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
    "novembre", "dicembre",
)  # fmt: skip
_NEAR = {"oggi": 0, "stamattina": 0, "stasera": 0, "stanotte": 0, "domani": 1, "dopodomani": 2}
_DATE = re.compile(rf"\b(\d{{1,2}})°?\s+({'|'.join(_MONTHS)})(?:\s+(\d{{4}}))?\b", re.IGNORECASE)
_SHORT = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")  # with its year: 18.10 is an hour
_ROUND_THE_CLOCK = ("24", "7", None)
_DAY = re.compile(
    rf"\b({'|'.join(day.replace('ì', '[ìi]') for day in _DAYS)})\b(?!\s+\d{{1,2}}\s+(?:{'|'.join(_MONTHS)}))",
    re.IGNORECASE,
)
_REPEATED = re.compile(
    r"\b(?:ogni|tutti i|tutte le|di|il|la)\s+$", re.IGNORECASE
)  # «ogni martedì» is never over
_HALF_YEAR = timedelta(days=183)


@dataclass(frozen=True)
class Passed:
    """``number``: of the flash, from 1. ``last``: the last day of which it speaks."""

    number: int
    text: str
    last: date


def passed(draft: Draft, *, written: date, today: date) -> list[Passed]:
    """The flashes all of whose days are before ``today``. ``written``: from where «domani» counts."""
    found = []
    for number, flash in enumerate(draft.items, start=1):
        days = list(days_in(flash.text, written))
        if days and max(days) < today:
            found.append(Passed(number, flash.text, max(days)))
    return found


def days_in(text: str, written: date) -> Iterator[date]:
    for match in _DATE.finditer(text):
        month = _MONTHS.index(match[2].lower()) + 1
        yield from _on(int(match[1]), month, match[3], written)
    for match in (*_SHORT.finditer(text), *_DOTTED.finditer(text)):
        if match.groups() != _ROUND_THE_CLOCK:
            yield from _on(int(match[1]), int(match[2]), match[3], written)
    for match in _DAY.finditer(text):
        if not _REPEATED.search(text[: match.start()]):
            yield _next(_weekday(match[1]), written)
    for word in _words(text):
        if word in _NEAR:
            yield written + timedelta(days=_NEAR[word])


def _on(day: int, month: int, year: str | None, written: date) -> Iterator[date]:
    """Without a year: the one that lies nearest to the day of writing, so that in December «7 gennaio» is the next."""
    if year:
        years: Iterable[int] = [int(year) + (2000 if len(year) == 2 else 0)]
    else:
        years = (written.year - 1, written.year, written.year + 1)
    possible = []
    for each in years:
        try:
            possible.append(date(each, month, day))
        except ValueError:  # 31/6, 12.30
            continue
    if possible:
        nearest = min(possible, key=lambda one: abs(one - written))
        if year or abs(nearest - written) <= _HALF_YEAR:
            yield nearest


def _weekday(name: str) -> int:
    return next(number for number, day in enumerate(_DAYS) if day[:4] == name.lower()[:4])


def _next(weekday: int, written: date) -> date:
    return written + timedelta(days=(weekday - written.weekday()) % 7)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-zàèéìòù]+", text.lower())
