# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two charts on one time axis: how many are on the list, from zero; below, arrivals up and departures down.

It is drawn twice, for a wide page and for a phone, so that its words never shrink. Beside it stands the table that says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

from arengo.audience.overview.figures import Mark, Moved
from arengo.core.screens import Screen

WIDE, NARROW = 860, 320
_TOP, _HIGH = 30, 120  # of the chart above
_BELOW, _MOVES = 214, 130  # of the chart below
HEIGHT = _BELOW + _MOVES + 34


@dataclass(frozen=True)
class Line:
    y: str
    said: str


@dataclass(frozen=True)
class Box:
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Label:
    x: str
    said: str


@dataclass(frozen=True)
class Sign:
    x: str
    y: str
    number: str


@dataclass(frozen=True)
class Drawing(Screen):
    """Numbers are text already: a template would write them as people read them."""

    key: str
    width: str
    height: str
    left: str
    total_lines: Sequence[Line]
    area: str
    path: str
    end: Line
    end_x: str
    moves_lines: Sequence[Line]
    zero: str
    arrivals: Sequence[Box]
    departures: Sequence[Box]
    labels: Sequence[Label]
    labels_y: str
    signs: Sequence[Sign]
    moves_title_y: str


def draw(moved: Sequence[Moved], marks: Sequence[Mark], width: int) -> Drawing:
    left = 64 if width == WIDE else 48
    room = (width - left - 8) / len(moved)
    middles = [left + room * (place + 0.5) for place in range(len(moved))]
    highest = above(max(one.total for one in moved))
    tops = [_TOP + _HIGH * (1 - one.total / highest) for one in moved]
    points = " L".join(f"{x:.1f} {y:.1f}" for x, y in zip(middles, tops, strict=True))
    floor = _TOP + _HIGH
    up, down = above(max(one.joined for one in moved)), max(one.left for one in moved)
    down = above(down) if down else 0
    unit = _MOVES / (up + down)
    zero = _BELOW + up * unit
    bar = min(room * 0.66, 30)
    every = -(-len(moved) // (12 if width == WIDE else 4))
    return Drawing(
        key="wide" if width == WIDE else "narrow",
        width=str(width),
        height=str(HEIGHT),
        left=str(left),
        total_lines=[Line(f"{floor - _HIGH * part / 4:.1f}", said(highest * part / 4)) for part in range(5)][
            :: 1 if highest >= 4 else 4
        ],
        area=f"M{middles[0]:.1f} {floor} L{points} L{middles[-1]:.1f} {floor} Z",
        path=f"M{points}",
        end=Line(f"{tops[-1]:.1f}", said(moved[-1].total)),
        end_x=f"{middles[-1]:.1f}",
        moves_lines=[
            Line(f"{zero - value * unit:.1f}", said(value, sign=True)) for value in _steps(up, down)
        ],
        zero=f"{zero:.1f}",
        arrivals=[
            Box(
                f"{x - bar / 2:.1f}",
                f"{zero - one.joined * unit:.1f}",
                f"{bar:.1f}",
                f"{one.joined * unit:.1f}",
            )
            for x, one in zip(middles, moved, strict=True)
            if one.joined
        ],
        departures=[
            Box(f"{x - bar / 2:.1f}", f"{zero:.1f}", f"{bar:.1f}", f"{one.left * unit:.1f}")
            for x, one in zip(middles, moved, strict=True)
            if one.left
        ],
        labels=[
            Label(f"{x:.1f}", one.column.label)
            for place, (x, one) in enumerate(zip(middles, moved, strict=True))
            if (len(moved) - 1 - place) % every == 0
        ],
        labels_y=str(HEIGHT - 8),
        signs=_signs(marks, middles, tops),
        moves_title_y=str(_BELOW - 18),
    )


def _signs(marks: Sequence[Mark], middles: Sequence[float], tops: Sequence[float]) -> list[Sign]:
    """Below the line, where there is room, and one under the other where two share a column."""
    placed: dict[int, int] = {}
    found = []
    for mark in marks:
        already = placed.setdefault(mark.place, 0)
        placed[mark.place] += 1
        y = min(tops[mark.place] + 26, _TOP + _HIGH - 14) - 26 * already
        found.append(Sign(f"{middles[mark.place]:.1f}", f"{y:.1f}", str(mark.number)))
    return found


def _steps(up: int, down: int) -> list[float]:
    found: list[float] = [up, up / 2, 0] if up % 2 == 0 else [up, 0]
    return found + ([-down] if down else [])


def said(value: float, *, sign: bool = False) -> str:
    plain = number_format(abs(round(value)), use_l10n=True, force_grouping=True)
    if not sign or not value:
        return plain
    return f"+{plain}" if value > 0 else f"−{plain}"


def above(most: int) -> int:
    """A round number that nothing exceeds, to be parted in four where it is 4 or more."""
    step = 1
    while True:
        for times in (1, 2, 4, 6, 8, 10) if step > 1 else (1, 2, 4, 8):
            if most <= step * times:
                return step * times if step * times < 4 or step * times % 4 == 0 else step * times * 2
        step *= 10
