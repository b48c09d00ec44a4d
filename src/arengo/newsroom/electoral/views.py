# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Giving the reason, from the question before sending."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from arengo.core.access import FORM, person_of, staff
from arengo.core.screens import Screen, render_screen
from arengo.newsroom.electoral import verbs
from arengo.newsroom.electoral.forms import ReasonForm
from arengo.newsroom.electoral.models import ElectoralReason
from arengo.newsroom.models import Update
from arengo.newsroom.roles import WRITERS


@dataclass(frozen=True)
class ReasonPage(Screen):
    update: Update
    form: ReasonForm
    given: ElectoralReason | None


@staff(*WRITERS, methods=FORM)
def reason(request: HttpRequest, pk: int) -> HttpResponse:
    update = get_object_or_404(Update.objects, pk=pk)
    if not update.is_draft:
        return redirect("newsroom:update", pk)
    form, status = ReasonForm(), 200
    if request.method == "POST":
        form, status = ReasonForm(request.POST), 422
        if form.is_valid():
            try:
                verbs.give_reason(pk, form.cleaned_data["reason"], by=person_of(request))
            except verbs.Refused as refused:
                form.add_error("reason", refused.words)
            else:
                return redirect("newsroom:send", pk)
    given = ElectoralReason.objects.filter(update=update).select_related("by").first()
    return render_screen(
        request, "newsroom/electoral/reason.html", ReasonPage(update, form, given), status=status
    )
