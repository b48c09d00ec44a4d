# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Impostazioni → Dati: figures by operator, with their agreement; days that are counted again."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from procrastinate.exceptions import AlreadyEnqueued

from arengo.core.access import FORM, organization_of, person_of
from arengo.core.console.confirming import Question, asks
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.form_fields import DayField
from arengo.core.screens import Screen
from arengo.insights import agreement, jobs, keeping
from arengo.insights.models import LONGEST_REFERENCE, OperatorAgreement


class AgreementForm(forms.Form):
    agreed_on = DayField(
        label=gettext_lazy("Data dell’accordo"),
        help_text=gettext_lazy("Dei giorni precedenti non si conta nulla per operatore."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Quale accordo"),
        max_length=LONGEST_REFERENCE,
        help_text=gettext_lazy(
            "Per esempio: accordo con la RSU, prot. 1234/2026; oppure autorizzazione dell’Ispettorato del lavoro."
        ),
    )


@dataclass(frozen=True)
class InsightsPage(Screen):
    """``agreement`` None: figures by operator are off. ``settled_after``: for how many days a day may still change."""

    agreement: OperatorAgreement | None
    settled_after: int


@setting(methods=FORM)
def insights(request: HttpRequest) -> HttpResponse:
    now: OperatorAgreement | None = OperatorAgreement.objects.select_related("by").first()
    initial = {"agreed_on": now.agreed_on, "reference": now.reference} if now else None
    form, status = AgreementForm(posted(request), initial=initial), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                agreement.switch_on(organization_of(request), **form.cleaned_data, by=person_of(request))
            except agreement.AgreementRefused as refused:
                form.add_error("agreed_on" if form.cleaned_data["reference"] else "reference", str(refused))
            else:
                messages.success(
                    request,
                    _("I dati per operatore sono accesi. I giorni dall’accordo in poi si contano adesso."),
                )
                return redirect("settings:insights")
        status = 422
    return show(request, "insights/settings.html", InsightsPage(now, keeping.AGAIN), form=form, status=status)


def _question(request: HttpRequest) -> Question:
    return Question(reverse("settings:insights"), "")


@setting(methods=FORM)
@asks("insights/operators_off_question.html", _question)
def operators_off(request: HttpRequest) -> HttpResponse:
    agreement.switch_off(organization_of(request), by=person_of(request))
    messages.success(request, _("I dati per operatore sono spenti e cancellati."))
    return redirect("settings:insights")


@setting(methods=FORM)
@asks("insights/count_again_question.html", _question)
def count_again(request: HttpRequest) -> HttpResponse:
    """All days that are kept, as the rows are now: a job does it."""
    organization = organization_of(request)
    today = keeping.today(organization)
    first, last = (today - keeping.KEPT).isoformat(), today.isoformat()
    again = jobs.count_again.configure(queueing_lock=f"insights.count_again.{organization.pk}")
    try:
        with transaction.atomic():
            again.defer(organization_id=organization.pk, first=first, last=last)
            record(request, "insights.counted_again", first=first, last=last)
    except AlreadyEnqueued:
        messages.info(request, _("I giorni passati si stanno già ricontando."))
        return redirect("settings:insights")
    messages.success(
        request, _("I giorni passati si ricontano adesso: per molti anni di messaggi servono alcuni minuti.")
    )
    return redirect("settings:insights")
