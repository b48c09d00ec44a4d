# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A chart of columns over time as SVG: each is made of its series, one above the other. Beside it stands the table that says the same.

Patterns, texts and what is refused are those of ``charts.py``. The legend is the page's: words in a drawing do not wrap.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe

from arengo.core.documents.charts import BarChart, Table, UnfitFigures
from arengo.core.screens import Screen, render_screen_to_string

_WIDTH, _HEIGHT = 640, 280  # units of the drawing; it scales with its place
_LEFT, _TOP, _BOTTOM = 48, 32, 244  # of the plot
_LINES = 4
_MOST_LABELS, _MOST_SAID = 8, 12  # beyond these words would meet


@dataclass(frozen=True)
class _Line:
    x: str
    y: str
    text_x: str
    text_y: str
    said: str


@dataclass(frozen=True)
class _Part:
    x: str
    y: str
    width: str
    height: str
    fill: str


@dataclass(frozen=True)
class _Column:
    parts: tuple[_Part, ...]
    middle: str
    top: str
    bottom: str
    said: str
    label: str


@dataclass(frozen=True)
class ColumnChart(BarChart):
    """One column a label; ``total`` is the heading of the sums, "" where there is but one series. UnfitFigures as BarChart, and
    for a number that is missing: a column cannot show that."""

    total: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(value is None for series in self.series for value in series.values):
            raise UnfitFigures("a column cannot show that a number is missing")

    def sums(self) -> list[float]:
        return [
            sum(value or 0 for value in values)
            for values in zip(*(one.values for one in self.series), strict=True)
        ]

    def table(self) -> Table:
        plain = super().table()
        if not self.total:
            return plain
        rows = (
            (*row, number_format(total, self.decimals, force_grouping=True))
            for row, total in zip(plain.rows, self.sums(), strict=True)
        )
        return Table((*plain.header, self.total), tuple(rows))

    def svg(self) -> SafeString:
        """The drawing alone. Every text is escaped by the template."""
        highest = _above(max(self.sums(), default=0))
        drawing = Columns(
            chart=self,
            width=str(_WIDTH),
            height=str(_HEIGHT),
            lines=[self._line(highest * number / _LINES, highest) for number in range(_LINES + 1)],
            columns=self._columns(highest),
            patterns=[f"{self.key}-pattern-{number}" for number in range(len(self.series))],
        )
        return mark_safe(render_screen_to_string("arengo/documents/columns.svg", drawing))  # noqa: S308  # autoescaped

    def _line(self, value: float, highest: float) -> _Line:
        y = _height(value, highest)
        said = number_format(value, self.decimals, force_grouping=True)
        return _Line(str(_LEFT), str(y), str(_LEFT - 6), str(y + 5), said)

    def _columns(self, highest: float) -> list[_Column]:
        sums = self.sums()
        room = (_WIDTH - _LEFT) / max(len(sums), 1)
        width = min(room * 0.7, 44)
        every = math.ceil(len(sums) / _MOST_LABELS)
        found = []
        for place, total in enumerate(sums):
            middle = _LEFT + room * (place + 0.5)
            parts, below = [], 0.0
            for number, series in enumerate(self.series):
                value = series.values[place] or 0
                if value:
                    top, foot = _height(below + value, highest), _height(below, highest)
                    parts.append(
                        _Part(
                            f"{middle - width / 2:.1f}",
                            str(top),
                            f"{width:.1f}",
                            str(max(foot - top, 1)),
                            f"url(#{self.key}-pattern-{number})",
                        )
                    )
                below += value
            said = number_format(total, self.decimals, force_grouping=True) if len(sums) <= _MOST_SAID else ""
            label = self.labels[place] if place % every == 0 else ""
            top_of_words = _height(total, highest) - 8
            found.append(
                _Column(tuple(parts), f"{middle:.1f}", str(top_of_words), str(_BOTTOM + 24), said, label)
            )
        return found


def _height(value: float, highest: float) -> int:
    """Where in the drawing a value lies, from its top."""
    return round(_BOTTOM - (_BOTTOM - _TOP) * value / highest)


def _above(most: float) -> float:
    """A round number that nothing exceeds, to be parted in four."""
    step = 1
    while True:
        for times in (4, 8, 12, 16, 20):
            if most <= step * times:
                return step * times
        step *= 10


@dataclass(frozen=True)
class Columns(Screen):
    """Numbers are text already: a template would write them as people read them."""

    chart: ColumnChart
    width: str
    height: str
    lines: Sequence[_Line]
    columns: Sequence[_Column]
    patterns: Sequence[str]
