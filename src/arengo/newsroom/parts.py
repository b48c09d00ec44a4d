# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What capabilities show on the newsroom's pages, at a place that the page gives. Each registers itself, from its AppConfig."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest

from arengo.core.screens import Screen
from arengo.newsroom.models import Update


class Place(StrEnum):
    HOME_TOP = "home_top"  # below the home's title; there is no update
    HOME = "home"  # above its lists
    HEAD = "head"  # of the editor, beside its title; the update is None before it was ever saved
    EDITOR = "editor"  # above the text
    EDITOR_FOOT = "editor_foot"  # below the buttons that save and send
    SENDING = "sending"  # within the question before sending
    SENT_NOTE = "sent_note"  # above what became of a sent update
    SENT = "sent"  # below what became of a sent update


@dataclass(frozen=True)
class Part:
    """``make`` gives what ``template`` shows as ``part``; None: nothing to say."""

    name: str
    place: Place
    template: str
    order: int
    make: Callable[[HttpRequest, Update | None], Screen | None]


@dataclass(frozen=True)
class Shown:
    template: str
    screen: Screen


@dataclass(frozen=True)
class Mark:
    """A state in lists of updates. ``look``: of the tag ``status``."""

    look: str
    words: str


_parts: dict[str, Part] = {}
_marks: dict[str, Callable[[Collection[int]], Mapping[int, Mark]]] = {}


def register(*parts: Part) -> None:
    _parts.update({part.name: part for part in parts})


def shown(place: Place, request: HttpRequest, update: Update | None = None) -> list[Shown]:
    here = sorted((part for part in _parts.values() if part.place == place), key=lambda part: part.order)
    made = [(part.template, part.make(request, update)) for part in here]
    return [Shown(template, screen) for template, screen in made if screen is not None]


def register_marks(name: str, find: Callable[[Collection[int]], Mapping[int, Mark]]) -> None:
    """``find``: by the ids of some drafts, in one query."""
    _marks[name] = find


def marks_of(drafts: Collection[int]) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = {}
    for find in _marks.values():
        for pk, mark in find(drafts).items():
            found.setdefault(pk, []).append(mark)
    return found
