# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What nobody types by mistake."""

from __future__ import annotations

from urllib.parse import quote_plus

SCRIPT = "'\"><script>alert(1)</script>"
VALUES = {
    "nothing": "",
    "NUL": "a\x00b",
    "half a surrogate": "a\ud83db",
    "5,000 digits": "9" * 5000,
    "a million characters": "x" * 1_000_000,
    "past bigint": "9223372036854775808",
    "past integer": "2147483648",
    "negative": "-1",
    "infinite": "1e400",
    "not a number": "NaN",
    "the last day": "9999-12-31",
    "the first day": "0001-01-01",
    "turned round": "\u202egnp.exe\u202c\u2066a",
    "script": SCRIPT,
    "template": "${7*7}{{7*7}}{% now %}",
    "quoted NUL": "%00",
    "new lines": "a\r\nSet-Cookie: b=c\r\n\r\n<html>",
    "right to left": "שלום عربي",
    "emoji": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "a path": "../../etc/passwd",
    "other digits": "٣",
}


def encoded(fields: list[tuple[str, str]]) -> str:
    """As a browser, or somebody who is none, would send a form. Half a surrogate goes as the bytes that it would be."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in fields)


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))
