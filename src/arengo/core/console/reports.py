# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a room tells of its condition: figures on the page *Stato del servizio*, text and data of ``arengo status``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from arengo.core.console.conditions import Place, Snapshot


class Sure(StrEnum):
    """How well a number is known: counted; estimated; or only that there are so many at least."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"


# --- on the page ---


@dataclass(frozen=True)
class Figure:
    """``url``: where the note leads."""

    label: str
    value: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class State:
    """``tone`` as in the template tag ``status``: success, warning, danger."""

    tone: str
    words: str


@dataclass(frozen=True)
class Panel:
    """Figures in a box; with ``title`` a heading of its own, and the state beside it."""

    figures: tuple[Figure, ...]
    title: str = ""
    state: State | None = None


@dataclass(frozen=True)
class Word:
    """What a label of the figures means, for the list at the end of the page."""

    term: str
    meaning: str


@dataclass(frozen=True)
class Part:
    """``key`` names it in the page. ``empty`` is said in the place of panels."""

    key: str
    title: str
    panels: tuple[Panel, ...]
    words: tuple[Word, ...] = ()
    empty: str = ""


def number(value: int, sure: Sure = Sure.EXACT) -> str:
    """«1.234», «circa 1.234», «almeno 1.234»."""
    written = {"number": grouped(value)}
    if sure is Sure.ABOUT:
        return _("circa %(number)s") % written
    return _("almeno %(number)s") % written if sure is Sure.AT_LEAST else written["number"]


# --- on the command line ---


@dataclass(frozen=True)
class Table:
    """``rows`` with the head first. ``figures``: which columns stand to the right."""

    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Text:
    """A table or what is said in its place, and lines: a name, and what there is to say of it."""

    lines: tuple[tuple[str, str], ...] = ()
    table: Table | None = None
    empty: str = ""


_MARKS = {Sure.EXACT: "", Sure.ABOUT: "~", Sure.AT_LEAST: "≥"}


def short(value: int, sure: Sure = Sure.EXACT) -> str:
    """«1.234», «~1.234», «≥1.234»."""
    return _MARKS[sure] + grouped(value)


def grouped(value: int) -> str:
    return str(number_format(value, force_grouping=True))


# --- what a room registers ---


@dataclass(frozen=True)
class Report:
    """``data``: names and plain values for a program; the names stay as they are from version to version."""

    page: Callable[[Snapshot], Part]
    text: Callable[[Snapshot], Text]
    data: Callable[[Snapshot], Mapping[str, Any]]


_reports: list[tuple[Place, Report]] = []


def register(place: Place, report: Report) -> None:
    _reports.append((place, report))


def reports() -> list[Report]:
    """By place, those of one place as they were registered."""
    return [report for _place, report in sorted(_reports, key=lambda placed: placed[0])]
