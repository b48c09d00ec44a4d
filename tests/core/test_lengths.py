# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One place says how long a text is; what does not fit is told by how much, and cut only between characters."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from django import forms
from hypothesis import given, strategies as st

import arengo
from arengo.core.form_fields import MeasuredField
from arengo.core.lengths import Limit, Unit, length

SOURCE = Path(arengo.__file__).parent
OWN = [path for path in SOURCE.rglob("*") if path.suffix in {".py", ".html"}]
SAMPLES = {  # text: (UTF-16 units, code points)
    "a": (1, 1),
    "è": (1, 1),
    "e\u0300": (2, 2),
    "€": (1, 1),
    "😀": (2, 1),
    "👍🏽": (4, 2),
    "❤️": (2, 2),
    "🇮🇹": (4, 2),
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿": (14, 7),
    "👨‍👩‍👧‍👦": (11, 7),
    "السلام": (6, 6),
    "בְּ": (3, 3),
    "𝒜": (2, 1),
    "": (0, 0),
    "\n": (1, 1),
}


@pytest.mark.parametrize(("text", "counts"), SAMPLES.items())
def test_a_length_is_that_of_its_unit(text: str, counts: tuple[int, int]) -> None:
    assert (length(text), length(text, Unit.CODE_POINTS)) == counts


@given(st.text())
def test_utf16_is_never_less_than_code_points_so_that_what_passes_passes_either_way(text: str) -> None:
    assert len(text) <= length(text) <= 2 * len(text)


@given(st.text(), st.text())
def test_lengths_add_up(one: str, other: str) -> None:
    assert length(one + other) == length(one) + length(other)


def test_half_an_emoji_is_counted_and_not_an_error() -> None:
    assert length("a\ud83d") == 2


@pytest.mark.parametrize("sample", [sample for sample in SAMPLES if sample])
def test_too_long_is_told_with_by_how_much(sample: str) -> None:
    limit = Limit(1024)
    fitting = sample * (1024 // length(sample))
    assert limit.problem(fitting) == ""
    assert limit.over(fitting + sample) == length(fitting + sample) - 1024
    assert limit.problem("x" * 1024 + sample).endswith(f"{length(sample)} di troppo.")


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("sample", [sample for sample in SAMPLES if sample not in {"", "السلام"}])
def test_a_cut_is_never_within_what_people_see_as_one_character(sample: str, unit: Unit) -> None:
    text = sample * 4
    for most in range(length(text, unit) + 1):
        cut = Limit(most, unit).cut(text)
        assert cut == sample * (most // length(sample, unit))


@given(st.text(alphabet=st.sampled_from("aè\u0300😀👨👩🏽\u200d\ufe0f🇮🇹ب\r\n")), st.integers(0, 30))
def test_a_cut_is_a_beginning_that_fits(text: str, most: int) -> None:
    cut = Limit(most).cut(text)
    assert text.startswith(cut)
    assert not Limit(most).over(cut)
    if cut != text:
        assert not unicodedata.combining(text[len(cut)]) or not cut


class Words(forms.Form):
    text = MeasuredField(max_length=10)


def test_a_field_counts_as_the_counter_beside_it_and_the_end_of_a_line_is_one() -> None:
    assert Words({"text": "😀" * 5}).is_valid()
    lines = Words({"text": "a\r\n" * 4 + "bc"})
    assert lines.is_valid()
    assert lines.cleaned_data["text"] == "a\na\na\na\nbc"


def test_what_is_too_long_comes_back_whole_with_by_how_much() -> None:
    form = Words({"text": "😀" * 6})
    assert form.errors["text"] == ["12 caratteri: il massimo è 10, 2 di troppo."]
    assert "😀" * 6 in str(form["text"])


def test_the_browser_cuts_nothing_off() -> None:
    assert "maxlength" not in str(Words())


# --- the tree -------------------------------------------------------------------------------------------------


def test_only_one_place_counts() -> None:
    counting = [
        path.relative_to(SOURCE).as_posix()
        for path in OWN
        if re.search("utf.?16-?(le|be)", path.read_text("utf-8"), re.I)
    ]
    assert counting == ["core/lengths.py"]


@pytest.mark.parametrize("path", [path for path in OWN if path.suffix == ".html"], ids=lambda path: path.name)
def test_every_counter_of_a_page_has_its_limit_and_its_unit_from_the_server(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("data-count-for=") == text.count("{% counted ")
    assert "data-limit=" not in text


def test_the_numbers_of_a_platform_stand_in_its_folder() -> None:
    words = re.compile(r"\b(4\.?096|1\.?024)\b(?! ?\*)")
    elsewhere = [
        f"{path.relative_to(SOURCE)}: {line.strip()}"
        for path in OWN
        if not path.relative_to(SOURCE).as_posix().startswith(("platforms/whatsapp/", "config/serving/"))
        for line in path.read_text("utf-8").splitlines()
        if words.search(line) and re.search("caratteri|characters|caption", line, re.I)
    ]
    assert elsewhere == []
