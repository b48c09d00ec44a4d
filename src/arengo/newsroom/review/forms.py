# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from arengo.newsroom.review.models import LONGEST_NOTE, LONGEST_REASON


class AskForm(forms.Form):
    note = forms.CharField(
        label=_("Che cosa deve sapere chi lo legge"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SendBackForm(forms.Form):
    reason = forms.CharField(
        label=_("Che cosa va cambiato"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lo legge chi l'ha scritto, anche per e-mail, e resta nella storia dell'aggiornamento."),
        error_messages={"required": _("Scrivi che cosa va cambiato: chi l'ha scritto deve saperlo.")},
    )
