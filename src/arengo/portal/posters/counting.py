# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many joined with the message that a place's code prepares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.audience.overview import series
from arengo.audience.overview.periods import Column
from arengo.audience.overview.series import By, Series
from arengo.core.models import Organization
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


def register() -> None:
    series.register(
        By(
            "luoghi",
            _("Da quali luoghi"),
            _("Arrivi con il codice QR di ogni luogo."),
            summed=True,
            read=_over_time,
        )
    )


def _over_time(organization: Organization, columns: Sequence[Column]) -> Sequence[Series]:
    days: dict[date, dict[str, int]] = defaultdict(dict)
    end = columns[-1].last + timedelta(days=1)
    values: dict[str, Any] = {
        "zone": str(organization.zone),
        "organization": organization.pk,
        "start": datetime.combine(columns[0].first, time(), organization.zone),
        "end": datetime.combine(end, time(), organization.zone),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement("days"), values)
        for day, code, many in cursor.fetchall():
            days[day][code] = many
    names = dict(Place.objects.values_list("code", "name"))
    return series.added_up(columns, days, lambda code: names.get(code, code))
