# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is pushed to screens instead of being asked for: the new state of a topic, made once for all who see the same.

A room registers who makes it. A screen whose stream says what it shows of the topic gets it; every other screen, and one for
which nothing was made, hears the plain event and asks with its own rights.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.db import connections

from arengo.core.scope import organization_scope


@dataclass(frozen=True)
class Viewer:
    """``shows``: what the page shows of the topic, as the address of its stream says it; nobody has looked at it."""

    person_id: int
    shows: str
    language: str


Make = Callable[[Collection[Viewer]], Mapping[Viewer, str]]

_makers: dict[str, Make] = {}


def register(topic: str, make: Make) -> None:
    """``make``: in the organization's scope, one line of text for each viewer who may see it **now**; none for the others."""
    _makers[topic] = make


def is_pushed(topic: str) -> bool:
    return topic in _makers


def made(topic: str, organization_id: int, viewers: Collection[Viewer]) -> Mapping[Viewer, str]:
    """In a thread of its own, whose connection it gives back."""
    try:
        with organization_scope(organization_id):
            return _makers[topic](viewers)
    finally:
        connections.close_all()
