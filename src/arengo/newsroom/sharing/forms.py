# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from arengo.newsroom.sharing.links import DAYS
from arengo.newsroom.sharing.models import LONGEST_NAME


class LinkForm(forms.Form):
    to = forms.CharField(
        label=_("Per chi"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("Per ricordarti a chi l'hai dato, per esempio «la sindaca». Lo vede solo la redazione."),
    )
    days = forms.TypedChoiceField(
        label=_("Per quanto vale"),
        coerce=int,
        choices=[(days, ngettext_lazy("%(n)d giorno", "%(n)d giorni", days) % {"n": days}) for days in DAYS],
        initial=3,
    )
