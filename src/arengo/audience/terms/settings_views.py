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
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from arengo.audience import basis_words, policies
from arengo.audience.answers import CONFIRM
from arengo.audience.basis import Basis
from arengo.audience.double_opt_in.models import Pending
from arengo.audience.models import ListSettings, Policy
from arengo.audience.wording import Wording
from arengo.core import automatic
from arengo.core.access import FORM, organization_of
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.form_fields import CountField
from arengo.core.screens import Screen

MOST_DAYS = 30  # to confirm a join


class TermsForm(forms.ModelForm):  # type: ignore[type-arg]  # subscriptable for mypy only
    confirm_days = CountField(
        label=gettext_lazy("Giorni per confermare"),
        least=1,
        most=MOST_DAYS,
        help_text=gettext_lazy("Da 1 a 30. Poi la richiesta scade, e resta soltanto nel registro."),
    )

    class Meta:
        model = ListSettings
        fields = ("legal_basis", "minimum_age", "double_opt_in", "confirm_days")
        widgets = {"legal_basis": forms.RadioSelect, "minimum_age": forms.TextInput}
        help_texts = {
            "legal_basis": gettext_lazy(
                "Un ente pubblico di solito informa i cittadini per compito di interesse pubblico: chi si iscrive fa una richiesta, e la "
                "revoca quando vuole. Con il consenso le pagine e l’informativa di serie dicono «consenso». Decide l’ente con il "
                "responsabile della protezione dei dati."
            ),
            "double_opt_in": gettext_lazy(
                "Chi chiede di iscriversi riceve una domanda, ed è nella lista solo quando risponde SÌ. Protegge chi ha un numero che "
                "altri scrivono per errore o per scherzo, e dà una prova in più; una parte delle persone però non risponde, e non si "
                "iscrive. Per legge non serve. Vale per chi scrive nella chat (messaggio, pulsante, codice QR, modulo del sito) e per "
                "chi è iscritto da un operatore che legge un messaggio. Non vale per chi si iscrive dalla sua pagina, che ha già aperto "
                "dalla chat, né per le importazioni, che hanno una prova loro."
            ),
            "minimum_age": gettext_lazy(
                "Una frase, per esempio «Ci si può iscrivere dai 14 anni.» Si legge nel benvenuto, nell’informativa e nella pagina "
                "che spiega come iscriversi. Vuoto: non si dice nulla."
            ),
        }

    def __init__(self, *args: Any, wording: Wording, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wording = wording

    def clean_double_opt_in(self) -> bool:
        wanted = bool(self.cleaned_data["double_opt_in"])
        if wanted and not self.instance.confirm_text:
            raise forms.ValidationError(
                _(
                    "Prima scrivi la domanda di conferma, in Parole e messaggi della lista: senza, nessuno potrebbe iscriversi."
                )
            )
        return wanted

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
    """``lags``: the notice in force was published on another basis. ``silent``: joins wait for a question that is not sent.

    ``waiting``: how many joins wait to be confirmed.
    """

    lags: bool
    silent: bool
    question: str
    waiting: int


def notice_lags() -> bool:
    """Whether the notice in force was published on another basis than is set. Before that was set, ours spoke of consent."""
    notice = policies.current(Policy.Kind.PRIVACY)
    return notice is not None and (notice.legal_basis or Basis.CONSENT) != basis_words.current()


def question_is_off() -> bool:
    """Whether joins have to be confirmed, and nobody is asked: then nobody joins."""
    asked = ListSettings.objects.filter(double_opt_in=True).exclude(confirm_text="").exists()
    wanted = ListSettings.objects.filter(double_opt_in=True).exists()
    return wanted and not (asked and CONFIRM in automatic.switched_on())


@setting(methods=FORM)
def terms(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    own = ListSettings.objects.first() or ListSettings(organization=organization)
    form = TermsForm(posted(request), instance=own, wording=Wording.of(organization))
    if request.method == "POST" and form.is_valid():
        form.save()
        if "double_opt_in" in form.changed_data and own.double_opt_in:
            automatic.switch([CONFIRM], on=True)
        record(request, "audience.changed_terms", on=own, changed=sorted(form.changed_data))
        messages.success(request, _("Condizioni salvate: valgono da adesso."))
        return redirect("settings:terms")
    page = TermsPage(
        notice_lags(),
        question_is_off(),
        Wording.of(organization).message(own.confirm_text),
        Pending.objects.filter(expires_at__gt=timezone.now()).count(),
    )
    return show(request, "audience_terms/terms.html", page, form=form, status=422 if form.errors else 200)
