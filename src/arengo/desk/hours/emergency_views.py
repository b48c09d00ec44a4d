# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Apertura straordinaria: an operator opens a desk at once, for a reason, until a moment; and ends it before."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core.access import FORM, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.console.settings_access import posted
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.desk.hours import verbs
from arengo.desk.hours.forms import EmergencyForm
from arengo.desk.hours.models import EmergencyOpening
from arengo.desk.hours.words import when
from arengo.desk.models import Desk


@dataclass(frozen=True)
class EmergencyPage(Screen):
    """``holding``: those that are open so now."""

    form: forms.Form
    holding: list[EmergencyOpening]


@dataclass(frozen=True)
class EndQuestion(Question):
    url: str
    desk: str


@staff(Role.OPERATOR, methods=FORM)
def open_in_emergency(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    desks = list(Desk.objects.filter(active=True))
    form = EmergencyForm(posted(request), desks=desks, now=now)
    if form.is_valid():
        desk = next(each for each in desks if str(each.pk) == form.cleaned_data["desk"])
        until = form.cleaned_data["until"]
        try:
            verbs.open_in_emergency(
                desk, reason=form.cleaned_data["reason"], until=until, by=person_of(request)
            )
        except verbs.Refused as refused:
            form.add_error("until", str(refused))
        else:
            words = _("%(desk)s è aperto in via straordinaria: chiude da solo %(when)s.")
            messages.success(request, words % {"desk": isolated(desk.name), "when": when(until, now)})
            return redirect("console")
    holding = EmergencyOpening.objects.filter(closed_at=None, starts_at__lte=now, until__gt=now)
    page = EmergencyPage(form, list(holding.select_related("desk", "opened_by")))
    return render_screen(request, "desk_hours/emergency.html", page, status=422 if form.is_bound else 200)


def _about_end(request: HttpRequest, pk: int) -> EndQuestion:
    opening = get_object_or_404(EmergencyOpening.objects.select_related("desk"), pk=pk)
    return EndQuestion(
        reverse("hours:emergency"),
        opening.reason,
        reverse("hours:end_emergency", args=[pk]),
        opening.desk.name,
    )


@staff(Role.OPERATOR, methods=FORM)
@asks("desk_hours/end_question.html", _about_end)
def end_emergency(request: HttpRequest, pk: int) -> HttpResponse:
    opening = get_object_or_404(EmergencyOpening.objects.select_related("desk"), pk=pk)
    if verbs.end_emergency(opening, by=person_of(request)):
        messages.success(request, _("Apertura straordinaria finita: vale di nuovo l’orario solito."))
    else:
        messages.info(request, _("L’apertura straordinaria era già finita."))
    return redirect("hours:emergency")
