# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The review names files that exist, leaves no section of ASVS 5.0 out, and says of each how it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
REVIEW = (ROOT / "docs" / "security-review.md").read_text(encoding="utf-8")
# Chapter → how many sections it has in ASVS 5.0.0.
SECTIONS = {
    1: 5, 2: 4, 3: 7, 4: 4, 5: 4, 6: 8, 7: 6, 8: 4, 9: 2, 10: 7, 11: 7, 12: 3, 13: 4, 14: 3, 15: 4, 16: 5, 17: 3,
}  # fmt: skip
_ROW = re.compile(
    r"^\| (\d+)\.(\d+)(?:–\d+\.(\d+))? ?[^|]*\| ([^|]+) \| ([^|]+) \| ?([^|]*)\|$", re.MULTILINE
)


def rows() -> list[tuple[int, range, str, str, str]]:
    return [
        (int(chapter), range(int(first), int(last or first) + 1), state.strip(), how.strip(), shown.strip())
        for chapter, first, last, state, how, shown in _ROW.findall(REVIEW)
    ]


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:src|tests|frontend|requirements)/[^`]+)`", REVIEW)))
)
def test_every_file_that_the_review_names_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_no_section_of_the_standard_is_left_out() -> None:
    seen = [(chapter, number) for chapter, numbers, *_rest in rows() for number in numbers]
    assert seen == [(chapter, number + 1) for chapter, count in SECTIONS.items() for number in range(count)]


def test_every_row_says_how_it_stands_and_what_is_met_is_shown() -> None:
    for chapter, numbers, state, how, shown in rows():
        assert state in {"met", "partly", "no", "–"}, (chapter, numbers)
        assert how
        assert shown or state == "–", (chapter, numbers)
