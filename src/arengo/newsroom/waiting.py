# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for somebody of the newsroom, at any outlet."""

from __future__ import annotations

from collections.abc import Callable

from arengo.core.models import Membership
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Waiting, WaitsForPeople


def waiting() -> list[Waiting]:
    """One small query for each outlet where people do something."""
    found = [outlet.waiting() for outlet in registry.outlets() if isinstance(outlet, WaitsForPeople)]
    return [each for each in found if each is not None]


_for_member: dict[str, Callable[[Membership], int]] = {}


def register(name: str, count: Callable[[Membership], int]) -> None:
    """How many wait for this member, beside what waits at outlets. Asked on each page of the console: one small query."""
    _for_member[name] = count


def waiting_count(member: Membership) -> int:
    return sum(each.count for each in waiting()) + sum(count(member) for count in _for_member.values())
