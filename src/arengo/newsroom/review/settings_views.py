# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secondo sì: whether an update may go without somebody who did not write it."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, organization_of
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.screens import Screen
from arengo.newsroom.review import standing
from arengo.newsroom.review.models import ReviewRule


class FourEyesForm(forms.Form):
    four_eyes = forms.BooleanField(
        label=gettext_lazy("Ogni aggiornamento parte solo con il sì di una seconda persona"),
        required=False,
        help_text=gettext_lazy(
            "Dà il sì chi ha il ruolo di Approvatore o di Amministratore, mai chi l'ha scritto o cambiato per ultimo."
        ),
    )


@dataclass(frozen=True)
class FourEyesPage(Screen):
    """``reviewers``: how many could say yes; with one alone, theirs would wait for ever."""

    reviewers: int


@setting(methods=FORM)
def four_eyes(request: HttpRequest) -> HttpResponse:
    form = FourEyesForm(posted(request), initial={"four_eyes": standing.wants_four_eyes()})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["four_eyes"]
        with transaction.atomic():
            ReviewRule.objects.update_or_create(
                organization=organization_of(request), defaults={"four_eyes": wanted}
            )
            record(request, "newsroom.set_four_eyes", four_eyes=_("sì") if wanted else _("no"))
        messages.success(request, _("Impostazione salvata."))
        return redirect("settings:four_eyes")
    page = FourEyesPage(standing.reviewers().count())
    return show(request, "newsroom/review/settings.html", page, form=form)
