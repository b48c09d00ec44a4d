# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What cannot be seen is taken out of typed text, told in a sentence, and kept where a language needs it."""

from __future__ import annotations

import time
import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given, strategies as st

from arengo.core import clean_text
from arengo.core.clean_text import clean, file_name, for_xml, is_seen, isolated, name, parts_of_file_name

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Perché sì: 1.024 €\n\tfine",
        "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 1️⃣ ❤️‍🔥",  # joiners, selectors, skin tones, keycaps
        "🙂‍↔️ 👩🏽‍🚒 🏴‍☠️ 👁️‍🗨️ #️⃣ ‼️ ©️ ♟︎",
        "ه‍ ⵜ‍ⵜ ന്‍",  # joiners at a word's end, Tifinagh, Malayalam
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏴󠁧󠁢󠁥󠁮󠁧󠁿",  # flags made of tags
        "می‌خواهم",  # Persian: zero width non-joiner
        "क्‍ष",  # Devanagari: zero width joiner
        "ශ්‍රී",  # Sinhala
        "\u05e9\u05dc\u05d5\u05dd\u200f (C++)\u200e!",  # marks beside right-to-left letters
        "مرحبا ۱۲۳",
        "\u1820\u180b",  # Mongolian with its selector
        "\u9089\U000e0100",  # an ideograph with its selector
        "\u2813\u2800\u2801",  # a blank within Braille
        "\u1100\u1160\u11a8",  # a filler within a Korean syllable
        "a\u00a0b\u202fc",  # spaces that have a width
    ],
)
def test_what_a_language_needs_stays(text: str) -> None:
    assert clean(text) == clean_text.Cleaned(unicodedata.normalize("NFC", text))
    assert clean(text).words == ""


@pytest.mark.parametrize(
    ("text", "left", "count"),
    [
        *((f"ab{sign}c", "abc", 1) for sign in TURNING),
        *(
            (f"ab{chr(code)}c", "abc", 1)
            for code in (0, 1, 8, 0x1B, 0x7F, 0x9F, 0xAD, 0x200B, 0x2060, 0xFEFF)
        ),
        *(
            (f"ab{chr(code)}c", "abc", 1)
            for code in (0xFFFE, 0xFFFF, 0xFDD0, 0x1FFFE, 0x10FFFF, 0xD800, 0xDFFF)
        ),
        *(
            (f"ab{chr(code)}c", "abc", 1)
            for code in (0x200C, 0x200D, 0x034F, 0x200E, 0x200F, 0x061C, 0xFE0F, 0xE0067)
        ),
        *((f"ab{chr(code)}c", "ab c", 1) for code in (0x2800, 0x3164, 0xFFA0)),
        *((f"ab{sign}c", "ab c", 1) for sign in "\U0001d159\ufffc"),  # an empty note, the place of a picture
        *(
            (f"Th\u1ea1{sign}ch", "Th\u1ea1ch", 1) for sign in "\u200c\u200d\ufe0f\u034f"
        ),  # Vietnamese joins nothing
        *((f"\u6f22{sign}a", "\u6f22a", 1) for sign in "\u200c\u200d"),
        *((f"🙂\u200d{after}", f"🙂{after}", 1) for after in ("", " a", "abc", "+")),  # joined with nothing
        *((f"❤\ufe0f\u200d{after}", f"❤\ufe0f{after}", 1) for after in ("", " a")),
        ("055 1\ufe0f2", "055 12", 1),
        ("fine.\ufe0f", "fine.", 1),
        ("ab\u115fc", "abc", 1),
        (
            "\u202a+39 055 000 0001\u202c",
            "+39 055 000 0001",
            2,
        ),  # as a number is copied from a page of contacts
        ("\ufeffCiao", "Ciao", 1),
        ("👍\ufe0f\ufe0f", "👍\ufe0f", 1),
        ("🏴\U000e0067", "🏴", 1),  # a flag that does not end
    ],
)
def test_what_nobody_sees_goes_and_is_counted(text: str, left: str, count: int) -> None:
    cleaned = clean(text)
    assert (cleaned.text, cleaned.removed) == (left, count)
    assert cleaned.words


def test_other_ends_of_lines_become_ours_and_nothing_is_said() -> None:
    assert clean("a\vb\fc\u2028d\u2029e\x85f") == clean_text.Cleaned("a\nb\nc\nd\ne\nf")


def test_no_character_is_passed_over() -> None:
    """The quick look finds each character that the slow one takes out."""
    unseen = [chr(code) for code in range(0x110000) if clean_text._UNSEEN.match(chr(code))]
    assert len(unseen) > 4_000
    assert [sign for sign in unseen if not clean_text._NOT_PLAIN.match(sign)] == []


