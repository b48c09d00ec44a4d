# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A chat message's text as safe HTML, by the marks that WhatsApp's own help describes (bold, italic …)."""

from __future__ import annotations

import re

from django.utils.html import escape

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_TRAILING = ".,;:!?)»"
_FIXED = re.compile(r"```(.+?)```", re.DOTALL)
# A mark opens before a character that is not a space and closes after one, and never inside of a word.
_MARKS = tuple(
    (re.compile(rf"(?<![\w{mark}]){sign}(?=\S)([^{mark}\n]+?)(?<=\S){sign}(?![\w{mark}])"), tag)
    for mark, sign, tag in (("*", r"\*", "strong"), ("_", "_", "em"), ("~", "~", "s"))
)


def _marked(text: str) -> str:
    html = str(escape(text))
    for pattern, tag in _MARKS:
        html = pattern.sub(rf"<{tag}>\1</{tag}>", html)
    return html


def _linked(text: str) -> str:
    parts: list[str] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(_TRAILING)
        parts.append(_marked(text[end : match.start()]))
        parts.append(f'<a href="{escape(address)}" rel="noopener noreferrer nofollow">{escape(address)}</a>')
        end = match.start() + len(address)
    parts.append(_marked(text[end:]))
    return "".join(parts)


def to_html(text: str) -> str:
    """Every character of ``text`` is escaped; the only tags are strong, em, s, code and a."""
    parts: list[str] = []
    end = 0
    for match in _FIXED.finditer(text):
        parts.append(_linked(text[end : match.start()]))
        parts.append(f"<code>{escape(match.group(1))}</code>")
        end = match.end()
    parts.append(_linked(text[end:]))
    return "".join(parts)
