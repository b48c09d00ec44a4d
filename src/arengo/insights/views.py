# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dati: the page, and the same as CSV and JSON.

Administrators and auditors see all desks, and by operator where that is on; operators see the desks that they work at, and never
a colleague.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.formats import number_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import membership_of, organization_of, staff
from arengo.core.lengths import grouped
from arengo.core.models import Organization, Person, Role
from arengo.core.screens import Screen, render_screen
from arengo.desk import counted
from arengo.desk.desks import desks_of
from arengo.desk.hours.reading import schedules
from arengo.desk.models import Desk
from arengo.insights import asking, exports, figures as reading, keeping, periods, report
from arengo.insights.asking import Asked
from arengo.insights.figures import Figures
from arengo.insights.models import OperatorAgreement
from arengo.insights.periods import Period
from arengo.insights.report import Chart, GroupTable, Heat, OperatorRow, Row, Times
from arengo.insights.values import Total, Work


@dataclass(frozen=True)
class Step:
    """A link to another period."""

    words: str
    query: str
    current: bool = False


@dataclass(frozen=True)
class Change:
    """What it was in the period before, in words; ``percent`` "" where there is nothing to compare with."""

    before: str
    percent: str


@dataclass(frozen=True)
class Who:
    """``share``: of those who write, how many in a hundred only ask. ``listed``: on the list, at the end of which day; None: not known."""

    only_asking: int
    subscribed: int
    share: int
    listed: int | None
    listed_on: date | None
    of_list: str

    @property
    def rest(self) -> int:
        return 100 - self.share


@dataclass(frozen=True)
class FiguresPage(Screen):
    """``began``: something was ever written to a desk of ours. ``occurrences``: number and noun. ``without_hours``: desks whose
    times count all minutes. ``compared`` None: in the period before nothing happened. ``later`` None: it has not begun."""

    asked: Asked
    today: date
    steps: Sequence[Step]
    earlier: Step
    later: Step | None
    desks: Sequence[tuple[int, str]]
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    measures: Sequence[tuple[str, str, bool]]
    began: bool
    missing: int
    total: Total
    first: Times
    closed: Times
    compared: Period | None
    begun_change: Change
    first_before: str
    closed_before: str
    occurrences: Sequence[tuple[int, str]]
    outside: int
    who: Who
    begun_chart: Chart | None
    waits_chart: Chart | None
    heat: Heat
    by_desk: Sequence[Row]
    tables: Sequence[GroupTable]
    operators: Sequence[OperatorRow] | None
    without_hours: Sequence[str]
    may_set: bool


