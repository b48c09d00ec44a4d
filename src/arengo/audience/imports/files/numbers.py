# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telephone numbers as people keep them in sheets → E.164, or what is wrong with them."""

from __future__ import annotations

import enum
import re
from typing import Final

import phonenumbers

_ROUNDED: Final = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}")
_PREFIX: Final = re.compile(r"^(?:tel:|whatsapp:|https?://wa\.me/)", re.IGNORECASE)
# Spaces of every kind, dots, dashes, slashes, brackets, and marks that cannot be seen, which come with what is copied.
_BETWEEN: Final = re.compile(
    r"[\s.\-\u2010-\u2015/()\[\]'’\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)
_ITALIAN_DIGITS: Final = 10  # of a mobile number, without +39
_LONGEST: Final = 40  # characters of what is looked at
_FEWEST: Final = 8  # digits of a cell that looks like a number


class Problem(enum.StrEnum):
    """Why a number cannot be written to."""

    MISSING = "missing"
    ROUNDED = "rounded"
    SHORT = "short"
    LONG = "long"
    LANDLINE = "landline"
    NOT_A_NUMBER = "no_number"


def read(text: str) -> tuple[str, Problem | None]:
    """(E.164, None), or ("", what is wrong). Italian unless it says otherwise."""
    text = _PREFIX.sub("", text.strip()[:_LONGEST])
    if _ROUNDED.fullmatch(text):
        return "", Problem.ROUNDED
    digits = _BETWEEN.sub("", text)
    if not digits:
        return "", Problem.MISSING
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    plain = digits.removeprefix("+")
    if not (plain.isascii() and plain.isdigit()):
        return "", Problem.NOT_A_NUMBER
    if digits.startswith("+39") or (len(digits) == _ITALIAN_DIGITS + 2 and digits.startswith("393")):
        return _italian(plain.removeprefix("39"))
    if digits.startswith("+"):
        return _foreign(digits)
    return _italian(digits)


def _italian(digits: str) -> tuple[str, Problem | None]:
    if digits.startswith("0"):
        return "", Problem.LANDLINE
    if not digits.startswith("3"):
        return "", Problem.SHORT if len(digits) < _FEWEST else Problem.NOT_A_NUMBER
    if len(digits) < _ITALIAN_DIGITS:
        return "", Problem.SHORT
    if len(digits) > _ITALIAN_DIGITS:
        return "", Problem.LONG
    return f"+39{digits}", None


def _foreign(number: str) -> tuple[str, Problem | None]:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return "", Problem.NOT_A_NUMBER
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if reason == phonenumbers.ValidationResult.TOO_SHORT:
        return "", Problem.SHORT
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return "", Problem.LONG
    if not phonenumbers.is_valid_number(parsed):
        return "", Problem.NOT_A_NUMBER
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)), None


def digits_of(text: str) -> int:
    """How many digits were typed, the country's code of Italy apart."""
    digits = "".join(sign for sign in text if sign.isdigit())
    digits = digits.removeprefix("0039") if digits.startswith("0039") else digits
    if text.strip().startswith("+39"):
        digits = digits.removeprefix("39")
    return len(digits)


def looks_like_one(text: str) -> bool:
    """Whether a cell holds a number of somebody, so that its row is no heading. A rounded one counts."""
    found, problem = read(text)
    return bool(found) or problem in (Problem.ROUNDED, Problem.LANDLINE)
