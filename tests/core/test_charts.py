# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from django.utils import translation
from hypothesis import given, strategies as st

from arengo.core.documents.charts import MISSING, MOST_SERIES, BarChart, Series, UnfitFigures

SVG = "{http://www.w3.org/2000/svg}"
_texts = st.text(max_size=12)
_values = st.one_of(st.none(), st.integers(0, 10**9), st.floats(0, 1e9))


def chart(labels: list[str], *series: Series, key: str = "temi", decimals: int = 0) -> BarChart:
    return BarChart(key, "Iscritti per tema", "Quanti seguono ogni tema.", "Tema", labels, series, decimals)


def drawn(figure: BarChart) -> ET.Element:
    return ET.fromstring(figure.svg())  # noqa: S314  # our own


def texts(svg: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


@given(
    st.integers(1, 6).flatmap(
        lambda n: st.tuples(
            st.lists(_texts, min_size=n, max_size=n),
            st.lists(st.lists(_values, min_size=n, max_size=n), min_size=1, max_size=MOST_SERIES),
        )
    ),
    st.sampled_from(["it", "en"]),
)
def test_the_drawing_says_the_numbers_of_the_table(
    figures: tuple[list[str], list[list[int | float | None]]], language: str
) -> None:
    labels, columns = figures
    figure = chart(labels, *(Series(f"Serie {n}", values) for n, values in enumerate(columns)), decimals=1)
    with translation.override(language):
        table, svg = figure.table(), drawn(figure)
    legend = list(table.header[1:]) if len(columns) > 1 else []
    assert texts(svg) == legend + [cell for row in table.rows for cell in row]


def test_bars_are_as_long_as_their_numbers() -> None:
    bars = drawn(chart(["a", "b", "c", "d"], Series("", [200, 100, 0, None]))).findall(f"{SVG}rect")
    assert [int(bar.attrib["width"]) for bar in bars] == [540, 270, 0, 0]
    assert [
        int(bar.attrib["width"]) for bar in drawn(chart(["a"], Series("", [0]))).findall(f"{SVG}rect")
    ] == [0]


def test_numbers_are_written_as_the_language_writes_them() -> None:
    figure = chart(["Eventi"], Series("Iscritti", [12345.5]), decimals=1)
    with translation.override("it"):
        assert figure.table().rows == (("Eventi", "12.345,5"),)
    with translation.override("en"):
        assert figure.table().rows == (("Eventi", "12,345.5"),)


def test_a_number_that_there_is_not_is_said() -> None:
    assert chart(["Eventi"], Series("", [None])).table().rows == (("Eventi", MISSING),)


def test_names_cannot_break_out_of_the_drawing() -> None:
    name = 'Tizio & <script>alert(1)</script> "#' + "سلام"
    figure = BarChart("k", name, name, name, [name], [Series(name, [1]), Series(name, [2])])
    svg = drawn(figure)
    assert texts(svg)[2] == name
    assert svg.findtext(f"{SVG}title") == svg.findtext(f"{SVG}desc") == name
    assert svg.find(f".//{SVG}script") is None


def test_a_screen_reader_finds_title_and_description() -> None:
    svg = drawn(chart(["Eventi"], Series("", [1])))
    named = {element.attrib["id"] for element in svg.iter() if "id" in element.attrib}
    assert svg.attrib["role"] == "img"
    assert set(svg.attrib["aria-labelledby"].split()) <= named


def test_series_differ_without_colours_and_charts_of_one_page_do_not_meet() -> None:
    four = [Series(str(n), [n + 1]) for n in range(4)]
    first, second = chart(["a"], *four, key="one").svg(), chart(["a"], *four, key="two").svg()
    ids = [set(re.findall(r'id="([^"]+)"', svg)) for svg in (first, second)]
    assert not ids[0] & ids[1]
    patterns = ET.fromstring(first).findall(f".//{SVG}pattern")  # noqa: S314  # our own
    shapes = [
        re.sub(r"#[0-9a-f]{6}", "", "".join(ET.tostring(each, "unicode") for each in one)) for one in patterns
    ]
    assert len({"".join(shape.split()) for shape in shapes}) == 4


def test_it_obeys_our_policy() -> None:
    svg = chart(["a"], Series("", [1])).svg()
    assert not re.search(r"style|<script|on\w+=|href", svg)


@pytest.mark.parametrize(
    "series",
    [
        [],
        [Series("", [1, 2])],
        [Series("", [-1])],
        [Series("", [float("nan")])],
        [Series("", [float("inf")])],
        [Series("", [1])] * 5,
    ],
)
def test_what_bars_cannot_show_is_refused(series: list[Series]) -> None:
    with pytest.raises(UnfitFigures):
        chart(["Eventi"], *series)


def test_more_bars_than_anybody_reads_are_refused() -> None:
    with pytest.raises(UnfitFigures):
        chart(["x"] * 201, Series("", [1] * 201))