@staff(Role.OPERATOR, Role.AUDITOR)
def figures_page(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    asked, today = _asked(request, organization)
    began = keeping.first_day(organization)
    found = reading.read(organization, asked.period, asked.desk_ids, asked.group, began=began)
    compared = asked.period.compared_with(today)
    before = reading.read(organization, compared, asked.desk_ids, asked.group, began=began).total
    works = _works(request, asked)
    total, seen = found.total, _seen(request)
    hours = schedules(asked.desk_ids)
    shown = not total.is_empty
    screen = FiguresPage(
        asked=asked,
        today=today,
        steps=_steps(asked, today),
        earlier=Step("", asked.of(asked.period.before).query),
        later=_later(asked, today),
        desks=[(desk.pk, desk.name) for desk in seen],
        groups=report.group_choices(found, asked.group),
        measures=_measures(asked),
        began=began is not None,
        missing=found.missing,
        total=total,
        first=report.times(total.first),
        closed=report.times(total.closed),
        compared=None if before.is_empty else compared,
        begun_change=_change(total.begun, before.begun),
        first_before=report.times(before.first).half,
        closed_before=report.times(before.closed).half,
        occurrences=_occurrences(total),
        outside=round(100 * total.outside / total.received) if total.received else 0,
        who=_who(found),
        begun_chart=report.begun_chart(found, asked.period, asked.desks) if shown else None,
        waits_chart=report.waits_chart(total) if total.first else None,
        heat=report.heat(found, asked.period, today, asked.measure, hours.values()),
        by_desk=report.desk_rows(found, asked.desks),
        tables=report.group_tables(found),
        operators=None if works is None else report.operator_rows(works),
        without_hours=[
            desk.name for desk in asked.desks if not (desk.pk in hours and hours[desk.pk].configured)
        ],
        may_set=_may_see_operators(request),
    )
    return render_screen(request, "insights/figures.html", screen)


@staff(Role.OPERATOR, Role.AUDITOR)
def figures_csv(request: HttpRequest) -> HttpResponse:
    """One table: by day and desk, by group, by hour, by operator."""
    organization = organization_of(request)
    asked, today = _asked(request, organization)
    table = asking.TABLES.get(outside.text(request.GET.get("tabella")), "days")
    if table == "operators":
        lines = exports.operator_lines(_works(request, asked) or {})
    else:
        began = keeping.first_day(organization)
        found = reading.read(organization, asked.period, asked.desk_ids, asked.group, began=began)
        if table == "groups":
            lines = exports.group_lines(found, asked.desks)
        elif table == "hours":
            lines = exports.hour_lines(found)
        else:
            lines = exports.day_lines(found, asked, today)
    answer = HttpResponse(exports.as_csv(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = _named(asked, table, "csv")
    return answer


@staff(Role.OPERATOR, Role.AUDITOR)
def figures_json(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    asked, today = _asked(request, organization)
    began = keeping.first_day(organization)
    found = reading.read(organization, asked.period, asked.desk_ids, asked.group, began=began)
    answer = JsonResponse(
        exports.as_json(found, asked, today, _works(request, asked)),
        json_dumps_params={"ensure_ascii": False},
    )
    answer["Content-Disposition"] = _named(asked, "all", "json")
    return answer


def _named(asked: Asked, what: str, kind: str) -> str:
    name = f"arengo-{what}-{asked.period.first}-{asked.period.last}.{kind}"
    return content_disposition_header(True, name) or "attachment"


def _seen(request: HttpRequest) -> list[Desk]:
    return list(desks_of(membership_of(request)).order_by("order", "id"))


def _asked(request: HttpRequest, organization: Organization) -> tuple[Asked, date]:
    today = keeping.today(organization)
    return asking.read(request.GET, _seen(request), today), today


def _may_see_operators(request: HttpRequest) -> bool:
    membership = membership_of(request)
    return membership is not None and membership.has(Role.AUDITOR)


def _works(request: HttpRequest, asked: Asked) -> Mapping[Person, Work] | None:
    """None where nothing is counted by operator, or this person may not see it."""
    if not _may_see_operators(request) or not OperatorAgreement.objects.exists():
        return None
    return reading.by_operator(asked.period, asked.desk_ids)


def _steps(asked: Asked, today: date) -> list[Step]:
    usual = (
        (_("Ultime 8 settimane"), periods.usual(today)),
        (_("Questa settimana"), periods.week_of(today)),
        (_("Questo mese"), periods.month_of(today)),
        (_("Quest’anno"), periods.year_of(today)),
    )
    return [Step(words, asked.of(period).query, period == asked.period) for words, period in usual]


def _later(asked: Asked, today: date) -> Step | None:
    after = asked.period.after
    return Step("", asked.of(after).query) if after.first <= today else None


def _measures(asked: Asked) -> list[tuple[str, str, bool]]:
    words = {
        "received": _("Messaggi ricevuti"),
        "first": _("Attesa della prima risposta"),
        "closed": _("Dalla domanda alla chiusura"),
    }
    return [(said, words[meant], meant == asked.measure) for said, meant in asking.MEASURES.items()]


def _change(now: int, before: int) -> Change:
    if not before:
        return Change(grouped(before), "")
    return Change(grouped(before), f"({round(100 * (now - before) / before):+d}%)".replace("-", "−"))


def _occurrences(total: Total) -> list[tuple[int, str]]:
    """Of what happened at all: how often, and the noun."""
    found = ((total.occurrences[each.key], each) for each in counted.occurrences())
    return [(number, each.words(number)) for number, each in found if number]


def _who(found: Figures) -> Who:
    total = found.total
    people = len(total.people)
    listed, day = found.subscribers or (None, None)
    share = round(100 * total.only_asking / people) if people else 0
    of_list = number_format(100 * len(total.subscribed) / listed, 1) if listed else ""
    return Who(total.only_asking, len(total.subscribed), share, listed, day, of_list)
