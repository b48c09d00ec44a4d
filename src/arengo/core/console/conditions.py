# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The condition of the installation in one look, made of sections: each room registers its own, from its AppConfig.

A section is a dataclass of its room and the function that reads it. The page *Stato del servizio*, ``arengo status`` and
``/metrics`` all show the same :class:`Snapshot`. A section of senders holds the scope's senders: one organization's, or all
of them inside ``every_organization``. A section about processes, journal or database belongs to the installation and names
nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Any, Protocol, TypeVar, cast

from django.utils import timezone

Section = TypeVar("Section")


class Place(IntEnum):
    """Where something stands among what other rooms say: on the page, on the command line and in the metrics."""

    FIRST = 0  # nothing leaves until a person decides
    PROCESSES = 10
    OUT = 20
    IN = 30
    BY_ITSELF = 40  # what Arengo sends without a person
    GROUND = 50
    SUMMARY = 60  # what is made of all the rest


class Sections(Protocol):
    def of(self, section: type[Section]) -> Section:
        """LookupError for a section that no room registered."""


Reader = Callable[[Sections], Section]

_readers: dict[type[Any], Reader[Any]] = {}


def register(section: type[Section], read: Reader[Section]) -> None:
    """``read`` is given the other sections: one of its own floor or below may be asked for. ValueError for a second reader."""
    if section in _readers:
        raise ValueError(f"{section.__qualname__} is registered already")
    _readers[section] = read


@dataclass(frozen=True)
class Snapshot:
    """``at``: when the last section had been read. ``sections``: by their type."""

    at: datetime
    sections: Mapping[type[Any], Any]

    def of(self, section: type[Section]) -> Section:
        """LookupError for a section that no room registered."""
        if section not in self.sections:
            raise LookupError(f"no room registered {section.__qualname__}")
        return cast(Section, self.sections[section])

    def with_section(self, section: object) -> Snapshot:
        """The same with this one in the place of the one of its type."""
        return replace(self, sections={**self.sections, type(section): section})


class _Reading:
    """Each section is read once, when it is asked for first: the order of the rooms does not matter."""

    def __init__(self) -> None:
        self.found: dict[type[Any], Any] = {}
        self._under_way: set[type[Any]] = set()

    def of(self, section: type[Section]) -> Section:
        if section in self.found:
            return cast(Section, self.found[section])
        if section not in _readers:
            raise LookupError(f"no room registered {section.__qualname__}")
        if section in self._under_way:
            raise LookupError(f"{section.__qualname__} asks for itself")
        self._under_way.add(section)
        try:
            self.found[section] = _readers[section](self)
        finally:
            self._under_way.discard(section)
        return cast(Section, self.found[section])


def read() -> Snapshot:
    """Of the scope that is open; ScopeMissing outside of one."""
    reading = _Reading()
    for section in _readers:
        reading.of(section)
    return Snapshot(timezone.now(), reading.found)
