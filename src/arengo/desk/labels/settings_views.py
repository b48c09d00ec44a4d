# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Etichette: the organization's own list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, WRITE, organization_of, person_of
from arengo.core.clean_text import isolated
from arengo.core.console.settings_access import posted, setting, show
from arengo.core.screens import Screen
from arengo.desk.labels import verbs
from arengo.desk.labels.models import LONGEST, Label


class LabelForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nome"),
        max_length=LONGEST,
        help_text=gettext_lazy("Una o due parole, come le direbbe un collega: «Anagrafe», «Scuola e nidi»."),
    )


@dataclass(frozen=True)
class LabelsPage(Screen):
    labels: Sequence[Label]


@dataclass(frozen=True)
class LabelPage(Screen):
    label: Label


@setting(methods=FORM)
def labels(request: HttpRequest) -> HttpResponse:
    form, status = LabelForm(posted(request)), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                label = verbs.add(organization_of(request), form.cleaned_data["name"], by=person_of(request))
            except verbs.LabelRefused as refused:
                form.add_error("name", str(refused))
            else:
                messages.success(request, _("Etichetta «%(name)s» aggiunta.") % {"name": isolated(label)})
                return redirect("settings:labels")
        status = 422
    page = LabelsPage(list(Label.objects.order_by("-active", "name", "id")))
    return show(request, "desk_labels/settings.html", page, form=form, status=status)


@setting(methods=FORM)
def label(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Label.objects, pk=pk)
    form, status = LabelForm(posted(request), initial={"name": found.name}), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                verbs.rename(found, form.cleaned_data["name"], by=person_of(request))
            except verbs.LabelRefused as refused:
                form.add_error("name", str(refused))
            else:
                messages.success(request, _("Nome salvato."))
                return redirect("settings:labels")
        status = 422
    shown = get_object_or_404(Label.objects, pk=pk)
    return show(request, "desk_labels/label.html", LabelPage(shown), form=form, status=status)


@setting(methods=WRITE)
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Label.objects, pk=pk)
    on = request.POST.get("on") == "1"
    verbs.offer(found, on=on, by=person_of(request))
    words = _("«%(name)s» è di nuovo in uso.") if on else _("«%(name)s» non si può più scegliere.")
    messages.success(request, words % {"name": isolated(found)})
    return redirect("settings:labels")
