# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chi riscrive: for how many days a closed conversation is taken up again."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, organization_of
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.form_fields import CountField
from arengo.desk.returning.coming_back import days
from arengo.desk.returning.models import MOST_DAYS, ReturnRule


class ReturnForm(forms.Form):
    days = CountField(
        label=gettext_lazy("Giorni"),
        most=MOST_DAYS,
        help_text=gettext_lazy("0: mai, ogni volta si apre una conversazione nuova. Al massimo 90."),
    )


@setting(methods=FORM)
def returning(request: HttpRequest) -> HttpResponse:
    form, status = ReturnForm(posted(request), initial={"days": days()}), 200
    if request.method == "POST":
        if form.is_valid():
            with transaction.atomic():
                ReturnRule.objects.update_or_create(
                    organization=organization_of(request), defaults={"days": form.cleaned_data["days"]}
                )
                record(request, "desk.changed_returning")
            messages.success(request, _("Impostazione salvata."))
            return redirect("settings:returning")
        status = 422
    return show(request, "desk_returning/settings.html", form=form, status=status)
