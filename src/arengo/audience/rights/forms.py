# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is typed when a citizen uses a right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.audience.rights.models import Check, Right, Way
from arengo.core.form_fields import DayField
from arengo.core.outside import FIRST_MOMENT

MOST_DAYS = timedelta(days=92)  # of the log that one page goes through
_WAYS = [(way.value, way.label) for way in Way if way is not Way.PAGE]
_CHECKS = [
    (Check.CODE.value, _("Con un codice nella sua chat: te lo legge")),
    (Check.DOCUMENT.value, _("Ha mostrato un documento: il numero non si scrive")),
    (Check.REMOTE.value, _("Ha scritto via PEC, o è entrata con SPID o CIE")),
]


class RequestForm(forms.Form):
    """A request that is written down, to be met later."""

    right = forms.ChoiceField(label=_("Che cosa chiede"), choices=Right.choices)
    way = forms.ChoiceField(label=_("Come l’ha chiesto"), choices=_WAYS)
    asked_on = DayField(label=_("Quando l’ha chiesto"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["asked_on"].initial = timezone.localdate


class MomentField(forms.DateTimeField):
    """A minute that means something here, in the organization's time."""

    def __init__(self, **options: Any) -> None:
        shape = "%Y-%m-%dT%H:%M"
        super().__init__(
            **{"widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format=shape), **options},
            input_formats=[shape, "%Y-%m-%dT%H:%M:%S"],
            validators=[
                MinValueValidator(FIRST_MOMENT, _("Scegli un momento dal 2009 in poi.")),
                MaxValueValidator(timezone.now, _("Scegli un momento che è già passato.")),
            ],
        )


class SpanForm(forms.Form):
    """From when to when something was open that should not have been."""

    first = MomentField(label=_("Dal"))
    last = MomentField(label=_("Al"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and not first < last:
            raise forms.ValidationError(_("La fine dev’essere dopo l’inizio."))
        if first and last and last - first > MOST_DAYS:
            raise forms.ValidationError(
                _("Al più %(days)d giorni alla volta: dividi il tempo in parti.") % {"days": MOST_DAYS.days}
            )
        return given


class RightForm(forms.Form):
    """A right that is used now."""

    name = forms.CharField(label=_("Si chiama"), max_length=200)
    way = forms.ChoiceField(label=_("Come l’ha chiesto"), choices=_WAYS)
    check_way = forms.ChoiceField(
        label=_("Come hai verificato che è lei?"),
        choices=_CHECKS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Scegli come hai verificato chi è.")},
    )
    code = forms.CharField(
        label=_("Codice letto da lei"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, right: Right, **options: Any) -> None:
        super().__init__(*args, **options)
        if right is not Right.CORRECT:
            del self.fields["name"]

    def kept(self, right: Right, **instead: str) -> RightForm:
        """The same words in a form that nobody has judged yet: it was sent for something else."""
        typed = {name: self.data.get(self.add_prefix(name), "") for name in self.fields}
        return RightForm(right=right, initial={**typed, **instead})
