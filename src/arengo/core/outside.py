# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers, dates, times and text from outside: addresses, forms, headers, webhooks, answers of platforms.

Every reader is total: what it cannot use is ``None`` (a number, a date) or is made storable (a text). Nothing raises, and
nothing costs more than its length. ``tests/security/test_outside_doors.py`` refuses a view that reads around them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

MOST_ID: Final = 2**63 - 1  # PostgreSQL: bigint
MOST_INTEGER: Final = 2**31 - 1  # PostgreSQL: integer
_MOST_DIGITS = len(str(MOST_ID))
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# WhatsApp began in 2009: nothing that it, or we, ever sent is older.
FIRST_MOMENT: Final = datetime(2009, 1, 1, tzinfo=UTC)
FIRST_DAY: Final = FIRST_MOMENT.date()
LAST_DAY: Final = date(2199, 12, 31)  # of what people type: a price, a filter, an appointment
_AHEAD = timedelta(days=1)  # how far a platform's clock may run before ours
# A time that the sender did not tell, or that nobody can read; outside of every range, so that it falls back.
NO_MOMENT: Final = datetime(1, 1, 2, tzinfo=UTC)


# --- numbers --------------------------------------------------------------------------------------------------


def whole(value: object, *, least: int = 0, most: int = MOST_ID) -> int | None:
    """A whole number of ``least`` to ``most`` from ASCII digits (or an int); else None.

    The length is looked at before the digits: Python refuses, and takes quadratic time for, thousands of them.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    if isinstance(value, str):
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
            return None
        value = int(value)
    return value if least <= value <= most else None


# --- dates and times ------------------------------------------------------------------------------------------

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def wholes(values: Sequence[object], *, most: int) -> list[int]:
    """The first ``most`` that are whole numbers, in their order; what is none is left out."""
    return [found for value in values[:most] if (found := whole(value)) is not None]


def day(value: object, *, first: date = FIRST_DAY, last: date = LAST_DAY) -> date | None:
    """A day of ``first`` to ``last`` from ``2026-11-28``; else None."""
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if first <= found <= last else None


def instant(value: object) -> datetime | None:
    """A time with its zone from ISO 8601, as we write it ourselves; else None."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def moment(value: object) -> datetime:
    """A time from a platform's seconds since 1970 (number or digits); NO_MOMENT where they tell none.

    What falls outside of what can be true is settled by :func:`received`, which knows when it came.
    """
    if isinstance(value, float):
        value = int(value) if abs(value) < MOST_ID else None
    seconds = whole(value)
    if seconds is None:
        return NO_MOMENT
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):  # a year past 9999
        return NO_MOMENT


def received(said: datetime, at: datetime) -> datetime:
    """``said`` if it can be true of what was received ``at``: of 2009 to a day later; else ``at`` itself."""
    return said if FIRST_MOMENT <= said <= at + _AHEAD else at


# --- text -----------------------------------------------------------------------------------------------------

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NOT_IN_ADDRESSES = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def text(value: str | None, *, most: int | None = None) -> str:
    """What PostgreSQL and UTF-8 can hold of it: no NUL, half a surrogate shown as �; at most ``most`` characters."""
    kept = (value or "")[:most]
    if not storable(kept):
        kept = _UNSTORABLE.sub(lambda found: "" if found.group() == "\x00" else _REPLACEMENT, kept)
    return kept


def storable(value: str) -> bool:
    return _UNSTORABLE.search(value) is None


def addressable(value: str) -> bool:
    """Whether it can stand in a path or a cookie: no control character, no half surrogate."""
    return _NOT_IN_ADDRESSES.search(value) is None


# One escape of JSON: a whole pair of surrogates, half a pair, a NUL, or any other.
_ESCAPE = re.compile(
    rb"(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|(?P<nul>\\u0000)"
    rb"|\\."
)
_INSTEAD = {"half": rb"\ufffd", "nul": b""}


def json_text(body: bytes) -> bytes:
    """The same JSON with only storable text in it: valid UTF-8, no escaped NUL, half surrogates as �.

    A body that is fine, as nearly all are, is only looked through.
    """
    if not body.isascii():
        try:
            body.decode()
        except UnicodeDecodeError:
            body = body.decode("utf-8", "replace").encode()
    if b"\\u0000" in body or b"\\ud" in body or b"\\uD" in body:
        return _ESCAPE.sub(lambda found: _INSTEAD.get(found.lastgroup or "", found.group()), body)
    return body
