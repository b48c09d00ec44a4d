# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many people there are: of a short list counted now, of a long one as a job counted it last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from arengo.audience.people_list.models import KeptCount
from arengo.audience.people_list.sql import statement
from arengo.core.scope import current_organization_id

MOST = 2_000  # people that a page counts


@dataclass(frozen=True)
class Count:
    """``more``: there are more than that, and nobody counted them yet."""

    many: int
    more: bool = False


@dataclass(frozen=True)
class Counts:
    """``at``: when those that are kept were counted; None where all were counted now."""

    cards: Count
    subscribed: Count
    left: Count
    at: datetime | None


def counts() -> Counts:
    """Of the scope's organization. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(statement("count_some"), {"organization": current_organization_id(), "most": MOST + 1})
        some = cursor.fetchone()
    if max(some) <= MOST:
        return Counts(Count(some[0]), Count(some[1]), Count(some[2]), at=None)
    kept = KeptCount.objects.first()
    whole = (kept.cards, kept.subscribed, kept.left) if kept else (0, 0, 0)
    cards, subscribed, left = (
        Count(few) if few <= MOST else Count(all_of_them) if all_of_them > MOST else Count(MOST, more=True)
        for few, all_of_them in zip(some, whole, strict=True)
    )
    return Counts(cards, subscribed, left, at=kept.at if kept else None)


def keep() -> None:
    """Counts the people of every organization."""
    with connection.cursor() as cursor:
        cursor.execute(statement("keep_counts"))
