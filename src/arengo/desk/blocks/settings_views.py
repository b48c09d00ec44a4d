# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Regole e blocchi: what a blocked citizen is told, and whether an administrator confirms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, organization_of
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.screens import Screen
from arengo.desk.blocks import standing, wording
from arengo.desk.blocks.models import LONGEST_WAYS, BlockSettings


class BlocksForm(forms.Form):
    objection = forms.CharField(
        label=gettext_lazy("Come opporsi"),
        max_length=LONGEST_WAYS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "A chi e dove scrivere per chiedere di togliere il blocco, per esempio la PEC dell’ente."
        ),
    )
    other_ways = forms.CharField(
        label=gettext_lazy("Gli altri modi per rivolgersi all’ente"),
        max_length=LONGEST_WAYS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Telefono, posta, sportello con i suoi orari."),
    )
    confirm = forms.BooleanField(
        label=gettext_lazy("Un blocco vale solo dopo la conferma di un amministratore"), required=False
    )


@dataclass(frozen=True)
class BlocksPage(Screen):
    """``notice``: what a citizen blocked today for three months reads; "" before the texts are written."""

    notice: str


@setting(methods=FORM)
def blocks(request: HttpRequest) -> HttpResponse:
    now = standing.settings()
    initial = {"objection": now.objection, "other_ways": now.other_ways, "confirm": now.confirm}
    form, status = BlocksForm(posted(request), initial=initial), 200
    if request.method == "POST":
        if form.is_valid():
            with transaction.atomic():
                BlockSettings.objects.update_or_create(
                    organization=organization_of(request), defaults=form.cleaned_data
                )
                record(request, "desk.changed_blocks")
            messages.success(request, _("Impostazione salvata."))
            return redirect("settings:blocks")
        status = 422
    ends_at = timezone.now() + timedelta(days=91)
    notice = wording.notice(ends_at, now, organization=organization_of(request)) if now.is_ready else ""
    return show(request, "desk_blocks/settings.html", BlocksPage(notice), form=form, status=status)