def test_letters_are_composed() -> None:
    assert clean("perche\u0301") == clean_text.Cleaned("perché")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mercato\u202a in piazza", "Tolto 1 carattere invisibile: dopo «Mercato»."),
        ("\u200b\u200bCiao", "Tolti 2 caratteri invisibili: all’inizio."),
        (
            "\ufeffMercato\u202a in pi\u200bazza",
            "Tolti 3 caratteri invisibili: all’inizio, dopo «Mercato», dopo «pi».",
        ),
        (
            "a\u200bb c\u200bd e\u200bf g\u200bh",
            "Tolti 4 caratteri invisibili: dopo «a», dopo «c», dopo «e» e altrove.",
        ),
    ],
)
def test_a_sentence_says_how_many_and_where(text: str, words: str) -> None:
    assert clean(text).words == words


@given(st.text(alphabet=st.characters()))
def test_cleaning_twice_is_cleaning_once_and_loses_nothing_that_is_seen(text: str) -> None:
    once = clean(text)
    again = clean(once.text)
    assert (again.text, again.removed) == (once.text, 0)
    assert not any(unicodedata.category(sign) == "Cs" or sign in TURNING for sign in once.text)
    assert _visible(once.text) == _visible(text)


def _visible(text: str) -> list[str]:
    """Letters, digits and signs that are drawn, as NFC writes them; without those that are drawn as nothing."""
    composed = unicodedata.normalize("NFC", clean_text._UNSEEN.sub("", text))
    return [sign for sign in composed if unicodedata.category(sign)[0] in "LNPS"]


@given(st.text(alphabet=st.characters()))
def test_everything_can_stand_in_xml(text: str) -> None:
    assert ElementTree.fromstring(f"<a><![CDATA[{for_xml(text).replace(']]>', '')}]]></a>") is not None  # noqa: S314


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u2800",
        "\u3164\u3164",
        "\u115f",
        "\u200b\u200d",
        "\u00a0\u3000",
        "\ufe0f",
        "\u0301",
        "\U0001d159",
        "\ufffc",
    ],
)
def test_a_name_of_nothing_is_none(text: str) -> None:
    assert not is_seen(text)
    assert name(text) == ""


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("  Anna\n Esempio ", "Anna Esempio"),
        ("Anna\u202e Esempio", "Anna Esempio"),
        ("محمد علي", "محمد علي"),
        ("👩‍👧", "👩‍👧"),
        (".", "."),
    ],
)
def test_a_name_is_one_line_of_what_is_seen(given_name: str, shown: str) -> None:
    assert name(given_name) == shown


def test_a_long_name_ends() -> None:
    assert name("x" * 1_000_000, most=150) == "x" * 150


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("fattura\u202egpj.exe", "fatturagpj.exe"),
        ("fattura.pdf\u200b.exe", "fattura.pdf.exe"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Documenti\\a.pdf", "a.pdf"),
        ("a.pdf" + " " * 200 + ".exe", "a.pdf .exe"),
        ("a\r\nb.pdf", "a b.pdf"),
        ("\u202e", ""),
        ("..", ""),
        ("perche\u0301.pdf", "perché.pdf"),
        ("می‌خواهم.pdf", "می‌خواهم.pdf"),
        ("a\u2028b\u3164c.pdf", "a b c.pdf"),
        ("👩‍👧.jpg", "👩👧.jpg"),
    ],
)
def test_a_file_has_its_true_name(given_name: str, shown: str) -> None:
    assert file_name(given_name) == shown


def test_a_long_name_of_a_file_keeps_its_end() -> None:
    assert file_name("x" * 1000 + ".exe").endswith("x.exe")
    assert len(file_name("x" * 1000 + ".exe")) == 240


def test_stem_and_extension_are_told_apart() -> None:
    assert parts_of_file_name("עברית.exe") == ("עברית", ".exe")
    assert parts_of_file_name("senza") == ("senza", "")


def test_only_what_turns_is_isolated() -> None:
    assert isolated("Anna Esempio") == "Anna Esempio"
    assert isolated("محمد") == "\u2068محمد\u2069"
    assert isolated("a\u2069\u202eb") == "\u2068ab\u2069"  # it cannot end its own isolation


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\U0001f3f4\U000e0067", "\u3164", "a\u200d", "\u0301"])
def test_cleaning_takes_time_linear_in_the_length(sign: str) -> None:
    began = time.perf_counter()
    clean(sign * (200_000 // len(sign)))
    assert time.perf_counter() - began < 5
