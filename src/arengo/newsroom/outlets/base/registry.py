# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outlets there are. Each registers itself from its AppConfig; pages and jobs ask here and name none."""

from __future__ import annotations

from collections.abc import Iterable

from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.base.contract import Outlet

_outlets: dict[str, Outlet] = {}


def register(outlet: Outlet) -> None:
    _outlets[outlet.key] = outlet


def outlets() -> list[Outlet]:
    """In the order in which they registered: that of previews, and of the editor's choices."""
    return list(_outlets.values())


def find(key: str) -> Outlet | None:
    """None for one that is no longer there: a draft or a placement may be older than that."""
    return _outlets.get(key)


def of(placement: Placement) -> Outlet | None:
    return find(placement.outlet)


def chosen(keys: Iterable[str]) -> list[Outlet]:
    """Those among ``keys`` that there are, in the order of :func:`outlets`."""
    wanted = set(keys)
    return [outlet for outlet in outlets() if outlet.key in wanted]


def missing(keys: Iterable[str]) -> list[str]:
    """Those among ``keys`` that nobody registered."""
    return [key for key in keys if key not in _outlets]


def at_first() -> tuple[str, ...]:
    """What a new draft of the scope's organization has chosen: all that it is offered."""
    return tuple(outlet.key for outlet in outlets() if outlet.is_offered())
