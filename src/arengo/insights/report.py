# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures in words, charts and tables: what the page shows, and what its files hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from arengo.core.documents.charts import MOST_SERIES, BarChart, Series
from arengo.core.documents.columns import ColumnChart
from arengo.core.lengths import grouped
from arengo.core.models import Person
from arengo.core.templatetags.arengo import named
from arengo.desk import counted
from arengo.desk.counted import Grouping
from arengo.desk.hours.engine import Schedule
from arengo.desk.lists.waiting import long_words
from arengo.desk.models import Desk
from arengo.insights.figures import Figures
from arengo.insights.periods import Kind, Period
from arengo.insights.values import Total, Work, within

NONE = "–"
_STEPS = (5, 15, 30, 60, 120)  # minutes of the chart of waits


def minutes_words(minutes: int | None) -> str:
    return NONE if minutes is None else long_words(minutes)


@dataclass(frozen=True)
class Times:
    """``half`` within, ``nine`` of ten within; in words. ``of``: of how many."""

    half: str
    nine: str
    of: int


def times(minutes: Sequence[int]) -> Times:
    return Times(minutes_words(within(minutes, 5)), minutes_words(within(minutes, 9)), len(minutes))


@dataclass(frozen=True)
class Row:
    """One line of a table by desk, label or topic."""

    name: str
    begun: int
    first: Times
    closed: Times


@dataclass(frozen=True)
class GroupTable:
    key: str
    title: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class OperatorRow:
    person: Person
    sent: int
    first: Times
    closed: Times


def group_tables(figures: Figures) -> list[GroupTable]:
    """One for each registered grouping in which something was counted, the most frequent group first."""
    found = []
    for grouping in counted.groupings():
        rows = [_row(name, total) for name, total in _named(grouping, figures).values()]
        if rows:
            rows.sort(key=lambda row: (-row.begun, row.name))
            found.append(GroupTable(grouping.key, str(grouping.title), rows))
    return found


