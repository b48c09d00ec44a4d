# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a draft can be led from the editor, beside being sent now. Each registers itself, from its AppConfig.

The button saves first, as that of sending does; then the page of the way asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from arengo.newsroom.models import Update


@dataclass(frozen=True)
class WayOut:
    """``action``: the value of the button. ``url_name``: the page, whose one argument is the update's id.

    ``is_offered`` is asked for a draft, None for one that was never saved. ``is_first``: it is what is pressed next.
    """

    action: str
    label: str | Promise
    icon: str
    url_name: str
    order: int
    is_offered: Callable[[Update | None], bool] = lambda _update: True
    is_first: Callable[[Update | None], bool] = lambda _update: False


@dataclass(frozen=True)
class Button:
    action: str
    label: str | Promise
    icon: str
    is_first: bool


_ways: dict[str, WayOut] = {}


def register(way: WayOut) -> None:
    _ways[way.action] = way


def find(action: str | None) -> WayOut | None:
    return _ways.get(action or "")


def buttons(update: Update | None) -> list[Button]:
    ways = sorted(_ways.values(), key=lambda way: way.order)
    return [
        Button(way.action, way.label, way.icon, way.is_first(update))
        for way in ways
        if way.is_offered(update)
    ]
