# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rubrica: the list, and one entry written or taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, person_of
from arengo.core.console.confirming import Question, asks
from arengo.core.console.settings_access import posted, setting, show
from arengo.core.screens import Screen
from arengo.desk.directory import offering, verbs
from arengo.desk.directory.models import DirectoryEntry


class EntryForm(forms.ModelForm):  # type: ignore[type-arg]  # subscriptable for mypy only
    link = forms.URLField(label=gettext_lazy("Pagina"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = DirectoryEntry
        fields = ("kind", "name", "place", "hours", "phone", "mail", "link", "topic", "note")
        help_texts = {"note": gettext_lazy("Quello che serve sapere prima: «solo su appuntamento».")}


@dataclass(frozen=True)
class DirectoryPage(Screen):
    entries: Sequence[DirectoryEntry]


@dataclass(frozen=True)
class EntryPage(Screen):
    """``entry`` None: a new one. ``written``: as citizens read it."""

    entry: DirectoryEntry | None
    written: str


@dataclass(frozen=True)
class DeleteQuestion(Question):
    asked: DirectoryEntry


@setting()
def directory_page(request: HttpRequest) -> HttpResponse:
    page = DirectoryPage(list(DirectoryEntry.objects.all()))
    return show(request, "desk_directory/settings/directory.html", page)


@setting(methods=FORM)
def new_entry(request: HttpRequest) -> HttpResponse:
    return _written(request, None)


@setting(methods=FORM)
def edit_entry(request: HttpRequest, pk: int) -> HttpResponse:
    return _written(request, _found(pk))


def _found(pk: int) -> DirectoryEntry:
    entry: DirectoryEntry = get_object_or_404(DirectoryEntry.objects.select_related("organization"), pk=pk)
    return entry


def _written(request: HttpRequest, entry: DirectoryEntry | None) -> HttpResponse:
    form = EntryForm(posted(request), instance=entry)
    before = offering.written(entry) if entry else ""
    if request.method == "POST" and form.is_valid():
        try:
            verbs.save(form.save(commit=False), by=person_of(request))
        except verbs.TooMany as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Voce salvata. Allo sportello si trova con /."))
            return redirect("settings:directory")
    status = 422 if form.errors else 200
    return show(
        request, "desk_directory/settings/entry.html", EntryPage(entry, before), form=form, status=status
    )


def _deleting(request: HttpRequest, pk: int) -> DeleteQuestion:
    entry = _found(pk)
    return DeleteQuestion(back=reverse("settings:directory_entry", args=[pk]), subject="", asked=entry)


@setting(methods=FORM)
@asks("desk_directory/delete_question.html", _deleting)
def delete_entry(request: HttpRequest, pk: int) -> HttpResponse:
    verbs.delete(_found(pk), by=person_of(request))
    messages.success(request, _("Voce eliminata."))
    return redirect("settings:directory")
