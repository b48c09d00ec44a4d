# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much a month may cost."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from arengo.core.form_fields import AmountField
from arengo.delivery.models import Budget

_USUAL = Decimal(100_000)  # a month: no town spends as much


class BudgetForm(forms.Form):
    amount = AmountField(
        label=_("Al mese, al massimo"),
        decimals=2,
        least=Decimal("0.01"),
        most=Decimal("99999999.99"),
        usual=_USUAL,
        sign="€",
        help_text=_("Per esempio 600,00."),
    )
    beyond = forms.ChoiceField(
        label=_("Quando si arriva al limite"),
        choices=Budget.Beyond.choices,
        widget=forms.RadioSelect,
        initial=Budget.Beyond.WARNS,
    )
