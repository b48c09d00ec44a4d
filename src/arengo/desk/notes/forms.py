# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A call or a visit, as a person types it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.form_fields import DayField
from arengo.desk.notes.models import LONGEST, Note

_OLDEST = timedelta(days=366)


class ContactForm(forms.Form):
    """``moment`` is when it was, once the form is valid."""

    kind = forms.ChoiceField(
        label=_("Che cosa"),
        choices=[(Note.Kind.CALL, _("Telefonata")), (Note.Kind.VISIT, _("Visita allo sportello"))],
    )
    day = DayField(label=_("Giorno"))
    clock = forms.TimeField(label=_("Ora"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    text = forms.CharField(label=_("Di che cosa si è parlato"), max_length=LONGEST, widget=forms.Textarea)

    moment: datetime

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = super().clean() or self.cleaned_data
        day, clock = self.cleaned_data.get("day"), self.cleaned_data.get("clock")
        if day is None or clock is None:
            return data
        self.moment = timezone.make_aware(datetime.combine(day, clock))
        now = timezone.now()
        if self.moment > now:
            self.add_error("day", gettext("Deve ancora venire: scrivi quando è stato."))
        elif self.moment < now - _OLDEST:
            self.add_error("day", gettext("È più di un anno fa: controlla il giorno."))
        return data
