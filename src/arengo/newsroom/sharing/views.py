# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The staff's side: links of an update, and its sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, organization_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.documents.pdf import DocumentRefused, pdf
from arengo.core.screens import Screen, render_screen
from arengo.newsroom.models import Update
from arengo.newsroom.panes import Pane, Tab, tabs
from arengo.newsroom.roles import WRITERS
from arengo.newsroom.sharing import links
from arengo.newsroom.sharing.forms import LinkForm
from arengo.newsroom.sharing.models import PreviewLink
from arengo.newsroom.sharing.sheet import sheet

PANE = Pane("sharing", gettext_lazy("Fai vedere"), "newsroom:sharing", order=50)


@dataclass(frozen=True)
class Given:
    link: PreviewLink
    web_address: str


@dataclass(frozen=True)
class SharingPage(Screen):
    update: Update
    panes: Sequence[Tab]
    given: Sequence[Given]
    form: LinkForm


def _page(
    request: HttpRequest, update: Update, form: LinkForm | None = None, status: int = 200
) -> HttpResponse:
    organization = organization_of(request)
    given = [Given(link, links.address_of(link, organization)) for link in links.open_ones(update)]
    page = SharingPage(update, tabs(update), given, form or LinkForm())
    return render_screen(request, "newsroom/sharing/page.html", page, status=status)


@staff(*WRITERS, methods=FORM)
def sharing(request: HttpRequest, pk: int) -> HttpResponse:
    update = get_object_or_404(Update.objects, pk=pk)
    if request.method != "POST":
        return _page(request, update)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, update, form, status=422)
    try:
        links.make(pk, days=form.cleaned_data["days"], to=form.cleaned_data["to"], by=person_of(request))
    except links.Refused as refused:
        form.add_error(None, refused.words)
        return _page(request, update, form, status=422)
    messages.success(request, _("Il link è pronto: copialo e dallo a chi deve vedere."))
    return redirect("newsroom:sharing", pk)


@dataclass(frozen=True)
class AboutLink(Question):
    update: Update
    link: PreviewLink


def _revoking(request: HttpRequest, pk: int, link: int) -> AboutLink:
    found = get_object_or_404(PreviewLink.objects.select_related("update"), pk=link, update_id=pk)
    subject = isolated(found.to or found.update)
    return AboutLink(reverse("newsroom:sharing", args=[pk]), subject, found.update, found)


@staff(*WRITERS, methods=FORM)
@asks("newsroom/sharing/revoke_question.html", _revoking)
def revoke(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    found = get_object_or_404(PreviewLink.objects, pk=link, update_id=pk)
    links.revoke(found.pk, by=person_of(request))
    messages.success(request, _("Il link non apre più nulla."))
    return redirect("newsroom:sharing", pk)


@staff(*WRITERS)
def sheet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    update = get_object_or_404(Update.objects, pk=pk)
    try:
        made = pdf(sheet(update, organization_of(request)))
    except DocumentRefused:
        messages.error(
            request, _("Questo aggiornamento è troppo lungo, o la foto troppo grande, per un foglio.")
        )
        return redirect("newsroom:sharing", pk)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="aggiornamento-{pk}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
