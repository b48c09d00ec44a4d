# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Impostazioni → Luoghi dei codici QR."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _, gettext_lazy

from arengo.audience.ways import marked
from arengo.core.access import FORM, WRITE, organization_of, person_of
from arengo.core.clean_text import isolated
from arengo.core.console.settings_access import posted, setting, show
from arengo.core.documents import qr
from arengo.core.screens import Screen
from arengo.portal.numbers import Number, number_in_use
from arengo.portal.posters import counting, places as verbs
from arengo.portal.posters.counting import Line
from arengo.portal.posters.models import LONGEST_NAME, Place


class PlaceForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Luogo"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy(
            "Dove appendi il codice, come lo direbbe un collega: «Biblioteca», «Farmacia di via Roma»."
        ),
    )


@dataclass(frozen=True)
class PlacesPage(Screen):
    """``ready``: people can join with a message, so that a code leads somewhere."""

    lines: Sequence[Line]
    ready: bool


@dataclass(frozen=True)
class PlacePage(Screen):
    """``message``: what is written already when somebody scans the code; "" while nobody can join with one."""

    place: Place
    message: str
    address: str


@setting(methods=FORM)
def places(request: HttpRequest) -> HttpResponse:
    form, status = PlaceForm(posted(request)), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = verbs.add(organization_of(request), form.cleaned_data["name"], by=person_of(request))
            except verbs.PlaceRefused as refused:
                form.add_error("name", str(refused))
            else:
                messages.success(
                    request, _("Luogo «%(name)s» aggiunto: ecco il suo codice.") % {"name": isolated(made)}
                )
                return redirect("settings:place", made.pk)
        status = 422
    page = PlacesPage(counting.lines(), _number() is not None)
    return show(request, "portal_posters/places.html", page, form=form, status=status)


@setting(methods=FORM)
def place(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Place.objects, pk=pk)
    form, status = PlaceForm(posted(request), initial={"name": found.name}), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                verbs.rename(found, form.cleaned_data["name"], by=person_of(request))
            except verbs.PlaceRefused as refused:
                form.add_error("name", str(refused))
            else:
                messages.success(request, _("Nome salvato: il codice resta lo stesso."))
                return redirect("settings:place", pk)
        status = 422
    shown, number = get_object_or_404(Place.objects, pk=pk), _number()
    message = _message(request, number, shown) if number else ""
    address = number.chats.chat_url(number.shown, message) if number else ""
    page = PlacePage(shown, message, address)
    return show(request, "portal_posters/place.html", page, form=form, status=status)


@setting(methods=WRITE)
def use(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Place.objects, pk=pk)
    on = request.POST.get("on") == "1"
    verbs.use(found, on=on, by=person_of(request))
    words = _("«%(name)s» è di nuovo in uso.") if on else _("«%(name)s» non è più in uso.")
    messages.success(request, words % {"name": isolated(found)})
    return redirect("settings:places")


@setting()
def code_svg(request: HttpRequest, pk: int) -> HttpResponse:
    found, address = _code(request, pk)
    return _file(qr.svg(address), "image/svg+xml", f"qr-{found.code}.svg")


@setting()
def code_png(request: HttpRequest, pk: int) -> HttpResponse:
    found, address = _code(request, pk)
    return _file(qr.png(address), "image/png", f"qr-{found.code}.png")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _code(request: HttpRequest, pk: int) -> tuple[Place, str]:
    """Its address. 404 while nobody can join with a message."""
    found, number = get_object_or_404(Place.objects, pk=pk), _number()
    if number is None:
        raise Http404
    return found, number.chats.chat_url(number.shown, _message(request, number, found))


def _number() -> Number | None:
    number = number_in_use()
    return number if number is not None and number.join_word else None


def _message(request: HttpRequest, number: Number, found: Place) -> str:
    return marked(number.join_word, found.code, organization_of(request).language)
