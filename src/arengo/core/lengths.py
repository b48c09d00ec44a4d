# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a text is, and the limit that it keeps. The only place that counts; frontend/js/lengths.js counts likewise.

Which unit a platform counts in, and how many it allows, stands in the platform's folder (``Platform.limits``). Our own limits
are in UTF-16 units, as the counters of browsers and phones are.
"""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

_ZWJ = "\u200d"
_JOINED = {"Mn", "Me", "Mc"}  # marks that belong to the character before them; among them variation selectors
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)  # of the flags of Scotland, Wales, Sardinia …
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)  # two make a flag


class Unit(enum.StrEnum):
    """What counts as one. The values stand in pages (``data-unit``)."""

    UTF16 = "utf-16"  # a letter is one, most emoji are two, a family is eight or eleven
    CODE_POINTS = "code-points"  # as Python counts: an emoji is one, a family five or seven


def length(text: str, unit: Unit = Unit.UTF16) -> int:
    """How many units ``text`` has. Half a surrogate is one."""
    if unit is Unit.CODE_POINTS or text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Limit:
    """At most ``most`` of a unit."""

    most: int
    unit: Unit = Unit.UTF16

    def used(self, text: str) -> int:
        return length(text, self.unit)

    def over(self, text: str) -> int:
        """By how much a text is too long; 0 when it fits."""
        return max(0, self.used(text) - self.most)

    def problem(self, text: str) -> str:
        """In the reader's language, with the exact counts; empty when it fits."""
        over = self.over(text)
        if not over:
            return ""
        return _("%(used)s caratteri: il massimo è %(limit)s, %(over)s di troppo.") % {
            "used": grouped(self.used(text)),
            "limit": grouped(self.most),
            "over": grouped(over),
        }

    def cut(self, text: str) -> str:
        """The longest beginning that fits and ends between two characters as people see them, not within an emoji."""
        if not self.over(text):
            return text
        end, used = 0, 0
        while used + length(text[end], self.unit) <= self.most:
            used += length(text[end], self.unit)
            end += 1
        while end and not _ends_between(text, end):
            end -= 1
        return text[:end]


def grouped(number: int) -> str:
    """``1.024``, as the reader's language writes it."""
    return number_format(number, force_grouping=True)


def _ends_between(text: str, end: int) -> bool:
    """Whether a character as people see it may end before ``text[end]``."""
    before, after = text[end - 1], text[end]
    code = ord(after)
    if _ZWJ in (before, after) or unicodedata.category(after) in _JOINED or (before, after) == ("\r", "\n"):
        return False
    if code in _SKIN_TONES or code in _TAGS or code == 0xE007F:
        return False
    if code not in _FLAG_LETTERS:
        return True
    letters = 0
    while letters < end and ord(text[end - 1 - letters]) in _FLAG_LETTERS:
        letters += 1
    return letters % 2 == 0
