# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of single decisions about a desk's hours: closures, extra openings, seasons. Each can be changed, and taken away after a
question."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import FORM, person_of
from arengo.core.console.confirming import Question, asks
from arengo.core.console.settings_access import posted, setting, show
from arengo.core.screens import Screen
from arengo.desk.hours import verbs
from arengo.desk.hours.exceptions import value_of
from arengo.desk.hours.forms import ClosureForm, ExtraForm, SeasonForm
from arengo.desk.hours.models import Closure, ExtraOpening, Season
from arengo.desk.hours.words import closure_days, named
from arengo.desk.models import Desk


@dataclass(frozen=True)
class OnePage(Screen):
    """A page with one form. ``intro`` says what it changes."""

    desk: Desk
    title: str
    intro: str


@dataclass(frozen=True)
class Removal(Question):
    """``what``: the row in words, as they stand in the question; typed by staff in part."""

    url: str
    what: str
    season: bool


@setting(methods=FORM)
def new_closure(request: HttpRequest, pk: int) -> HttpResponse:
    """``?giorno=`` and ``?dalle=`` (minutes) fill the form: a day of the calendar, or «close earlier today»."""
    desk = get_object_or_404(Desk.objects.all(), pk=pk)
    initial = {
        "first_day": outside.day(request.GET.get("giorno")),
        "from_minute": outside.whole(request.GET.get("dalle"), most=1439),
    }
    form = ClosureForm(posted(request), initial=initial)
    row = Closure(desk=desk, decided_by=person_of(request))
    return _edit_closure(request, form, row, _("Nuova chiusura"))


@setting(methods=FORM)
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Closure.objects.select_related("desk"), pk=pk)
    names = ("first_day", "last_day", "from_minute", "until_minute", "reason")
    form = ClosureForm(posted(request), initial={name: getattr(row, name) for name in names})
    return _edit_closure(request, form, row, _("Chiusura"))


def _edit_closure(request: HttpRequest, form: ClosureForm, row: Closure, title: str) -> HttpResponse:
    if form.is_valid():
        verbs.keep(form.fill(row), "desk.closed_days", by=person_of(request))
        messages.success(request, _("Chiusura salvata: i cittadini la leggono da adesso."))
        return _back_to(row.desk, row.first_day.isoformat())
    intro = _("Vale sopra l’orario di ogni settimana. Con un’ora, chiude anche le aperture in più.")
    return _shown(request, form, OnePage(row.desk, title, intro))


@setting(methods=FORM)
def new_extra_opening(request: HttpRequest, pk: int) -> HttpResponse:
    desk = get_object_or_404(Desk.objects.all(), pk=pk)
    form = ExtraForm(posted(request), initial={"day": outside.day(request.GET.get("giorno"))})
    row = ExtraOpening(desk=desk, decided_by=person_of(request))
    return _edit_extra(request, form, row, _("Nuova apertura in più"))


@setting(methods=FORM)
def extra_opening(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ExtraOpening.objects.select_related("desk"), pk=pk)
    initial = {name: getattr(row, name) for name in ("day", "opens", "closes", "reason")}
    return _edit_extra(request, ExtraForm(posted(request), initial=initial), row, _("Apertura in più"))


def _edit_extra(request: HttpRequest, form: ExtraForm, row: ExtraOpening, title: str) -> HttpResponse:
    if form.is_valid():
        verbs.keep(form.fill(row), "desk.opened_extra", by=person_of(request))
        messages.success(request, _("Apertura salvata: i cittadini la leggono da adesso."))
        return _back_to(row.desk, row.day.isoformat())
    intro = _("Si aggiunge all’orario del giorno, anche se è festa o cade in una chiusura di giorni interi.")
    return _shown(request, form, OnePage(row.desk, title, intro))


@setting(methods=FORM)
def new_season(request: HttpRequest, pk: int) -> HttpResponse:
    desk = get_object_or_404(Desk.objects.all(), pk=pk)
    return _edit_season(request, Season(desk=desk), _("Nuova stagione"))


@setting(methods=FORM)
def season(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Season.objects.select_related("desk"), pk=pk)
    return _edit_season(request, row, _("Stagione"))


def _edit_season(request: HttpRequest, row: Season, title: str) -> HttpResponse:
    names = ("name", "first_day", "first_month", "last_day", "last_month")
    others = list(Season.objects.filter(desk=row.desk).exclude(pk=row.pk))
    form = SeasonForm(posted(request), initial={name: getattr(row, name) for name in names}, others=others)
    if form.is_valid():
        verbs.keep_season(form.fill(row), by=person_of(request))
        messages.success(
            request, _("Stagione salvata. Scrivi i suoi orari: finché non ce ne sono, è chiuso.")
        )
        return redirect(f"{reverse('settings:desk_hours', args=[row.desk.pk])}?stagione={row.pk}")
    intro = _(
        "Ogni anno, fra questi due giorni compresi, valgono orari suoi. Senza orari, lo sportello è chiuso."
    )
    return _shown(request, form, OnePage(row.desk, title, intro))


def _about_closure(request: HttpRequest, pk: int) -> Removal:
    row = get_object_or_404(Closure.objects.select_related("desk"), pk=pk)
    back = reverse("settings:desk_hours", args=[row.desk.pk])
    return Removal(
        back, row.reason, reverse("settings:closure_remove", args=[pk]), closure_days(value_of(row)), False
    )


@setting(methods=FORM)
@asks("desk_hours/settings/remove_question.html", _about_closure)
def closure_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Closure.objects.select_related("desk"), pk=pk)
    verbs.take_away(row, "desk.took_away_closure", by=person_of(request))
    messages.success(request, _("Chiusura tolta: torna l’orario solito."))
    return _back_to(row.desk, row.first_day.isoformat())


def _about_extra(request: HttpRequest, pk: int) -> Removal:
    row = get_object_or_404(ExtraOpening.objects.select_related("desk"), pk=pk)
    back = reverse("settings:desk_hours", args=[row.desk.pk])
    url = reverse("settings:extra_opening_remove", args=[pk])
    return Removal(back, row.reason, url, named(row.day, "l j F Y"), False)


@setting(methods=FORM)
@asks("desk_hours/settings/remove_question.html", _about_extra)
def extra_opening_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ExtraOpening.objects.select_related("desk"), pk=pk)
    verbs.take_away(row, "desk.took_away_opening", by=person_of(request))
    messages.success(request, _("Apertura tolta."))
    return _back_to(row.desk, row.day.isoformat())


def _about_season(request: HttpRequest, pk: int) -> Removal:
    row = get_object_or_404(Season.objects.select_related("desk"), pk=pk)
    back = f"{reverse('settings:desk_hours', args=[row.desk.pk])}?stagione={pk}"
    return Removal(back, "", reverse("settings:season_remove", args=[pk]), row.name, True)


@setting(methods=FORM)
@asks("desk_hours/settings/remove_question.html", _about_season)
def season_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Season.objects.select_related("desk"), pk=pk)
    verbs.take_away_season(row, by=person_of(request))
    messages.success(request, _("Stagione tolta: vale l’orario di tutto l’anno."))
    return redirect("settings:desk_hours", row.desk.pk)


def _shown(request: HttpRequest, form: forms.Form, page: OnePage) -> HttpResponse:
    return show(
        request, "desk_hours/settings/one.html", page, form=form, status=422 if form.is_bound else 200
    )


def _back_to(desk: Desk, day: str) -> HttpResponse:
    """To the day in the year's calendar."""
    return redirect(f"{reverse('settings:desk_hours', args=[desk.pk])}?giorno={day}#day")
