# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields of forms that every room uses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.formats import get_format
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core import numbers
from arengo.core.lengths import Limit
from arengo.core.outside import FIRST_DAY, LAST_DAY, MOST_INTEGER


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


class _NumberField(forms.Field):
    """A number in either writing (``core.numbers``). What was typed stays in the field; what is stored is shown in the
    reader's writing and read back as the same value."""

    widget = forms.TextInput
    inputmode: str

    def __init__(self, within: numbers.Range, **options: Any) -> None:
        self.within = within
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {} if widget.is_hidden else {"inputmode": self.inputmode, "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        typed = "" if value is None else str(value)
        if not typed.strip():
            return None
        try:
            return numbers.read(typed, self.within)
        except numbers.Misread as misread:
            raise forms.ValidationError(misread.in_words(gettext, _mark()), code="invalid") from misread

    def prepare_value(self, value: Any) -> Any:
        return numbers.shown(value, self.within, _mark()) if isinstance(value, int | Decimal) else value


class CountField(_NumberField):
    """How many: a whole number, as an ``int``. «1.000» is a thousand."""

    inputmode = "numeric"

    def __init__(self, *, least: int = 0, most: int = MOST_INTEGER, **options: Any) -> None:
        super().__init__(numbers.Range(Decimal(least), Decimal(most)), **options)

    def to_python(self, value: Any) -> int | None:
        number = super().to_python(value)
        return None if number is None else int(number)


class AmountField(_NumberField):
    """Money, a rate, a percentage, a coordinate: a number with decimals, as a ``Decimal``.

    ``usual`` and ``sign`` are those of ``core.numbers.Range``. A field without ``usual`` asks about «1.000» only where both
    a thousand and one are within its bounds and it has three decimals or more.
    """

    inputmode = "decimal"

    def __init__(
        self,
        *,
        decimals: int,
        most: Decimal,
        least: Decimal = Decimal(0),
        usual: Decimal | None = None,
        sign: str = "",
        **options: Any,
    ) -> None:
        super().__init__(numbers.Range(least, most, decimals, usual, sign), **options)


def _mark() -> str:
    return str(get_format("DECIMAL_SEPARATOR"))


class MeasuredField(forms.CharField):
    """A text of at most ``max_length`` units of UTF-16, as its counter on the page counts them. The end of a line is one.

    The browser gets no ``maxlength``: it would cut off what is pasted. What is too long comes back whole, with by how much.
    """

    widget = forms.Textarea

    def __init__(self, *, max_length: int, **options: Any) -> None:
        super().__init__(**options)
        self.limit = Limit(max_length)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if problem := self.limit.problem(value):
            raise forms.ValidationError(problem, code="max_length")
