# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The figures of a period, added up from the counted days; what is not counted yet of the last days is counted now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from arengo.core.models import Organization, Person
from arengo.insights import keeping, sources
from arengo.insights.models import CountedDay, OperatorDay
from arengo.insights.periods import Period
from arengo.insights.values import DeskDay, Total, Work, read_day, read_work

_LIVE = 2  # days before today that are counted while somebody looks, if the job has not done it yet


@dataclass
class Figures:
    """Of the asked desks. ``total`` and what is by day, desk and hour: of one group, or of all conversations.

    ``by_hour``: by the hour of the week, 0 is Monday from midnight; messages by their own, times by that of the question.
    ``by_group``: of all groups, by «grouping:key». ``subscribers``: how many were on the list, and at the end of which day.
    ``missing``: days of the past that are not counted yet.
    """

    total: Total = field(default_factory=Total)
    by_desk: dict[int, Total] = field(default_factory=lambda: defaultdict(Total))
    by_day: dict[tuple[date, int], Total] = field(default_factory=lambda: defaultdict(Total))
    by_hour: dict[int, Total] = field(default_factory=lambda: defaultdict(Total))
    by_group: dict[str, Total] = field(default_factory=lambda: defaultdict(Total))
    subscribers: tuple[int, date] | None = None
    missing: int = 0


def read(
    organization: Organization, period: Period, desks: Collection[int], group: str = "", *, began: date | None
) -> Figures:
    """``group``: one of «grouping:key»; "" is everything. ``began``: ``keeping.first_day``. Inside the organization's scope.

    One query for the days that are kept; today, while it is in the period, costs what ``sources.read_counts`` costs.
    """
    figures = Figures()
    for day, desk, counts in _days(organization, period, frozenset(desks), began, figures):
        chosen = counts.groups.get(group)
        for name, each in counts.groups.items():
            if name:
                figures.by_group[name].add(each)
        if chosen is None:
            continue
        figures.total.add(chosen)
        figures.by_desk[desk].add(chosen)
        figures.by_day[day, desk].add(chosen)
        for hour, cell in chosen.hours.items():
            figures.by_hour[day.weekday() * 24 + hour].add_cell(cell)
        for hour, minutes in chosen.first.items():
            figures.by_hour[hour].first += minutes
        for hour, minutes in chosen.closed.items():
            figures.by_hour[hour].closed += minutes
    return figures


def _days(
    organization: Organization,
    period: Period,
    desks: frozenset[int],
    began: date | None,
    figures: Figures,
) -> Iterator[tuple[date, int, DeskDay]]:
    """Each desk on each day, and what the rows say besides is put into ``figures``."""
    today = keeping.today(organization)
    kept: set[date] = set()
    rows = CountedDay.objects.filter(day__range=(period.first, period.last)).order_by("day")
    for day, desk, content, subscribers in rows.values_list("day", "desk_id", "content", "subscribers"):
        kept.add(day)
        if subscribers is not None:
            figures.subscribers = (subscribers, day)
        if desk in desks:
            yield day, desk, read_day(content)
    if began is None:
        return
    day, last = max(period.first, began), min(period.last, today)
    while day <= last:
        if day == today or (day not in kept and day >= today - timedelta(days=_LIVE)):
            for desk, counts in sources.read_counts(organization, day).desks.items():
                if desk in desks:
                    yield day, desk, counts
        elif day not in kept:
            figures.missing += 1
        day += timedelta(days=1)


def by_operator(period: Period, desks: Collection[int]) -> dict[Person, Work]:
    """Who did what, of the days that are over; by name. Inside the organization's scope."""
    found: defaultdict[Person, Work] = defaultdict(Work)
    rows = OperatorDay.objects.filter(day__range=(period.first, period.last), desk__in=desks)
    for row in rows.select_related("person").order_by("person__name", "person_id"):
        found[row.person].add(read_work(row.content))
    return found
