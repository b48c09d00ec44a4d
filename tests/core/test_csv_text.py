# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, strategies

from arengo.core.csv_text import bare, cell, decoded, lines, separator_of


@pytest.mark.parametrize(
    "computed",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "=cmd|' /C calc'!A0",
        "＝1",
        "-Anna",
        "+Anna",
    ],
)
def test_nothing_that_a_spreadsheet_would_compute_is_written_as_it_is(computed: str) -> None:
    assert cell(computed) == f"'{computed}"
    assert bare(cell(computed)) == computed


@pytest.mark.parametrize(
    "number", ["+39 333 000 0001", "+393330000001", "-5", "-0,25", "0039 333", "007", "", "Anna", "–"]
)
def test_numbers_keep_their_plus_and_their_zeros(number: str) -> None:
    assert cell(number) == bare(number) == number


@pytest.mark.parametrize("text", ["'=1", "''=1", "'Ndrangheta: no", "d'=1"])
def test_an_apostrophe_of_ones_own_stays(text: str) -> None:
    assert bare(cell(text)) == text


@given(strategies.lists(strategies.lists(strategies.text(), min_size=3, max_size=3), min_size=1))
def test_whatever_is_written_is_read_again(rows: list[list[str]]) -> None:
    rows = [[each.replace("\r", " ").replace("\0", " ").strip() for each in row] for row in rows]
    text, _encoding = decoded(lines(rows).encode("utf-8", "replace"))
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert [[bare(each) for each in row] for row in read] == [
        [each.encode("utf-8", "replace").decode() for each in row] for row in rows
    ]
    assert not any(each.startswith(("=", "@", "\t")) for row in read for each in row)


def test_the_first_line_tells_the_separator() -> None:
    assert [separator_of(text) for text in ("a;b,c;d", "a,b;c,d,e", "a\tb")] == [";", ",", "\t"]
