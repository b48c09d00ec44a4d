# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a webhook mentions somebody, and what is left of it without them.

A number is found in any writing («+39 333 000-0001», «393330000001») and inside what looks like base64: WhatsApp's message
ids hold it so. Everything else (user ids) is found as it is, and in base64 too.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

import phonenumbers

_BETWEEN_DIGITS = b" \t().-/+\\"
_SHORTEST = 8  # digits of a number without its country that still name somebody
_GONE = object()


class Mentions:
    """``mentions(text)``: do these bytes name one of the people whose numbers and ids these are?"""

    def __init__(self, terms: Iterable[str]) -> None:
        self._numbers: set[bytes] = set()
        self._words: set[bytes] = set()
        for term in filter(None, terms):
            if term.startswith("+") and term[1:].isdigit():
                self._numbers.add(_national(term))
                self._words |= _in_base64(_national(term))
            else:
                self._words |= {term.encode(), *_in_base64(term.encode())}

    def __call__(self, text: bytes) -> bool:
        plain = text.replace(b"\\/", b"/")  # JSON may write a slash so
        if any(word in plain for word in self._words):
            return True
        digits = plain.translate(None, _BETWEEN_DIGITS)
        return any(number in digits for number in self._numbers)


def _national(phone: str) -> bytes:
    """The number's digits without its country, where enough of them are left."""
    try:
        national = phonenumbers.national_significant_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        national = ""
    return (national if len(national) >= _SHORTEST else phone[1:]).encode()


def _in_base64(secret: bytes) -> set[bytes]:
    """What base64 makes of it, wherever in a longer text it stands: the characters that depend on it alone."""
    found = set()
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + secret)
        sure = encoded[-(-8 * before // 6) : 8 * (before + len(secret)) // 6]
        found |= {sure, sure.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


def without(body: bytes, mentions: Mentions) -> bytes:
    """The webhook without the items that mention them; empty where that cannot be told apart."""
    try:
        left = _pruned(json.loads(body), mentions)
    except (ValueError, RecursionError):
        return b""
    if left is _GONE:
        return b""
    written = json.dumps(left, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")
    return b"" if mentions(written) else written


def _pruned(value: Any, mentions: Mentions) -> Any:
    """A list loses the items that mention them, an object that does is such an item."""
    if isinstance(value, list):
        return [left for item in value if (left := _pruned(item, mentions)) is not _GONE]
    if isinstance(value, dict):
        left = {name: _pruned(part, mentions) for name, part in value.items()}
        return _GONE if any(part is _GONE or mentions(name.encode()) for name, part in left.items()) else left
    return _GONE if mentions(str(value).encode(errors="surrogatepass")) else value
