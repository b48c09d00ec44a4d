# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an overview of the list points at: «38 numeri non ricevono». Each capability registers its own, from its AppConfig."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from arengo.core.models import Membership


@dataclass(frozen=True)
class Point:
    """``title``: a link to ``address``; ``text``: what happens with it if nobody does anything. ``roles``: who may open it; none: all."""

    icon: str
    title: str
    text: str
    address: str
    roles: tuple[str, ...] = ()


_finders: list[Callable[[], Point | None]] = []


def register(find: Callable[[], Point | None]) -> None:
    """``find`` is called inside the organization's scope; None where there is nothing to see."""
    if find not in _finders:
        _finders.append(find)


def points(membership: Membership | None) -> Sequence[Point]:
    """Those that lead to a page which this member may open."""
    found = [point for find in _finders if (point := find()) is not None]
    return [one for one in found if not one.roles or (membership is not None and membership.has(*one.roles))]
