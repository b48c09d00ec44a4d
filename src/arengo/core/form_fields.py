# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields of forms that every room uses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from arengo.core.outside import FIRST_DAY, LAST_DAY


class DayField(forms.DateField):
    """A day that means something here, from 2009 to 2199. Nothing that counts with it can leave the calendar."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options},
            validators=[
                MinValueValidator(FIRST_DAY, _("Scegli un giorno dal 2009 in poi.")),
                MaxValueValidator(LAST_DAY, _("Scegli un giorno fino al 2199.")),
            ],
        )
        self.widget.attrs |= {"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
