# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The citizens of whom no job takes anything away just now. The room that knows people registers them; the jobs that forget ask."""

from __future__ import annotations

from collections.abc import Callable

from arengo.core.console.retention import Held

_sources: list[Callable[[], Held]] = []


def register(source: Callable[[], Held]) -> None:
    """``source`` is called inside the scope of one organization, or of all."""
    if source not in _sources:
        _sources.append(source)


def held() -> Held:
    found = [source() for source in _sources]
    return Held(
        frozenset(one for each in found for one in each.contacts),
        frozenset(one for each in found for one in each.addresses),
    )
