# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A platform's own words, without ids in which a phone number or a user id is written in base64.

What a platform says of a refusal is stored and shown to staff, and may quote the message id. Numbers in plain digits are
taken out by the platform's folder: it alone knows which of them are the account's own.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote

_WORD = re.compile(r"[A-Za-z0-9+/_%=-]{10,}")  # seven digits are ten characters of base64
_PART = re.compile(r"[A-Za-z0-9+/_-]{10,}")
_NAMED = re.compile(rb"\d{7,}|[A-Za-z0-9]{10,}")
_URL_SAFE = str.maketrans("-_", "+/")


def without_ids(text: str) -> str:
    """Each word that holds seven digits, or ten letters and digits, once it is decoded becomes an ellipsis. In either
    alphabet of base64, whole or cut, also as it stands in an address (``%3D``).
    """
    return _WORD.sub(lambda word: "…" if _names_somebody(word.group()) else word.group(), text)


def _names_somebody(word: str) -> bool:
    return any(_NAMED.search(decoded) for part in _PART.findall(unquote(word)) for decoded in _decoded(part))


def _decoded(part: str) -> Iterator[bytes]:
    """Four characters are three bytes; where the first four begin is not known of what was cut."""
    plain = part.translate(_URL_SAFE)
    for start in range(4):
        piece = plain[start:]
        piece = piece[: -1 if len(piece) % 4 == 1 else None]
        try:
            yield base64.b64decode(piece + "=" * (-len(piece) % 4), validate=True)
        except binascii.Error:
            continue
