# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A chat message's text as safe HTML or as plain words, by the marks that WhatsApp's own help describes (bold, italic …).

Both renderings come from the same pieces, so they show the same words. Reading takes time linear in the text's length.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.html import escape

_FIXED = re.compile(r"```(?P<block>.+?)```|(?<!`)`(?!`)(?P<inline>[^`\n]+)`(?!`)", re.DOTALL)
_ADDRESS = r"https?://(?=[^\W_]|\[)"
_BEGINS = re.compile(_ADDRESS, re.IGNORECASE)
_TOKEN = re.compile(
    rf"(?P<address>{_ADDRESS})|(?P<mark>[*_~])|[\n\r\v\f\x85\u2028\u2029]",
    re.IGNORECASE,
)
# Characters without a shape end an address: they would make it look like another one.
_BRACKET_OR_END = re.compile(
    r"(?P<bracket>[()\[\]{}])|[\s<>\"\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_TRAILING = frozenset(".,;:!?'|`")  # with the punctuation beyond ASCII
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_TAGS = {"*": "strong", "_": "em", "~": "s"}


class _Kind(enum.Enum):
    TEXT = enum.auto()
    ADDRESS = enum.auto()
    FIXED = enum.auto()
    OPEN = enum.auto()  # of a mark; the value is its tag
    CLOSE = enum.auto()


class _Piece(NamedTuple):
    kind: _Kind
    value: str


class _Span(NamedTuple):
    start: int
    end: int
    piece: _Piece


def to_html(text: str) -> str:
    """Every character of ``text`` is escaped; the only tags are strong, em, s, code and a, each closed where it began."""
    return "".join(_html(piece) for piece in _pieces(text))


def to_plain(text: str) -> str:
    """The words that :func:`to_html` shows, without the marks around them: for titles, descriptions, previews, alt texts."""
    return "".join(piece.value for piece in _pieces(text) if piece.kind not in (_Kind.OPEN, _Kind.CLOSE))


def _html(piece: _Piece) -> str:
    value = escape(piece.value)
    match piece.kind:
        case _Kind.ADDRESS:
            return f'<a href="{value}" rel="noopener noreferrer nofollow">{value}</a>'
        case _Kind.FIXED:
            return f"<code>{value}</code>"
        case _Kind.OPEN:
            return f"<{value}>"
        case _Kind.CLOSE:
            return f"</{value}>"
    return str(value)


def _pieces(text: str) -> Iterator[_Piece]:
    end = 0
    for match in _FIXED.finditer(text):
        yield from _marked(text[end : match.start()])
        yield _Piece(_Kind.FIXED, match["block"] or match["inline"])
        end = match.end()
    yield from _marked(text[end:])


def _marked(text: str) -> Iterator[_Piece]:
    end = 0
    for span in sorted(_Marks(text).spans):
        if span.start > end:
            yield _Piece(_Kind.TEXT, text[end : span.start])
        yield span.piece
        end = span.end
    if end < len(text):
        yield _Piece(_Kind.TEXT, text[end:])


class _Marks:
    """Where addresses and pairs of marks are in a text.

    A mark opens before a character that is not a space and closes after one, on the same line, and never inside of a word.
    Marks may stand within others, not across them. A sign within an address is a part of the address; one at its end closes
    what was opened before it.
    """

    def __init__(self, text: str) -> None:
        self.spans: list[_Span] = []
        self._text = text
        self._open: dict[str, int] = {}  # sign → where it stands, the innermost last
        self._after_address = -1
        at = 0
        while match := _TOKEN.search(text, at):
            at = match.end()
            if match["address"]:
                at = self._address(match.start(), self._end(match.start(), match.end()))
            elif match["mark"]:
                self._mark(match.start(), match["mark"])
            else:  # the end of a line
                self._open.clear()

    def _end(self, start: int, at: int) -> int:
        """Where what may be an address ends: before a space, or with the bracket in which it stands."""
        text, depth = self._text, 0
        around = text[start - 1 : start]
        while found := _BRACKET_OR_END.search(text, at):
            bracket, at = found["bracket"], found.end()
            if bracket is None:
                return found.start()
            if bracket == around:
                depth += 1
            elif around and _BRACKETS.get(bracket) == around:
                if depth == 0:
                    return found.start()
                depth -= 1
        return len(text)

    def _address(self, start: int, end: int) -> int:
        """Notes the address and returns its end: without the sentence's punctuation and the brackets and marks around it."""
        text, may_close = self._text, set(self._open)
        around = _marks_before(text, start)
        surplus = {
            closing: text.count(closing, start, end) - text.count(opening, start, end)
            for closing, opening in _BRACKETS.items()
        }
        while True:
            last = text[end - 1]
            if surplus.get(last, 0) > 0:
                surplus[last] -= 1
            elif last in may_close:
                may_close.remove(last)
            elif around.endswith(last):  # «**» are no marks, and no part of the address either
                around = around[:-1]
            elif last not in _TRAILING and (last.isascii() or not unicodedata.category(last).startswith("P")):
                break
            end -= 1
        self.spans.append(_Span(start, end, _Piece(_Kind.ADDRESS, text[start:end])))
        self._after_address = end
        return end

    def _mark(self, at: int, sign: str) -> None:
        before = "" if at == 0 else self._text[at - 1]
        after = self._text[at + 1 : at + 2]
        follows_address = at == self._after_address
        may_close = (
            bool(before)
            and not before.isspace()
            and (before != sign or follows_address)
            and after != sign
            and (not _in_word(after) or _BEGINS.match(self._text, at + 1) is not None)
        )
        if sign in self._open and may_close:
            opened, tag = self._open[sign], _TAGS[sign]
            self.spans.append(_Span(opened, opened + 1, _Piece(_Kind.OPEN, tag)))
            self.spans.append(_Span(at, at + 1, _Piece(_Kind.CLOSE, tag)))
            while self._open.popitem()[0] != sign:  # what was opened within it and not closed is no mark
                pass
            return
        self._open.pop(sign, None)
        if after and not after.isspace() and sign not in (before, after) and not _in_word(before):
            self._open[sign] = at


def _marks_before(text: str, at: int) -> str:
    """The same sign, at most as often as anybody would write it, directly before."""
    run = text[max(0, at - 3) : at]
    sign = run[-1:]
    return sign * (len(run) - len(run.rstrip(sign))) if sign and sign in _TAGS else ""


def _in_word(character: str) -> bool:
    return bool(character) and (character.isalnum() or unicodedata.category(character).startswith("M"))
