# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a secret looks as if chance had made it. Neither function says anything about its value.

Measured on 10,000 secrets each of ``secrets.token_urlsafe(32)``, ``token_urlsafe(50)``, ``token_hex(16)``, ``token_hex(32)``
and ``os.urandom(32)``: all pass (tests/config/test_secrecy.py repeats it with fewer).
"""

from __future__ import annotations

import re
from itertools import pairwise

_WINDOW = 48  # characters that zxcvbn looks at in one piece
_LEAST_DIGITS = 0.75  # of a decimal digit a character, by zxcvbn; random hexadecimal has 0.92
_LEAST_DISTINCT = 9  # characters; 32 random hexadecimal ones have 13 or 14
_MOST_LOWER_PAIRS = 0.65  # of neighbours; random base64 has 0.16, prose without spaces more than 0.9
_PLACEHOLDERS = re.compile(
    r"change.?me|insecure|only.for|example|esempio|secret|segret|passw|placeholder|replace|your.?key|la.?tua|chiave",
    re.I,
)
_LEAST_BYTES = 20  # different ones of 32; random keys have 30
_LEAST_STEPS = 16  # different distances between neighbours; random keys have 29


def guessable_text(text: str) -> bool:
    """For keys and tokens that are typed as text, of 32 characters or more."""
    from zxcvbn import zxcvbn  # its tables take a tenth of a second to load, and most commands need none

    if len(set(text)) < _LEAST_DISTINCT or any(letter.isspace() for letter in text):
        return True
    if _PLACEHOLDERS.search(text) or _repeats(text.casefold(), 8):
        return True
    lower = sum(1 for pair in pairwise(text) if all("a" <= letter <= "z" for letter in pair))
    if lower > _MOST_LOWER_PAIRS * (len(text) - 1):
        return True
    return any(
        float(zxcvbn(piece)["guesses_log10"]) < _LEAST_DIGITS * len(piece)
        for piece in (text[start : start + _WINDOW] for start in range(0, len(text), _WINDOW))
        if len(piece) >= 16
    )


def guessable_bytes(key: bytes) -> bool:
    """For keys of 32 raw bytes."""
    if len(set(key)) < _LEAST_BYTES or all(0x20 <= byte < 0x7F for byte in key):
        return True
    steps = [(after - before) % 256 for before, after in pairwise(key)]
    strides = [(after - before) % 256 for before, after in pairwise(steps)]
    text = key.decode("latin1")
    return (
        len(set(steps)) < _LEAST_STEPS
        or len(set(strides)) < _LEAST_STEPS
        or _repeats(text, 4)
        or _repeats(text + text[::-1], 6)
    )


def _repeats(text: str, length: int) -> bool:
    """Whether any piece of that length stands in it twice."""
    pieces = [text[start : start + length] for start in range(len(text) - length + 1)]
    return len(set(pieces)) < len(pieces)
