# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A question as an operator types it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from arengo.core.form_fields import MeasuredField
from arengo.desk.asking.models import Asked
from arengo.platforms.contract import Pressing

_OPEN = 20  # units of the words that open a list (Meta: interactive list, action.button)


class AskForm(forms.Form):
    """``options`` are the lines that were filled in, in their order; ``button`` opens a list."""

    def __init__(self, kind: Asked.Kind, pressing: Pressing, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["text"] = MeasuredField(
            label=_("A che cosa serve il numero") if kind == Asked.Kind.NUMBER else _("Che cosa chiedi"),
            max_length=pressing.body.most,
            widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        )
        if kind == Asked.Kind.LIST:
            self.fields["button"] = _line(_("Scritta che apre l’elenco"), _OPEN, required=True)
        count = {Asked.Kind.BUTTONS: pressing.buttons, Asked.Kind.LIST: pressing.rows}.get(kind, 0)
        title = pressing.button if kind == Asked.Kind.BUTTONS else pressing.row
        label = _("Pulsante %(n)d") if kind == Asked.Kind.BUTTONS else _("Voce %(n)d")
        for number in range(1, count + 1):
            words = label % {"n": number}
            self.fields[f"title_{number}"] = _line(words, title.most, required=number == 1)
            if kind == Asked.Kind.LIST:
                more = _("Voce %(n)d: una riga che la spiega") % {"n": number}
                self.fields[f"more_{number}"] = _line(more, pressing.description.most, required=False)
        self.count = count

    @property
    def options(self) -> list[tuple[str, str]]:
        lines = (
            (self.cleaned_data.get(f"title_{n}", ""), self.cleaned_data.get(f"more_{n}", ""))
            for n in range(1, self.count + 1)
        )
        return [line for line in lines if any(line)]


def _line(label: str, most: int, *, required: bool) -> MeasuredField:
    words = _("Al massimo %(most)d caratteri.") % {"most": most}
    return MeasuredField(
        label=label,
        max_length=most,
        required=required,
        help_text=words,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


def opening(kind: Asked.Kind) -> dict[str, str]:
    """What the form holds when it opens."""
    return {
        Asked.Kind.BUTTONS: {},
        Asked.Kind.LIST: {"button": _("Scegli")},
        Asked.Kind.LOCATION: {"text": _("Ci mandi la posizione del luogo di cui ci scrive.")},
        Asked.Kind.NUMBER: {
            "text": _(
                "Per richiamarla ci serve il suo numero di telefono: lo useremo solo per questa richiesta."
            )
        },
    }[kind]
