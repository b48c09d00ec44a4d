# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Impostazioni → Condizioni dell’iscrizione."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy

from arengo.audience import basis_words, policies
from arengo.audience.basis import Basis
from arengo.audience.models import ListSettings, Policy
from arengo.audience.wording import Wording
from arengo.core.access import FORM, organization_of
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.screens import Screen


class TermsForm(forms.ModelForm):  # type: ignore[type-arg]  # subscriptable for mypy only
    class Meta:
        model = ListSettings
        fields = ("legal_basis", "minimum_age")
        widgets = {"legal_basis": forms.RadioSelect, "minimum_age": forms.TextInput}
        help_texts = {
            "legal_basis": gettext_lazy(
                "Un ente pubblico di solito informa i cittadini per compito di interesse pubblico: chi si iscrive fa una richiesta, e la "
                "revoca quando vuole. Con il consenso le pagine e l’informativa di serie dicono «consenso». Decide l’ente con il "
                "responsabile della protezione dei dati."
            ),
            "minimum_age": gettext_lazy(
                "Una frase, per esempio «Ci si può iscrivere dai 14 anni.» Si legge nel benvenuto, nell’informativa e nella pagina "
                "che spiega come iscriversi. Vuoto: non si dice nulla."
            ),
        }

    def __init__(self, *args: Any, wording: Wording, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wording = wording

    def clean_minimum_age(self) -> str:
        age = str(self.cleaned_data["minimum_age"])
        if problem := self.wording.problem(self.instance.welcome_text, age):
            raise forms.ValidationError(
                _("Con questa frase il messaggio di benvenuto sarebbe troppo lungo. %(problem)s")
                % {"problem": problem}
            )
        return age


@dataclass(frozen=True)
class TermsPage(Screen):
    """``lags``: the notice in force was published on another basis."""

    lags: bool


def notice_lags() -> bool:
    """Whether the notice in force was published on another basis than is set. Before that was set, ours spoke of consent."""
    notice = policies.current(Policy.Kind.PRIVACY)
    return notice is not None and (notice.legal_basis or Basis.CONSENT) != basis_words.current()


@setting(methods=FORM)
def terms(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    own = ListSettings.objects.first() or ListSettings(organization=organization)
    form = TermsForm(posted(request), instance=own, wording=Wording.of(organization))
    if request.method == "POST" and form.is_valid():
        form.save()
        record(request, "audience.changed_terms", on=own, changed=sorted(form.changed_data))
        messages.success(request, _("Condizioni salvate: valgono da adesso."))
        return redirect("settings:terms")
    page = TermsPage(notice_lags())
    return show(request, "audience_terms/terms.html", page, form=form, status=422 if form.errors else 200)
