# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of updates there are. Each registers itself from its AppConfig; pages and outlets ask here and name none."""

from __future__ import annotations

from arengo.newsroom.kinds.base.contract import Kind
from arengo.newsroom.models import DEFAULT_KIND

_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.key] = kind


def kinds() -> list[Kind]:
    return list(_kinds.values())


def find(key: str) -> Kind | None:
    """None for one that is no longer there: an update may be older than that."""
    return _kinds.get(key)


def of(key: str) -> Kind:
    """KeyError for one that is no longer there."""
    return _kinds[key]


def usual() -> Kind:
    """What a new draft is, unless somebody asks for another."""
    return _kinds[DEFAULT_KIND]
