# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rimandi alle segnalazioni: the address of the reporting system, and the categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import URLValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect as go
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, WRITE, organization_of, person_of
from arengo.core.clean_text import isolated
from arengo.core.console.settings_access import posted, setting, show
from arengo.core.screens import Screen
from arengo.desk.labels.models import LONGEST as LONGEST_LABEL
from arengo.desk.redirects import ready, shown, verbs
from arengo.desk.redirects.models import LONGEST_LINK, LONGEST_TEXT, Redirect, RedirectSettings
from arengo.desk.redirects.shown import Line


class _WebAddress(forms.URLField):
    """http and https only: a citizen opens it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            assume_scheme="https", validators=[URLValidator(schemes=["http", "https"])], **options
        )


class LinkForm(forms.Form):
    link = _WebAddress(
        label=gettext_lazy("Indirizzo del sistema di segnalazione"),
        max_length=LONGEST_LINK,
        help_text=gettext_lazy("La pagina dove il Comune raccoglie segnalazioni e reclami."),
    )


class RedirectForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Categoria"), max_length=LONGEST_LABEL)
    text = forms.CharField(
        label=gettext_lazy("Testo"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Dove scrivi {link} va l’indirizzo."),
    )
    link = _WebAddress(
        label=gettext_lazy("Indirizzo di questa categoria"),
        max_length=LONGEST_LINK,
        required=False,
        help_text=gettext_lazy("Se lo lasci vuoto vale quello del sistema di segnalazione."),
    )


@dataclass(frozen=True)
class RedirectsPage(Screen):
    """``begun``: the address is written, the categories are there."""

    lines: Sequence[Line]
    begun: bool


@dataclass(frozen=True)
class RedirectPage(Screen):
    """``redirect`` None: a new one. ``reads``: what a citizen reads of the stored one."""

    redirect: Redirect | None
    reads: str


@setting(methods=FORM)
def redirects(request: HttpRequest) -> HttpResponse:
    now = RedirectSettings.objects.first()
    form, status = LinkForm(posted(request), initial={"link": now.link if now else ""}), 200
    if request.method == "POST":
        if form.is_valid():
            verbs.set_link(organization_of(request), form.cleaned_data["link"], by=person_of(request))
            messages.success(request, _("Indirizzo salvato."))
            return go("settings:redirects")
        status = 422
    page = RedirectsPage(shown.lines(), now is not None)
    return show(request, "desk_redirects/settings.html", page, form=form, status=status)


@setting(methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form, status = RedirectForm(posted(request), initial={"text": f"… {ready.LINK}"}), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = verbs.add(organization_of(request), **form.cleaned_data, by=person_of(request))
            except verbs.RedirectRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Rimando «%(name)s» aggiunto.") % {"name": isolated(made)})
                return go("settings:redirects")
        status = 422
    return show(request, "desk_redirects/redirect.html", RedirectPage(None, ""), form=form, status=status)


@setting(methods=FORM)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    found: Redirect = get_object_or_404(Redirect.objects, pk=pk)
    initial = {"name": found.name, "text": found.text, "link": found.link}
    form, status = RedirectForm(posted(request), initial=initial), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                verbs.change(found, **form.cleaned_data, by=person_of(request))
            except verbs.RedirectRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Rimando salvato."))
                return go("settings:redirects")
        status = 422
    try:
        reads = verbs.text_of(found)
    except verbs.RedirectRefused:
        reads = ""
    return show(request, "desk_redirects/redirect.html", RedirectPage(found, reads), form=form, status=status)


@setting(methods=WRITE)
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    found: Redirect = get_object_or_404(Redirect.objects, pk=pk)
    on = request.POST.get("on") == "1"
    verbs.offer(found, on=on, by=person_of(request))
    words = _("«%(name)s» è di nuovo in uso.") if on else _("«%(name)s» non si può più scegliere.")
    messages.success(request, words % {"name": isolated(found)})
    return go("settings:redirects")
