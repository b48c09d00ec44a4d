# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Impostazioni → Pagina dello sportello."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from arengo.core.access import FORM
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.form_fields import DayField
from arengo.core.screens import Screen
from arengo.desk.front.models import LONGEST_LINE, FrontPage
from arengo.desk.front.reading import Trial, front_page, trial_of

_MOST = 12


class LinesField(forms.CharField):
    """One item a line, as a list; at most twelve, each of a length that a phone shows."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = str(super().to_python(value) or "").splitlines()
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > _MOST:
            over = len(value) - _MOST
            words = ngettext(
                "Al massimo 12 righe: ce n’è %(n)d di troppo.",
                "Al massimo 12 righe: ce ne sono %(n)d di troppo.",
                over,
            )
            raise forms.ValidationError(words % {"n": over})
        for line in value:
            if len(line) > LONGEST_LINE:
                raise forms.ValidationError(_("«%(line)s…» è troppo lunga.") % {"line": line[:40]})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(list(initial or []) != self.to_python(data))


class FrontForm(forms.ModelForm):  # type: ignore[type-arg]  # subscriptable for mypy only
    topics = LinesField(
        label=gettext_lazy("Di che cosa si può scrivere"),
        required=False,
        help_text=gettext_lazy(
            "Uno per riga, con un esempio dopo i due punti: «Anagrafe: carta d’identità, residenza». Chi preme apre la chat con "
            "la parola già scritta."
        ),
    )
    not_here = LinesField(
        label=gettext_lazy("Che cosa non si scrive qui"),
        required=False,
        help_text=gettext_lazy(
            "Uno per riga, con la spiegazione dopo i due punti: «Dati bancari e sanitari: non scriverli in chat». Il 112 e il "
            "servizio di segnalazione ci sono già."
        ),
    )
    trial_until = DayField(
        label=gettext_lazy("In prova fino al"),
        required=False,
        help_text=gettext_lazy(
            "Fino a questo giorno lo dicono tutte le pagine pubbliche. Vuoto: non è in prova."
        ),
    )

    class Meta:
        model = FrontPage
        fields = (
            "topics",
            "not_here",
            "card_name",
            "toll_free",
            "counter_address",
            "counter_hours",
            "trial_until",
            "trial_words",
        )
        help_texts = {
            "card_name": gettext_lazy(
                "Come si chiama il numero quando lo si salva, per esempio «UrpComune»."
            ),
            "counter_hours": gettext_lazy("Dell’ufficio, non della chat: «lun–ven 8:30–12:30»."),
            "trial_words": gettext_lazy("Per esempio «Il servizio è in prova: scrivici che cosa ne pensi»."),
        }


@dataclass(frozen=True)
class FrontScreen(Screen):
    trial: Trial | None


@setting(methods=FORM)
def front(request: HttpRequest) -> HttpResponse:
    page = front_page()
    form = FrontForm(posted(request), instance=page)
    if form.is_valid():
        with transaction.atomic():
            form.save()
            record(request, "desk.changed_front")
        messages.success(request, _("Pagina salvata: i cittadini la leggono da adesso."))
        return redirect("settings:desk_front")
    status = 422 if form.is_bound else 200
    return show(
        request, "desk_front/settings/front.html", FrontScreen(trial_of(page)), form=form, status=status
    )
