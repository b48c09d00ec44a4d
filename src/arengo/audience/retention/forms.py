# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is typed about holds."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from arengo.audience.retention.models import LONGEST_REASON
from arengo.core.form_fields import DayField


class HoldForm(forms.Form):
    reason = forms.CharField(
        label=_("Perché"),
        max_length=LONGEST_REASON,
        help_text=_("Per esempio «Causa 4417/2026, via Fornace». Lo leggono amministratori e revisori."),
    )
    until = DayField(
        label=_("Ultimo giorno"),
        required=False,
        help_text=_("Il giorno dopo il blocco finisce da solo. Senza, dura finché lo togli."),
    )
