# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Columns over time: as high as their numbers, within the drawing, and the same in the table."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, strategies as st

from arengo.core.documents.charts import Series, UnfitFigures
from arengo.core.documents.columns import ColumnChart

SVG = "{http://www.w3.org/2000/svg}"


def chart(labels: list[str], *series: Series, total: str = "") -> ColumnChart:
    return ColumnChart("one", "Titolo", "Descrizione", "Settimana", labels, series, total=total)


def drawn(one: ColumnChart) -> ET.Element:
    return ET.fromstring(one.svg())  # noqa: S314  # our own


def columns(svg: ET.Element) -> list[ET.Element]:
    return [each for each in svg.findall(f"{SVG}rect") if each.attrib.get("class") == "chart-edge"]


def test_the_table_says_the_same_and_sums_up() -> None:
    one = chart(["5 ott", "12 ott"], Series("URP", [212, 1230]), Series("<b>", [61, 0]), total="Totale")
    assert one.table().header == ("Settimana", "URP", "<b>", "Totale")
    assert one.table().rows == (("5 ott", "212", "61", "273"), ("12 ott", "1.230", "0", "1.230"))
    assert "<b>" not in one.svg()


def test_title_and_description_are_named() -> None:
    svg = drawn(chart(["a"], Series("", [1])))
    ids = {each.attrib["id"] for each in svg.iter() if "id" in each.attrib}
    assert set(svg.attrib["aria-labelledby"].split()) <= ids
    assert not re.search(r"style|<script|on\w+=|href", chart(["a"], Series("", [1])).svg())


@given(
    values=st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), min_size=1, max_size=60),
)
def test_columns_stay_in_the_drawing_whatever_their_numbers(values: list[tuple[int, int]]) -> None:
    one = chart(
        [str(each) for each in range(len(values))],
        Series("a", [a for a, _b in values]),
        Series("b", [b for _a, b in values]),
    )
    found = columns(drawn(one))
    assert len(found) == sum(bool(number) for pair in values for number in pair)
    for each in found:
        x, y, width, height = (float(each.attrib[name]) for name in ("x", "y", "width", "height"))
        assert 48 <= x <= x + width <= 640.1
        assert 32 <= y <= y + height <= 245


def test_a_missing_number_is_refused() -> None:
    with pytest.raises(UnfitFigures):
        chart(["a"], Series("", [None]))
