# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many joined with the message that a place's code prepares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from arengo.core.scope import current_organization_id
from arengo.portal.posters.models import Place
from arengo.portal.posters.sql import statement

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Line:
    """``joined``: ever; ``lately``: in thirty days."""

    place: Place
    joined: int
    lately: int


def lines() -> Sequence[Line]:
    """Of every place of the scope's organization, those in use first. Two queries."""
    counted = _counted()
    places = Place.objects.order_by("-active", "name", "pk")
    return [Line(place, *counted.get(place.code, (0, 0))) for place in places]


def _counted() -> Mapping[str, tuple[int, int]]:
    values = {"organization": current_organization_id(), "since": timezone.now() - LATELY}
    with connection.cursor() as cursor:
        cursor.execute(statement("joined"), values)
        return {code: (joined, lately) for code, joined, lately in cursor.fetchall()}
