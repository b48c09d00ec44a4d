# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers as people write them: 1.000,50 and 1,000.50, 0,030 and 0.030, 1 000 and 1'000.

What can be read in one way is read. What can be read in two («1.000»: a thousand, or one with three decimals) is decided by
what the number is (:class:`Range`), and where that does not decide it, :func:`read` raises :class:`Misread` with both
readings. Nothing is guessed. No Django is needed: the command line reads numbers before there are settings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

LONGEST: Final = 40  # characters; a number of PostgreSQL's numeric that means money or a count has fewer
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ")
_MARKS = dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'") | dict.fromkeys(map(ord, "\u2212\u2013"), "-")
_ENDS = " \t\r\n\f\v\u200b\u200e\u200f\u2060\ufeff"  # also what a copied text brings along unseen
_PLAIN = {mark: re.compile(rf"[0-9]+(?:\{mark}([0-9]+))?|\{mark}([0-9]+)") for mark in ",."}
_GROUPED = {
    mark: re.compile(
        rf"[1-9][0-9]{{0,2}}(?:(?P<group>[{groups}])[0-9]{{3}})(?:(?P=group)[0-9]{{3}})*(?:\{mark}([0-9]+))?"
    )
    for mark, groups in ((",", ". '"), (".", ", '"))
}


def _(text: str) -> str:
    """Marks words for the catalogue; :meth:`Misread.in_words` translates them."""
    return text


@dataclass(frozen=True)
class Range:
    """What a number is: how many decimals it has (0: a count), its bounds, and a sign that may stand with it («%»).

    ``usual``: the greatest value that is likely. Of two readings the one within it is meant, if the other is not.
    """

    least: Decimal
    most: Decimal
    decimals: int = 0
    usual: Decimal | None = None
    sign: str = ""


class Misread(ValueError):
    """Why a text is not taken for a number: ``words`` in Italian, with places for ``values``."""

    def __init__(self, words: str, **values: str | int | Decimal) -> None:
        super().__init__(words)
        self.words = words
        self.values: Mapping[str, str | int | Decimal] = values

    def in_words(self, translate: Callable[[str], str], mark: str) -> str:
        """In the reader's language, numbers with its decimal ``mark``."""
        shown = {
            name: _plain(value, mark) if isinstance(value, Decimal) else value
            for name, value in self.values.items()
        }
        return translate(self.words) % shown


@dataclass(frozen=True)
class _Reading:
    value: Decimal
    places: int  # decimals as written, zeros at the end included

    @property
    def needed(self) -> int:
        """Decimals that count: without the zeros at the end."""
        return _needed(self.value)


def read(typed: str, within: Range) -> Decimal:
    """The one number that ``typed`` means within a range; :class:`Misread` where there is none, or more than one."""
    text, negative = _cleaned(typed, within)
    readings = {_Reading(-each.value if negative else each.value, each.places) for each in _readings(text)}
    if not readings:
        example = Decimal("0.5") if within.decimals else Decimal(100)
        raise Misread(_("Scrivi un numero, per esempio %(example)s."), example=example)
    fitting = _with_decimals(readings, within)
    value = fitting.pop().value if len(fitting) == 1 else _likely(fitting, within)
    if value < within.least:
        if within.least == 0:
            raise Misread(_("Non può essere negativo."))
        raise Misread(_("Il minimo è %(least)s."), least=within.least)
    if value > within.most:
        raise Misread(_("Il massimo è %(most)s."), most=within.most)
    return value or abs(value)  # no minus before zero


def shown(value: Decimal | int, within: Range, mark: str) -> str:
    """``value`` with the reader's decimal ``mark``, so that :func:`read` gives the same value back.

    No groups of thousands. «12,345» in a field that would take it for two numbers is «12,3450».
    """
    exact = Decimal(value)
    text = _plain(exact.quantize(Decimal(1).scaleb(-_needed(exact))) if exact else Decimal(0), mark)
    try:
        read(text, within)
    except Misread as misread:
        return f"{text}0" if misread.words == _TWO_WAYS else text
    return text


# --- what was typed -------------------------------------------------------------------------------------------

_TWO_WAYS: Final = _(
    "Si può leggere in due modi: intendi %(whole)s (senza decimali) o %(parted)s (con i decimali)? Riscrivilo così."
)


def _cleaned(typed: str, within: Range) -> tuple[str, bool]:
    """Digits and marks alone, and whether a minus stood before them."""
    text = typed[: LONGEST * 100].strip(_ENDS)
    if len(typed) > LONGEST * 100 or len(text) > LONGEST:
        raise Misread(_("È troppo lungo per essere un numero."))
    text = text.translate(_SPACES).translate(_MARKS).strip()
    if within.sign:
        text = text.removeprefix(within.sign).removesuffix(within.sign).strip()
    negative = text.startswith("-")
    text = text[1:].lstrip() if text[:1] in {"+", "-"} else text
    if any(letter.isdigit() and not letter.isascii() for letter in text):
        raise Misread(_("Scrivi il numero con le cifre da 0 a 9."))
    if re.search("[^0-9., ']", text):
        raise Misread(_("Scrivi soltanto il numero, in cifre: senza lettere, valuta o altri segni."))
    return text, negative


def _readings(text: str) -> set[_Reading]:
    """Each way in which the text is a number, with a comma before the decimals and with a point."""
    found = set()
    for mark in ",.":
        for pattern in (_PLAIN[mark], _GROUPED[mark]):
            if pattern.fullmatch(text):
                digits = re.sub(rf"[^0-9\{mark}]", "", text)
                whole, _mark, part = digits.partition(mark)
                found.add(_Reading(Decimal(f"{whole or 0}.{part}" if part else whole), len(part)))
    return found


def _with_decimals(readings: set[_Reading], within: Range) -> set[_Reading]:
    """Those whose decimals the range has; of a number that has none, «80,00» is 80 and «80,000» is not."""
    fitting = {each for each in readings if each.places <= within.decimals}
    if not fitting:
        zeros = max(2, within.decimals + 1)  # shown() writes one more
        fitting = {each for each in readings if each.needed <= within.decimals and each.places <= zeros}
    if fitting:
        return fitting
    if within.decimals:
        raise Misread(_("Troppi decimali: al massimo %(decimals)d."), decimals=within.decimals)
    raise Misread(_("Serve un numero intero, senza decimali."))


def _likely(readings: set[_Reading], within: Range) -> Decimal:
    """The reading within what is usual, if it is the only one."""
    top = within.most if within.usual is None else within.usual
    values = {each.value for each in readings}
    likely = {value for value in values if within.least <= value <= top}
    if len(likely) == 1:
        return likely.pop()
    if not any(within.least <= value <= within.most for value in values):
        return max(values, key=abs)
    whole, parted = sorted(values, key=abs, reverse=True)
    decimals = (
        Decimal("0.1") if _needed(parted) < 2 else Decimal("0.0001")
    )  # never three: they look like thousands
    raise Misread(_TWO_WAYS, whole=whole, parted=parted.quantize(decimals))


def _needed(value: Decimal) -> int:
    return len(format(value, "f").partition(".")[2].rstrip("0"))


def _plain(value: Decimal, mark: str) -> str:
    """Digits and the mark, as many decimals as the value carries."""
    return format(value, "f").replace(".", mark)
