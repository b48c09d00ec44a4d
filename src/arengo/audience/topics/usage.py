# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much is sent about a topic or quarter. The rooms above know; each registers its own source, from its AppConfig."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Usage:
    """How many mailings went out, by topic and by quarter. ``category``: of their price; "" where nothing was sent."""

    topics: Counter[int] = field(default_factory=Counter)
    quarters: Counter[int] = field(default_factory=Counter)
    category: str = ""


Source = Callable[[datetime], Usage]  # since when
_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def since(moment: datetime) -> Usage:
    """Of the scope's organization, all sources together."""
    total = Usage()
    for source in _sources:
        found = source(moment)
        total.topics += found.topics
        total.quarters += found.quarters
        total.category = total.category or found.category
    return total
