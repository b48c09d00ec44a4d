# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for somebody of the newsroom, at any outlet."""

from __future__ import annotations

from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Waiting, WaitsForPeople


def waiting() -> list[Waiting]:
    """One small query for each outlet where people do something."""
    found = [outlet.waiting() for outlet in registry.outlets() if isinstance(outlet, WaitsForPeople)]
    return [each for each in found if each is not None]


def waiting_count() -> int:
    return sum(each.count for each in waiting())
