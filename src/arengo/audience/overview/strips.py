# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One small chart for each series, all on the same axes, so that they can be compared. Drawn for a wide page and for a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from arengo.audience.overview.drawing import NARROW, WIDE, Box, Label, Line, above, said
from arengo.audience.overview.periods import Column

_TOP, _HIGH, _BELOW = 8, 64, 22


@dataclass(frozen=True)
class Strip:
    """Numbers are text already, as in ``drawing.Drawing``."""

    key: str
    width: str
    height: str
    left: str
    lines: Sequence[Line]
    floor: str
    boxes: Sequence[Box]
    labels: Sequence[Label]
    labels_y: str


def draw(counts: Sequence[int | None], columns: Sequence[Column], most: int) -> list[Strip]:
    """``most``: the largest number of all series."""
    return [_strip(counts, columns, above(max(most, 1)), width) for width in (WIDE, NARROW)]


def _strip(counts: Sequence[int | None], columns: Sequence[Column], highest: int, width: int) -> Strip:
    left = 64 if width == WIDE else 48
    room = (width - left - 8) / len(columns)
    middles = [left + room * (place + 0.5) for place in range(len(columns))]
    floor, bar = _TOP + _HIGH, min(room * 0.66, 30)
    every = -(-len(columns) // (12 if width == WIDE else 4))
    heights = [_HIGH * (many or 0) / highest for many in counts]
    return Strip(
        key="wide" if width == WIDE else "narrow",
        width=str(width),
        height=str(floor + _BELOW),
        left=str(left),
        lines=[Line(f"{floor - _HIGH * part:.1f}", said(highest * part)) for part in (0, 1)],
        floor=str(floor),
        boxes=[
            Box(f"{x - bar / 2:.1f}", f"{floor - high:.1f}", f"{bar:.1f}", f"{high:.1f}")
            for x, high in zip(middles, heights, strict=True)
            if high
        ],
        labels=[
            Label(f"{x:.1f}", column.label)
            for place, (x, column) in enumerate(zip(middles, columns, strict=True))
            if (len(columns) - 1 - place) % every == 0
        ],
        labels_y=str(floor + _BELOW - 5),
    )
