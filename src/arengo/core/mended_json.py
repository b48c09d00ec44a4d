# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""JSON that a strict decoder refuses as a whole, made readable around the part that is wrong.

A decoder that meets one bad number, one bad escape or a thousand brackets deep inside says nothing about the rest. Here
the text is gone through once, without recursion, and only the bad part changes: a value that is none becomes ``null``, what
lies too deep becomes ``null``, and a string keeps its words. The cost is linear: about a second for three megabytes of brackets.
"""

from __future__ import annotations

import re
from typing import Final

DEEPEST: Final = 100  # levels of lists and objects; a webhook of Meta's has 15

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]|[^\s{}\[\],:"]++|"', re.DOTALL)
_VALUE = re.compile(rb"true|false|null|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_CONTROL = re.compile(rb"[\x00-\x1f]")
_BACKSLASH = re.compile(rb'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\')
_NULL = b"null"


def mended(text: bytes) -> bytes:
    """``text`` with ``null`` for each value that is none or lies deeper than ``DEEPEST``. Brackets that do not match stay."""
    parts: list[bytes] = []
    depth = 0
    for found in _TOKEN.finditer(text):
        token = found.group()
        if token in b"{[":
            depth += 1
            if depth == DEEPEST + 1:
                parts.append(_NULL)
        if depth <= DEEPEST:
            parts.append(_written(token))
        if token in b"}]":
            depth -= 1
    return b" ".join(parts)


def _written(token: bytes) -> bytes:
    if token in b"{}[],:":
        return token
    if len(token) > 1 and token.startswith(b'"'):
        # Control characters are escaped, and a backslash that escapes nothing stands for itself.
        token = _CONTROL.sub(
            lambda found: rb"\u%04x" % found.group()[0] if found.group() != b"\x00" else b"", token
        )
        return _BACKSLASH.sub(lambda found: found.group() if len(found.group()) > 1 else rb"\\", token)
    return token if _VALUE.fullmatch(token) else _NULL