def group_choices(figures: Figures, chosen: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """For the filter, by grouping: value and name. The chosen one is there whatever the period holds."""
    found = []
    for grouping in counted.groupings():
        known = {key: name for key, (name, _total) in _named(grouping, figures, chosen).items()}
        if known:
            options = sorted(
                ((f"{grouping.key}:{key}", name) for key, name in known.items()), key=lambda each: each[1]
            )
            found.append((str(grouping.title), options))
    return found


def name_of(group: str) -> str:
    """How a group is called; "" for one that is not there."""
    key, _colon, value = group.partition(":")
    grouping = next((each for each in counted.groupings() if each.key == key), None)
    return grouping.names([value]).get(value, "") if grouping and value else ""


def _named(grouping: Grouping, figures: Figures, also: str = "") -> Mapping[str, tuple[str, Total]]:
    begins = f"{grouping.key}:"
    totals = {
        name.removeprefix(begins): total
        for name, total in figures.by_group.items()
        if name.startswith(begins)
    }
    if also.startswith(begins):
        totals.setdefault(also.removeprefix(begins), Total())
    names = grouping.names(list(totals)) if totals else {}
    return {key: (names[key], total) for key, total in totals.items() if key in names}


def desk_rows(figures: Figures, desks: Iterable[Desk]) -> list[Row]:
    return [_row(desk.name, figures.by_desk[desk.pk]) for desk in desks if desk.pk in figures.by_desk]


def operator_rows(works: Mapping[Person, Work]) -> list[OperatorRow]:
    return [
        OperatorRow(person, work.sent, times(work.first), times(work.closed))
        for person, work in works.items()
    ]


def _row(name: str, total: Total) -> Row:
    return Row(name, total.begun, times(total.first), times(total.closed))


# --- charts ---


@dataclass(frozen=True)
class Chart:
    """The drawing with its legend (pattern's id, name), and the table."""

    chart: BarChart
    legend: Sequence[tuple[str, str]]


def begun_chart(figures: Figures, period: Period, desks: Sequence[Desk]) -> Chart:
    """Requests that began, by day, week or month; a series a desk, the smallest ones together where they are many."""
    starts = period.starts()
    place = _places(starts, period)
    values = {desk.pk: [0] * len(starts) for desk in desks}
    for (day, desk), total in figures.by_day.items():
        values[desk][place[day]] += total.begun
    names = {desk.pk: desk.name for desk in desks}
    by_size = sorted(names, key=lambda pk: -sum(values[pk]))
    alone = set(by_size if len(by_size) <= MOST_SERIES else by_size[: MOST_SERIES - 1])
    series = [Series(names[pk], values[pk]) for pk in names if pk in alone]
    if rest := [values[pk] for pk in names if pk not in alone]:
        series.append(Series(_("Altri"), [sum(each) for each in zip(*rest, strict=True)]))
    sums = [sum(each) for each in zip(*(one.values for one in series), strict=True)]
    over = {Kind.OTHER: _("Giorno"), Kind.WEEK: _("Settimana del"), Kind.MONTH: _("Mese")}[period.steps]
    labels = [_start_words(start, period) for start in starts]
    most = max(range(len(sums)), key=sums.__getitem__)
    chart = ColumnChart(
        "begun",
        _("Conversazioni nuove"),
        _("In tutto %(sum)s. Il valore più alto è %(most)s, %(when)s.")
        % {"sum": grouped(sum(sums)), "most": grouped(sums[most]), "when": labels[most]},
        over,
        labels,
        series,
        total=_("Totale") if len(series) > 1 else "",
    )
    patterns = [f"begun-pattern-{number}" for number in range(len(series))]
    legend = list(zip(patterns, (one.name for one in chart.series), strict=True)) if len(series) > 1 else []
    return Chart(chart, legend)


def _places(starts: Sequence[date], period: Period) -> dict[date, int]:
    """Each day of the period → the column in which it counts."""
    found, column = {}, -1
    for number in range(period.days):
        day = period.first + timedelta(days=number)
        if column + 1 < len(starts) and starts[column + 1] == day:
            column += 1
        found[day] = column
    return found


def _start_words(start: date, period: Period) -> str:
    if period.steps is Kind.MONTH:
        return named(start, "M Y")
    return named(start, "j M" if period.first.year == period.last.year else "j M y")


def waits_chart(total: Total) -> Chart:
    """How many waited how long for their first answer."""
    labels = [
        _("fino a 5 min"),
        _("da 5 a 15 min"),
        _("da 15 a 30 min"),
        _("da 30 a 60 min"),
        _("da 1 a 2 ore"),
        _("più di 2 ore"),
    ]
    counts = [0] * len(labels)
    for minutes in total.first:
        counts[sum(minutes > step for step in _STEPS)] += 1
    quick = round(100 * counts[0] / len(total.first)) if total.first else 0
    description = _("%(share)d%% ha avuto la prima risposta entro 5 minuti di apertura.") % {"share": quick}
    series = [Series(_("Prime risposte"), counts)]
    return Chart(
        BarChart("waits", _("Attesa della prima risposta"), description, _("Attesa"), labels, series), []
    )


# --- hours of the week ---


@dataclass(frozen=True)
class HeatCell:
    """``level``: 0 to 5, for its colour. ``said``: the number or the time; ``open``: the desk is open in this hour."""

    said: str
    level: int
    open: bool


@dataclass(frozen=True)
class HeatRow:
    weekday: str
    cells: Sequence[HeatCell]


@dataclass(frozen=True)
class Heat:
    hours: Sequence[int]
    rows: Sequence[HeatRow]


_LEVELS = 5
_HOURS = (7, 21)  # shown whatever happens in them


def heat(figures: Figures, period: Period, today: date, measure: str, schedules: Iterable[Schedule]) -> Heat:
    """``measure``: «received», a mean for each hour; «first» and «closed», within which time half were answered or closed."""
    values: dict[int, float] = {}
    weekdays = _weekdays(period, today)
    for hour, total in figures.by_hour.items():
        if measure == "received":
            days = weekdays[hour // 24]
            values[hour] = total.received / days if days else 0
        elif (half := within(getattr(total, measure), 5)) is not None:
            values[hour] = half
    shown = {hour % 24 for hour, value in values.items() if value}
    first, last = min(shown | {_HOURS[0]}), max(shown | {_HOURS[1]})
    most, opened = max(values.values(), default=0), _open_hours(schedules)
    names = [_("lun"), _("mar"), _("mer"), _("gio"), _("ven"), _("sab"), _("dom")]
    rows = []
    for weekday, name in enumerate(names):
        cells = []
        for hour in range(weekday * 24 + first, weekday * 24 + last + 1):
            value = values.get(hour)
            level = -int(-_LEVELS * value // most) if value and most else 0
            cells.append(HeatCell(_cell_words(value, measure), level, hour in opened))
        rows.append(HeatRow(name, cells))
    return Heat(range(first, last + 1), rows)


def _cell_words(value: float | None, measure: str) -> str:
    if measure == "received":
        if not value:
            return "0"
        return number_format(value, 0 if value >= 10 or value == int(value) else 1, force_grouping=True)
    return NONE if value is None else long_words(int(value))


def _weekdays(period: Period, today: date) -> list[int]:
    """How many Mondays, Tuesdays … of the period have begun."""
    found = [0] * 7
    for number in range((min(period.last, today) - period.first).days + 1):
        found[(period.first + timedelta(days=number)).weekday()] += 1
    return found


def _open_hours(schedules: Iterable[Schedule]) -> set[int]:
    """The hours of the week in some part of which one of the desks is open all the year round."""
    found: set[int] = set()
    for schedule in schedules:
        for each in schedule.timetable.week:
            hours = range(each.opens // 60, (each.closes + 59) // 60)
            found |= {each.weekday * 24 + hour for hour in hours}
    return found
