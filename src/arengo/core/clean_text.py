# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text without the characters that cannot be seen, and text that stands among other text without turning it round.

:func:`clean` is for what people type: it removes what has no shape and says how much and where. Kept is what languages
need: joiners of emoji and of the scripts that join, variation selectors, direction marks beside right-to-left letters.
:func:`isolated` is for names and other foreign words within a sentence of plain text; in HTML ``<bdi>`` and ``dir="auto"``
do the same. All of it is linear in the text's length.

Sources: Unicode 15 (categories, Default_Ignorable_Code_Point), UAX #9 (directions), XML 1.0 §2.2 (characters).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from django.utils.translation import gettext as _, ngettext

_FSI, _PDI = "\u2068", "\u2069"
# Embeddings, overrides and isolates (UAX #9 §2): the only characters that reorder what stands after them.
_TURNING = "\u202a-\u202e\u2066-\u2069"
_DIRECTION_MARKS = "\u061c\u200e\u200f"
_JOINERS = "\u034f\u200c\u200d"
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_TAGS = "\U000e0020-\U000e007f"  # only after a black flag: England, Scotland, Wales
_BLANKS = "\u2800\u3164\uffa0\ufffc\U0001d159"  # letters, patterns and signs that are drawn as nothing
_FILLERS = "\u115f\u1160"  # of old Korean syllables
_BREAKS = "\v\f\x1c-\x1e\x85\u2028\u2029"  # other ways to begin a line
_REST = (
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb"
    "\ufffe\uffff\ufdd0-\ufdef\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e001f"
    "\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
)
_UNSEEN = re.compile(
    f"(?P<flag>\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{2,6}}\U000e007f)"
    f"|(?P<mark>[{_DIRECTION_MARKS}])|(?P<joiner>[{_JOINERS}])|(?P<selector>[{_SELECTORS}])"
    f"|(?P<blank>[{_BLANKS}])|(?P<filler>[{_FILLERS}])|(?P<newline>[{_BREAKS}])|[{_REST}{_TURNING}{_TAGS}]"
)
# What nearly all text here is made of: Latin letters, punctuation, quotes, dashes, €. To look for anything else is some
# thirty times quicker than to look for the groups above.
_NOT_PLAIN = re.compile("[^\t\n\r\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u20ac]")
_TURNS = re.compile(f"[{_TURNING}]")
_JAMO = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]")
_BRAILLE = re.compile("[\u2801-\u28ff]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Scripts whose letters join: Hebrew to Myanmar, Khmer, Mongolian, those of India and the islands, Tifinagh, Arabic's forms,
# and what lies beyond the first plane up to Egyptian. Latin, Greek, Cyrillic, Georgian and the ideographs join nothing.
_JOINING = re.compile(
    "[\u0590-\u109f\u1780-\u18af\u1900-\u1c7f\u1cc0-\u1cff\u2d30-\u2d7f\ua800-\uab2f\uabc0-\uabff\ufb1d-\ufdff"
    "\ufe70-\ufefc\U00010800-\U00011fff\U0001e800-\U0001efff]"
)
_IDEOGRAPH = re.compile("[\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff]")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
_ARROW = re.compile("[\u2190-\u21ff]")
_KEYS, _KEYCAP = "0123456789#*", "\u20e3"
_FIRST_VARIED: Final = "\xa9"  # ©; of the signs before it only those of keycaps have two shapes
_SPACED = frozenset({"newline", "blank"})  # groups that become a space or a new line
_MOST_PLACES: Final = 3  # that a sentence names
_MOST_LOOKED_AT: Final = 50  # removed characters among which places are looked for
_LONGEST_WORD: Final = 24  # characters of the word that says where


@dataclass(frozen=True)
class Cleaned:
    """``text`` in NFC, without what cannot be seen; ``removed`` characters, each after one of the words ``after``
    ("": at the beginning). A blank that became a space counts as removed.
    """

    text: str
    removed: int = 0
    after: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """A sentence for who typed it; empty when nothing was removed."""
        if not self.removed:
            return ""
        places = [_place(word) for word in self.after]
        where = ", ".join(places[:_MOST_PLACES])
        if len(places) > _MOST_PLACES:
            where = _("%(places)s e altrove") % {"places": where}
        return ngettext(
            "Tolto %(count)d carattere invisibile: %(where)s.",
            "Tolti %(count)d caratteri invisibili: %(where)s.",
            self.removed,
        ) % {"count": self.removed, "where": where}


def clean(text: str) -> Cleaned:
    """What a person typed, as it is stored. Total; a text that is fine, as nearly all are, is only looked through."""
    if _NOT_PLAIN.search(text) is None or _UNSEEN.search(text) is None:
        return Cleaned(unicodedata.normalize("NFC", text))
    right_to_left = _RIGHT_TO_LEFT.search(text) is not None
    parts: list[str] = []
    removed, end = 0, 0
    after: dict[str, None] = {}
    for match in _UNSEEN.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
        kept = _kept(match, right_to_left=right_to_left)
        parts.append(kept)
        if kept != match.group() and match.lastgroup != "newline":
            removed += 1
            if removed <= _MOST_LOOKED_AT and len(after) <= _MOST_PLACES:
                after[_word_before(text, match.start())] = None
    parts.append(text[end:])
    return Cleaned(unicodedata.normalize("NFC", "".join(parts)), removed, tuple(after))


def _kept(match: re.Match[str], *, right_to_left: bool) -> str:
    """What stays of it: the character itself where a language needs it, a space or a new line instead of it, or nothing."""
    text, sign = match.string, match.group()
    before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
    match match.lastgroup:
        case "flag":
            needed = True
        case "newline":
            return "\n"
        case "mark":
            needed = right_to_left
        case "joiner":
            needed = (
                _joins(before)
                or _joins(after)
                or (_ends_picture(text, match.start()) and _is_pictured(after))
            )
        case "selector":
            needed = _is_varied(before) or (before in _KEYS and bool(before) and after == _KEYCAP)
        case "blank":
            return sign if sign == "\u2800" and (_BRAILLE.match(before) or _BRAILLE.match(after)) else " "
        case "filler":
            needed = _JAMO.match(before) is not None or _JAMO.match(after) is not None
        case _:
            needed = False
    return sign if needed else ""


def _joins(letter: str) -> bool:
    """Whether a joiner beside it can change how it is drawn."""
    return _JOINING.match(letter) is not None and unicodedata.category(letter)[0] in "LM"


def _is_pictured(character: str) -> bool:
    """Whether it may be a part of an emoji that is joined of several."""
    return bool(character) and (
        unicodedata.category(character) == "So" or _ARROW.match(character) is not None
    )


def _ends_picture(text: str, at: int) -> bool:
    """Whether an emoji ends there: with its skin tone, or its selector."""
    before = text[max(0, at - 1) : at]
    if before == "\ufe0f":
        before = text[max(0, at - 2) : at - 1]
    return _is_pictured(before) or _SKIN.match(before) is not None


def _is_varied(character: str) -> bool:
    """Whether a selector after it can change how it is drawn: signs, ideographs, letters of scripts that join."""
    if character < _FIRST_VARIED or _UNSEEN.match(character):
        return False
    if unicodedata.category(character)[0] in "SNP":
        return True
    return _joins(character) or _IDEOGRAPH.match(character) is not None


def _word_before(text: str, at: int) -> str:
    words = _UNSEEN.sub("", text[max(0, at - 200) : at]).split()
    return words[-1][-_LONGEST_WORD:] if words else ""


def _place(word: str) -> str:
    return _("dopo «%(word)s»") % {"word": word} if word else _("all’inizio")


def place(text: str, at: int) -> str:
    """Where in a text its character ``at`` stands, for a sentence: «dopo «Mercato»»."""
    return _place(_word_before(text, at))


def is_seen(text: str) -> bool:
    """Whether there is anything in it that is drawn: not only spaces, marks and characters without a shape."""
    return any(unicodedata.category(sign)[0] in "LNPS" for sign in _UNSEEN.sub("", text))


def name(text: str, *, most: int | None = None) -> str:
    """A name from outside on one line, as it may be shown: cleaned, at most ``most`` characters, "" where nobody would see it."""
    shown = " ".join(clean(text[: (most or len(text)) * 4]).text.split())[:most].rstrip()
    return shown if is_seen(shown) else ""


def file_name(text: str, *, most: int = 240) -> str:
    """A file's bare name: no folder, nothing unseen, one space at a time. Its end, with the extension, is what stays of
    a long one. "" for none.
    """
    bare = PurePath(text.replace("\\", "/")).name
    shown = _UNSEEN.sub(_kept_in_file_name, bare)
    shown = " ".join(unicodedata.normalize("NFC", shown).split()).strip(" .") if is_seen(shown) else ""
    return shown[-most:].lstrip()


def _kept_in_file_name(match: re.Match[str]) -> str:
    """Less than elsewhere: no marks and no selectors, and joiners only between letters."""
    if match.lastgroup == "joiner":
        beside = (
            match.string[max(0, match.start() - 1) : match.start()],
            match.string[match.end() : match.end() + 1],
        )
        return match.group() if all(map(_joins, beside)) else ""
    return _kept(match, right_to_left=False) if match.lastgroup in _SPACED | {"flag"} else ""


def parts_of_file_name(text: str) -> tuple[str, str]:
    """Stem and extension (``.pdf``, or "") of a cleaned file name, which are drawn apart so that no letter moves between them."""
    path = PurePath(file_name(text))
    return path.stem, path.suffix


def turns(text: str) -> bool:
    """Whether it can change the order of what stands beside it: right-to-left letters, or characters that turn."""
    return _RIGHT_TO_LEFT.search(text) is not None or _TURNS.search(text) is not None


def isolated(text: object) -> str:
    """Foreign words for a sentence of plain text (mail, notice, attribute): their order cannot touch the rest.

    A text that turns nothing stays as it is, also to be found by what searches for it.
    """
    words = str(text)
    return f"{_FSI}{_TURNS.sub('', words)}{_PDI}" if turns(words) else words


def for_xml(text: str) -> str:
    """Without what XML 1.0 cannot hold (§2.2): one such character breaks the whole document for every reader."""
    return _NOT_XML.sub("", text)
