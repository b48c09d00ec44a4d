# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a secret looks as if chance had made it. Neither function says anything about its value.

Measured on 1,500 secrets each of ``secrets.token_urlsafe(32)``, ``token_urlsafe(50)``, ``token_hex(16)``, ``token_hex(32)``, Django's
``get_random_secret_key()``, and 200,000 of ``os.urandom(32)``: all pass (tests/config/test_environment.py repeats it with fewer).
"""

from __future__ import annotations

import base64
import contextlib
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
_LEAST_STEPS = 0.5  # part of the distances between neighbours that are different; random keys have 0.93


def guessable_text(text: str) -> bool:
    """For keys and tokens that are typed as text, of 32 characters or more."""
    from zxcvbn import zxcvbn  # its tables take a tenth of a second to load, and most commands need none

    if len(set(text)) < _LEAST_DISTINCT or any(letter.isspace() for letter in text):
        return True
    if _PLACEHOLDERS.search(text) or _repeats(text.casefold(), 8) or _counts_up(text):
        return True
    if any(_is_regular(raw) or _is_typed(raw) for raw in _decoded(text)):
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
    if len(set(key)) < _LEAST_BYTES or _is_typed(key):
        return True
    text = key.decode("latin1")
    return _is_regular(key) or _repeats(text, 4) or _repeats(text + text[::-1], 8)


def _is_typed(raw: bytes) -> bool:
    """Whether it is all text: a sentence stays one when it is written in base64 or hexadecimal."""
    return all(0x20 <= byte < 0x7F or byte in b"\t\r\n" for byte in raw)


def _is_regular(raw: bytes) -> bool:
    """Whether the distances between neighbours, or the distances between those, are mostly the same few."""
    steps = [(after - before) % 256 for before, after in pairwise(raw)]
    strides = [(after - before) % 256 for before, after in pairwise(steps)]
    return any(len(set(distances)) < _LEAST_STEPS * len(distances) for distances in (steps, strides))


def _counts_up(text: str) -> bool:
    """Whether most characters follow, repeat or precede one that stands a few places before: «1a2b3c4d».

    More than half do of one in 4,000 of ``token_hex(16)``; more than two thirds, of one in 400,000.
    """
    return any(
        sum(abs(ord(after) - ord(before)) <= 1 for before, after in zip(text, text[places:], strict=False))
        > (len(text) - places) * 2 / 3
        for places in range(1, 9)
    )


def _decoded(text: str) -> list[bytes]:
    """What the text is in hexadecimal or base64, where it is that and long enough to be judged."""
    found: list[bytes] = []
    for read in (bytes.fromhex, lambda given: base64.b64decode(given + "=" * (-len(given) % 4), "-_")):
        with contextlib.suppress(ValueError):
            found.append(read(text))
    return [raw for raw in found if len(raw) >= 16]


def _repeats(text: str, length: int) -> bool:
    """Whether any piece of that length stands in it twice."""
    pieces = [text[start : start + length] for start in range(len(text) - length + 1)]
    return len(set(pieces)) < len(pieces)
