# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Impostazioni → Orari: a desk's week on one side, its year on the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import FORM, WRITE, organization_of, person_of
from arengo.core.console.settings_access import posted, setting, show
from arengo.core.screens import Screen, render_screen
from arengo.desk.desks import first_desk
from arengo.desk.hours import verbs, week_form, year
from arengo.desk.hours.engine import Schedule, schedule
from arengo.desk.hours.exceptions import Decision, Different, decisions_on, different_days
from arengo.desk.hours.forms import HolidaysForm
from arengo.desk.hours.models import Season, Timetable
from arengo.desk.hours.reading import schedule_of
from arengo.desk.hours.timetable import Interval, Season as SeasonValue, Timetable as Values, time_of
from arengo.desk.hours.week_form import WeekForm
from arengo.desk.hours.words import State, season_days, state, week_words
from arengo.desk.hours.year import Day, Month
from arengo.desk.models import Desk


@dataclass(frozen=True)
class SeasonTab:
    name: str
    days: str
    url: str
    current: bool


@dataclass(frozen=True)
class Trial:
    """«Prova un momento»: what was asked, and what the engine says."""

    day: str
    clock: str
    state: State | None


@dataclass(frozen=True)
class Read(Screen):
    """What follows from the hours on the page, kept or typed: asked again while somebody types."""

    sentence: str
    trial: Trial
    months: Sequence[Month]
    year: int
    week: WeekForm
    season_query: str
    again_query: str


@dataclass(frozen=True)
class HoursPage(Screen):
    desk: Desk
    desks: Sequence[Desk]
    now: State
    closure: str
    season: Season | None
    season_tabs: Sequence[SeasonTab]
    previous_year: int | None
    next_year: int | None
    day: Day | None
    day_decisions: Sequence[Decision]
    different: Sequence[Different]


@setting(methods=FORM)
def hours(request: HttpRequest) -> HttpResponse:
    """To the first desk. While there is none, a page that makes it."""
    desk = Desk.objects.order_by("-active", "order", "id").first()
    if desk is None and request.method != "POST":
        return show(request, "desk_hours/settings/no_desk.html")
    return redirect("settings:desk_hours", desk.pk if desk else first_desk(organization_of(request).pk))


