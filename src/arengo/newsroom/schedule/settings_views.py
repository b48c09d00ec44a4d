# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Impostazioni → Piano degli invii e ore di silenzio."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dates import WEEKDAYS
from django.utils.functional import lazystr
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, organization_of, person_of
from arengo.core.console.settings_access import posted, setting, show
from arengo.newsroom.schedule import rhythm as kept
from arengo.newsroom.schedule.clock import Times


def _clock(**options: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **options)


class RhythmForm(forms.Form):
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Giorni del piano"),
        choices=[(day, lazystr(name)) for day, name in WEEKDAYS.items()],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Per esempio martedì e venerdì. Nessuno: non c’è un piano, e non si propone un posto."
        ),
    )
    at = _clock(label=gettext_lazy("A che ora"))
    quiet_from = _clock(label=gettext_lazy("Silenzio dalle"))
    quiet_until = _clock(
        label=gettext_lazy("fino alle"),
        help_text=gettext_lazy(
            "In queste ore chi invia deve confermarlo. Le risposte dello sportello partono sempre. Due ore uguali: mai silenzio."
        ),
    )

    @property
    def times(self) -> Times:
        cleaned = self.cleaned_data
        return Times(
            _minutes(cleaned["quiet_from"]),
            _minutes(cleaned["quiet_until"]),
            cleaned["weekdays"],
            _minutes(cleaned["at"]),
        )


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


@setting(methods=FORM)
def rhythm(request: HttpRequest) -> HttpResponse:
    now, status = kept.times(), 200
    initial = {
        "weekdays": list(now.weekdays),
        **{name: time(*divmod(getattr(now, name), 60)) for name in ("at", "quiet_from", "quiet_until")},
    }
    form = RhythmForm(posted(request), initial=initial)
    if request.method == "POST":
        if form.is_valid():
            kept.change(organization_of(request), form.times, by=person_of(request))
            messages.success(request, _("Salvato. Ciò che è già programmato resta dov’è."))
            return redirect("settings:rhythm")
        status = 422
    return show(request, "newsroom_schedule/rhythm.html", form=form, status=status)
