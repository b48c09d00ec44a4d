# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a citizen's card shows: one panel a capability. Each registers its own, from its AppConfig."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from arengo.audience.models import Contact
from arengo.core.screens import Screen


@dataclass(frozen=True)
class Panel:
    """``make``: what ``template`` shows as ``panel``, of a citizen who was not erased; None where there is nothing to show.

    ``order``: from top to bottom. ``aside``: beside the others where the screen is wide, after them on a phone.
    """

    template: str
    order: int
    make: Callable[[HttpRequest, Contact], Screen | None]
    aside: bool = False


@dataclass(frozen=True)
class Shown:
    template: str
    screen: Screen
    aside: bool


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    _panels.append(panel)


def shown(request: HttpRequest, contact: Contact) -> Sequence[Shown]:
    made = ((panel, panel.make(request, contact)) for panel in sorted(_panels, key=lambda one: one.order))
    return [Shown(panel.template, screen, panel.aside) for panel, screen in made if screen is not None]
