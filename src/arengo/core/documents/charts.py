# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A chart of bars as SVG, and the table that says the same.

Screen readers read the table; the drawing has a title and a description. Series differ by pattern as well as by colour. There
is neither style nor script in it, so that it stands in a page under our policy and in a PDF alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe

from arengo.core.clean_text import for_xml
from arengo.core.screens import Screen, render_screen_to_string

MOST_SERIES = 4  # as many as there are patterns
MOST_BARS = 200
MISSING = "–"

_WIDTH = 640  # units of the drawing; it scales with its place
_PLOT = 540  # of the longest bar; what is right of it is for the number
_LABEL, _BAR, _GAP = 22, 20, 14
_LEGEND = 26


class UnfitFigures(ValueError):
    """Numbers that bars cannot show: negative, not finite, too many, or not one for each label."""


@dataclass(frozen=True)
class Series:
    """One number for each label, in their order; None where there is none."""

    name: str
    values: Sequence[int | float | None]


@dataclass(frozen=True)
class Table:
    """``header`` has one cell more than there are series: that of the labels."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Bar:
    x: str
    y: str
    width: str
    height: str
    fill: str
    text_x: str
    text_y: str
    said: str


@dataclass(frozen=True)
class _Group:
    label: str
    y: str
    bars: tuple[_Bar, ...]


@dataclass(frozen=True)
class _Entry:
    """Of the legend."""

    name: str
    x: str
    text_x: str
    fill: str


def _line(text: str) -> str:
    """One line of what XML can hold: the drawing and the table say the same."""
    return " ".join(for_xml(text).split())


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars, one group a label. UnfitFigures is raised when it is made.

    ``key`` tells apart the charts of one page: letters, digits and hyphens. ``description`` says in a sentence what the
    drawing shows; ``over`` is the heading of the labels' column: «Tema».
    """

    key: str
    title: str
    description: str
    over: str
    labels: Sequence[str]
    series: Sequence[Series]
    decimals: int = 0

    def __post_init__(self) -> None:
        for name in ("title", "description", "over"):
            object.__setattr__(self, name, _line(getattr(self, name)))
        object.__setattr__(self, "labels", tuple(map(_line, self.labels)))
        object.__setattr__(self, "series", tuple(replace(one, name=_line(one.name)) for one in self.series))
        if not (0 < len(self.series) <= MOST_SERIES and len(self.labels) * len(self.series) <= MOST_BARS):
            raise UnfitFigures(f"1 to {MOST_SERIES} series, and {MOST_BARS} bars at most")
        for series in self.series:
            if len(series.values) != len(self.labels):
                raise UnfitFigures(
                    f"«{series.name}» has {len(series.values)} numbers for {len(self.labels)} labels"
                )
            if any(
                value is not None and not (math.isfinite(value) and value >= 0) for value in series.values
            ):
                raise UnfitFigures(f"«{series.name}» has a number that no bar can show")

    def table(self) -> Table:
        rows = zip(self.labels, *(series.values for series in self.series), strict=True)
        return Table(
            (self.over, *(series.name for series in self.series)),
            tuple((label, *(self._said(value) for value in values)) for label, *values in rows),
        )

    def svg(self) -> SafeString:
        """The drawing alone, to stand in a page or in a file. Every text is escaped by the template."""
        step = _WIDTH // len(self.series)
        legend = [
            _Entry(series.name, str(number * step), str(number * step + 22), f"url(#{self._pattern(number)})")
            for number, series in enumerate(self.series)
            if len(self.series) > 1
        ]
        top = _LEGEND if legend else 0
        groups = self._groups(top)
        height = top + len(groups) * (_LABEL + _BAR * len(self.series) + _GAP)
        drawing = Drawing(
            chart=self,
            width=str(_WIDTH),
            height=str(height),
            groups=groups,
            legend=legend,
            patterns=[self._pattern(number) for number in range(len(self.series))],
        )
        drawn = render_screen_to_string("arengo/documents/bars.svg", drawing)
        return mark_safe(drawn)  # noqa: S308  # autoescaped

    def _said(self, value: int | float | None) -> str:
        return MISSING if value is None else number_format(value, self.decimals, force_grouping=True)

    def _pattern(self, number: int) -> str:
        return f"{self.key}-pattern-{number}"

    def _groups(self, top: int) -> list[_Group]:
        most = max((value for series in self.series for value in series.values if value), default=0)
        groups, y = [], top
        for place, label in enumerate(self.labels):
            bars = []
            for number, series in enumerate(self.series):
                value = series.values[place]
                width = round(_PLOT * value / most) if value and most else 0
                at = y + _LABEL + number * _BAR
                bars.append(
                    _Bar(
                        "0",
                        str(at),
                        str(max(width, 1) if value else 0),
                        str(_BAR - 4),
                        f"url(#{self._pattern(number)})",
                        str(width + 8),
                        str(at + _BAR - 8),
                        self._said(value),
                    )
                )
            groups.append(_Group(label, str(y + _LABEL - 6), tuple(bars)))
            y += _LABEL + _BAR * len(self.series) + _GAP
        return groups


@dataclass(frozen=True)
class Drawing(Screen):
    """Numbers are text already: a template would write them as people read them."""

    chart: BarChart
    width: str
    height: str
    groups: Sequence[_Group]
    legend: Sequence[_Entry]
    patterns: Sequence[str]