@setting(methods=FORM)
def desk_hours(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; a POST keeps the week. ``?stagione=`` names the season whose week it is."""
    desk = get_object_or_404(Desk.objects.all(), pk=pk)
    season = _season(request, desk)
    kept = schedule_of(pk)
    week = week_form.stored(_plan_of(kept.timetable, season))
    status = 200
    if request.method == "POST":
        week = week_form.typed(request.POST, _plan_of(kept.timetable, season))
        if week.valid:
            verbs.write_week(desk, season, week.plan, by=person_of(request))
            messages.success(request, _("Orari salvati e pubblicati."))
            return redirect(_address(desk, season))
        status = 422
    return show(
        request,
        "desk_hours/settings/hours.html",
        _read(request, kept, week, season),
        _page(request, desk, kept, season),
        status=status,
    )


@setting(methods=WRITE)
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """What citizens would read, the year, and the moment tried, with the week as it is typed. Changes nothing."""
    desk = get_object_or_404(Desk.objects.all(), pk=pk)
    season = _season(request, desk)
    kept = schedule_of(pk)
    week = week_form.typed(request.POST, _plan_of(kept.timetable, season))
    return render_screen(
        request,
        "desk_hours/settings/read_again.html",
        _read(request, kept, week, season),
        _Again(desk, season),
    )


@dataclass(frozen=True)
class _Again(Screen):
    desk: Desk
    season: Season | None


@setting(methods=FORM)
def desk_holidays(request: HttpRequest, pk: int) -> HttpResponse:
    desk = get_object_or_404(Desk.objects.all(), pk=pk)
    form = HolidaysForm.of(Timetable.objects.filter(desk=desk).first(), posted(request))
    if form.is_valid():
        verbs.write_holidays(
            desk,
            national=form.cleaned_data["national"],
            patron=form.patron,
            name=form.cleaned_data["patron_name"],
            by=person_of(request),
        )
        messages.success(request, _("Feste salvate."))
        return redirect("settings:desk_hours", desk.pk)
    return show(
        request,
        "desk_hours/settings/holidays.html",
        _Again(desk, None),
        form=form,
        status=422 if form.is_bound else 200,
    )


def _page(request: HttpRequest, desk: Desk, kept: Schedule, season: Season | None) -> HoursPage:
    shown, now = _year(request), timezone.now()
    chosen = outside.day(request.GET.get("giorno"))
    return HoursPage(
        desk=desk,
        desks=list(Desk.objects.all()),
        now=state(kept, now),
        closure=year.next_closure(kept, timezone.localdate()),
        season=season,
        season_tabs=_season_tabs(desk, season),
        previous_year=shown - 1 if shown > year.FIRST_YEAR else None,
        next_year=shown + 1 if shown < year.LAST_YEAR else None,
        day=year.day_of(kept, chosen, chosen=chosen) if chosen else None,
        day_decisions=decisions_on(desk, chosen) if chosen else [],
        different=different_days(desk, kept, shown),
    )


def _read(request: HttpRequest, kept: Schedule, week: WeekForm, season: Season | None) -> Read:
    hours = schedule(_with(kept.timetable, season, week.plan))
    asked = request.POST if request.method == "POST" else request.GET
    shown = _year(request)
    return Read(
        sentence=week_words(hours.timetable),
        trial=_trial(
            hours, outside.text(asked.get("prova"), most=10), outside.text(asked.get("ora"), most=5)
        ),
        months=year.months(hours, shown, chosen=outside.day(request.GET.get("giorno"))),
        year=shown,
        week=week,
        season_query=f"?stagione={season.pk}" if season else "",
        again_query=f"?anno={shown}&stagione={season.pk}" if season else f"?anno={shown}",
    )


def _trial(hours: Schedule, day: str, clock: str) -> Trial:
    """Of this day's next whole hour where nothing was asked; no answer to what is no moment."""
    local = timezone.localtime()
    day, clock = day or local.date().isoformat(), clock or f"{local:%H:%M}"
    found, minutes = outside.day(day), week_form.minutes(clock)
    if found is None or minutes is None:
        return Trial(day, clock, None)
    moment = datetime.combine(found, time_of(minutes), local.tzinfo)
    return Trial(day, clock, state(hours, moment))


def _plan_of(timetable: Values, season: Season | None) -> tuple[Interval, ...]:
    if season is None:
        return timetable.week
    return next((each.intervals for each in timetable.seasons if _is(each, season)), ())


def _with(timetable: Values, season: Season | None, plan: tuple[Interval, ...]) -> Values:
    """The same with this plan in its place."""
    if season is None:
        return msgspec.structs.replace(timetable, week=plan)
    seasons = tuple(
        msgspec.structs.replace(each, intervals=plan) if _is(each, season) else each
        for each in timetable.seasons
    )
    return msgspec.structs.replace(timetable, seasons=seasons)


def _is(value: SeasonValue, row: Season) -> bool:
    """Seasons of a desk do not meet: their first days tell them apart."""
    return (value.first_month, value.first_day) == (row.first_month, row.first_day)


def _season(request: HttpRequest, desk: Desk) -> Season | None:
    asked = outside.text(request.GET.get("stagione"))
    if not asked:
        return None
    pk = outside.whole(asked)
    if pk is None:
        raise Http404
    season: Season = get_object_or_404(Season.objects.filter(desk=desk), pk=pk)
    return season


def _season_tabs(desk: Desk, current: Season | None) -> list[SeasonTab]:
    tabs = [SeasonTab(_("Tutto l’anno"), "", _address(desk, None), current is None)]
    for each in Season.objects.filter(desk=desk):
        value = SeasonValue(each.name, each.first_month, each.first_day, each.last_month, each.last_day)
        tabs.append(
            SeasonTab(
                each.name,
                season_days(value),
                _address(desk, each),
                current is not None and each.pk == current.pk,
            )
        )
    return tabs


def _address(desk: Desk, season: Season | None) -> str:
    address = reverse("settings:desk_hours", args=[desk.pk])
    return f"{address}?stagione={season.pk}" if season else address


def _year(request: HttpRequest) -> int:
    day = outside.day(request.GET.get("giorno"))
    asked = outside.whole(request.GET.get("anno"), least=1, most=9999)
    return year.within(asked or (day or timezone.localdate()).year)
