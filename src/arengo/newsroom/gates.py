# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must have happened before an update goes out, on whatever road: a second person's yes, a reason.

Each capability registers its own, from its AppConfig. ``publishing.publish`` asks them while it holds the update, so that no page
and no planned sending goes around them; pages ask beforehand, to say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from arengo.core.models import Person
from arengo.core.screens import Screen
from arengo.newsroom.models import Update


@dataclass(frozen=True)
class Shut:
    """Why it may not go yet, in words for staff. ``template`` shows ``screen`` as ``part``: what opens the gate."""

    words: str
    template: str = ""
    screen: Screen | None = None


Gate = Callable[[Update, Person], Shut | None]

_gates: dict[str, Gate] = {}


def register(name: str, gate: Gate) -> None:
    _gates[name] = gate


def shut(update: Update, *, by: Person) -> list[Shut]:
    """``by``: who sends it, or planned that it is sent."""
    found = [gate(update, by) for gate in _gates.values()]
    return [each for each in found if each is not None]
