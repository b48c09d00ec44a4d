# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.form_fields import DayField
from arengo.newsroom.electoral.models import LONGEST_NAME, LONGEST_REASON


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Perché va comunicato adesso"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Perché è impersonale e indispensabile, per esempio «cambia la viabilità per chi abita lì». Resta nel registro con il tuo nome."
        ),
        error_messages={"required": _("Scrivi il motivo.")},
    )


class PeriodForm(forms.Form):
    name = forms.CharField(
        label=_("Quale voto"),
        max_length=LONGEST_NAME,
        help_text=_("Per esempio «Elezioni comunali» o «Referendum»."),
    )
    begins = DayField(label=_("Primo giorno"), help_text=_("Quello della convocazione dei comizi."))
    ends = DayField(label=_("Ultimo giorno"), help_text=_("Quello in cui si chiudono i seggi."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        begins, ends = data.get("begins"), data.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", gettext("L'ultimo giorno viene prima del primo."))
        elif begins and ends and (ends - begins).days > 366:
            self.add_error("ends", gettext("È più di un anno: controlla le date."))
        return data
