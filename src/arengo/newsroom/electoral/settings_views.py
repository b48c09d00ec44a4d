# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Periodo elettorale: its days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core.access import FORM, organization_of, person_of
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.console.settings_access import posted, setting, show
from arengo.core.screens import Screen
from arengo.newsroom.electoral import verbs
from arengo.newsroom.electoral.forms import PeriodForm
from arengo.newsroom.electoral.models import ElectoralPeriod


@dataclass(frozen=True)
class PeriodsPage(Screen):
    periods: Sequence[ElectoralPeriod]
    current: ElectoralPeriod | None


@setting(methods=FORM)
def periods(request: HttpRequest) -> HttpResponse:
    form, status = PeriodForm(posted(request)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                verbs.add(organization_of(request), by=person_of(request), **form.cleaned_data)
            except verbs.Refused as refused:
                form.add_error(None, refused.words)
            else:
                messages.success(request, _("Periodo salvato."))
                return redirect("settings:electoral_periods")
    page = PeriodsPage(list(ElectoralPeriod.objects.order_by("-ends")[: verbs.MOST]), verbs.current())
    return show(request, "newsroom/electoral/settings.html", page, form=form, status=status)


@dataclass(frozen=True)
class AboutPeriod(Question):
    period: ElectoralPeriod


def _removing(_request: HttpRequest, pk: int) -> AboutPeriod:
    period = get_object_or_404(ElectoralPeriod.objects, pk=pk)
    return AboutPeriod(reverse("settings:electoral_periods"), isolated(period), period)


@setting(methods=FORM)
@asks("newsroom/electoral/remove_question.html", _removing)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(ElectoralPeriod.objects, pk=pk)
    verbs.remove(pk, by=person_of(request))
    messages.success(request, _("Periodo tolto."))
    return redirect("settings:electoral_periods")
