# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Impostazioni → Avviso fuori orario: its words, and what a citizen would read."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core import automatic
from arengo.core.access import FORM, organization_of
from arengo.core.clean_text import isolated
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.form_fields import MeasuredField
from arengo.core.screens import Screen
from arengo.desk.hours import notice
from arengo.desk.hours.models import OutOfHoursWords
from arengo.desk.hours.reading import desk_hours
from arengo.platforms.registry import common_limits


class NoticeForm(forms.Form):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own
        self.fields["text"] = MeasuredField(
            label=gettext_lazy("Testo dell’avviso"),
            max_length=common_limits().text.most,
            help_text=gettext_lazy(
                "Si mettono da soli: {riapertura}, quando riapre; {orari}, l’orario della settimana; {sportello}; {ente}. "
                "Dite qui anche i numeri per le emergenze."
            ),
        )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if unknown := notice.unknown_placeholders(text):
            names = ", ".join("{" + isolated(name) + "}" for name in unknown)
            raise forms.ValidationError(
                _("Non si sa che cosa mettere al posto di %(names)s.") % {"names": names}
            )
        return text


@dataclass(frozen=True)
class NoticePage(Screen):
    """``example``: what a citizen of the first desk would read; "" while there is none, or no hours are written."""

    on: bool
    example: str


@setting(methods=FORM)
def out_of_hours(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    kept = notice.words_of(organization)
    form = NoticeForm(posted(request), initial={"text": kept})
    if form.is_valid():
        with transaction.atomic():
            OutOfHoursWords.objects.update_or_create(defaults={"text": form.cleaned_data["text"]})
            record(request, "desk.changed_notice")
        messages.success(request, _("Avviso salvato."))
        return redirect("settings:out_of_hours")
    first, now = next(iter(desk_hours()), None), timezone.now()
    shown = first is not None and first.schedule.next_opening(now) is not None
    page = NoticePage(
        on=notice.KIND in automatic.switched_on(),
        example=notice.filled(kept, organization, first.schedule, first.name, now) if first and shown else "",
    )
    return show(
        request, "desk_hours/settings/notice.html", page, form=form, status=422 if form.is_bound else 200
    )
