# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nel tempo: the list over time, told apart by way, reason, topic, or what another room registered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from arengo.audience.overview import keeping, series, strips
from arengo.audience.overview.periods import ADDRESSES, Span, columns
from arengo.audience.overview.strips import Strip
from arengo.audience.overview.views import Choice, span_choices
from arengo.core import outside
from arengo.core.access import organization_of, staff
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen


@dataclass(frozen=True)
class Told:
    """A series with its drawings. ``end``: its number in words: all of it, or how many there are at the end."""

    name: str
    end: int
    strips: Sequence[Strip]


@dataclass(frozen=True)
class TableRow:
    """A column of the drawings, a number for each series; None: not counted then."""

    name: str
    counts: Sequence[int | None]


@dataclass(frozen=True)
class OverTimePage(Screen):
    title: str
    about: str
    summed: bool
    kinds: Sequence[Choice]
    choices: Sequence[Choice]
    told: Sequence[Told]
    table_rows: Sequence[TableRow]


@staff(Role.EDITOR, Role.AUDITOR)
def over_time(request: HttpRequest) -> HttpResponse:
    """What an address does not say rightly is the first."""
    organization, asked = organization_of(request), request.GET
    every = {kind.key: kind for kind in series.kinds()}
    key = outside.text(asked.get("per"), most=20)
    kind = every.get(key) or next(iter(every.values()))
    period = outside.text(asked.get("periodo"), most=20)
    span = ADDRESSES.get(period, Span.MONTHS)
    today = keeping.today(organization)
    shown = columns(span, today, min(keeping.first_day(organization) or today, today))
    found = kind.read(organization, shown)
    most = max((many or 0 for one in found for many in one.counts), default=0)
    address = reverse("audience:over_time")
    kept = f"&periodo={period}" if period in ADDRESSES else ""
    page = OverTimePage(
        title=str(kind.label),
        about=str(kind.about),
        summed=kind.summed,
        kinds=[
            Choice(str(one.label), f"{address}?per={one.key}{kept}", one is kind) for one in every.values()
        ],
        choices=span_choices(span, f"{address}?per={kind.key}&"),
        told=[
            Told(
                one.name,
                one.total if kind.summed else (one.counts[-1] or 0),
                strips.draw(one.counts, shown, most),
            )
            for one in found
        ],
        table_rows=[
            TableRow(column.name, [one.counts[place] for one in found])
            for place, column in reversed(list(enumerate(shown)))
        ],
    )
    return render_screen(request, "audience_overview/over_time.html", page)
