# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of updates there are. Each registers itself from its AppConfig; pages and outlets ask here and name none."""

from __future__ import annotations

from arengo.newsroom.drafts import Draft
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


def as_lines(draft: Draft) -> Draft:
    """As outlets and pages show it that know nothing but a title and lines; also of a kind that is no longer there."""
    kind = find(draft.kind)
    return draft if kind is None else kind.as_lines(draft)
