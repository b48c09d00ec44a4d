# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cambia: what a citizen receives, changed by staff at their request. How they asked is the proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from arengo.audience import choosing, frequencies, people, receiving
from arengo.audience.models import Identity, Subscription
from arengo.audience.receiving import Names, Receives
from arengo.audience.topics.card import MAY_CHANGE
from arengo.audience.topics.models import Choosing
from arengo.core.access import FORM, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.form_fields import MeasuredField
from arengo.core.screens import Screen, render_screen

_WAYS = (
    ("chat", gettext_lazy("Nella chat, in una conversazione")),
    ("desk", gettext_lazy("Di persona, allo sportello")),
    ("phone", gettext_lazy("Al telefono")),
    ("written", gettext_lazy("Per iscritto: lettera, mail o PEC")),
)


class ChooseForm(forms.Form):
    topics = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Temi"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nessuno: li riceve tutti, anche quelli che si aggiungeranno."),
    )
    quarters = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Quartieri"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nessuno: riceve gli avvisi di tutta la città."),
    )
    frequency = forms.ChoiceField(
        label=gettext_lazy("Quanto spesso"), required=False, widget=forms.RadioSelect
    )
    asked = forms.ChoiceField(
        label=gettext_lazy("Come lo ha chiesto"),
        choices=_WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Scegli come la persona lo ha chiesto: è la prova.")},
    )
    note = MeasuredField(
        label=gettext_lazy("Parole o riferimento"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Per esempio ciò che ha detto, o il numero di protocollo."),
    )

    def __init__(self, *args: Any, names: Names, before: Receives, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, named, chosen in (
            ("topics", names.topics, before.topics),
            ("quarters", names.quarters, before.quarters),
        ):
            # What ended can be kept by who has it.
            choices = [(pk, one.shown) for pk, one in named.items() if one.ended_at is None or pk in chosen]
            if choices:
                self.fields[field].choices = choices  # type: ignore[attr-defined]  # declared above
            else:
                del self.fields[field]
        offered = frequencies.offered()
        if offered:
            self.fields["frequency"].choices = [(one.key, one.label) for one in offered]  # type: ignore[attr-defined]  # declared above
        else:
            del self.fields["frequency"]

    @property
    def proof(self) -> str:
        asked, note = dict(_WAYS)[self.cleaned_data["asked"]], self.cleaned_data["note"]
        return f"{asked}. {note}" if note else str(asked)


@dataclass(frozen=True)
class ChoosePage(Screen):
    identity: Identity
    name: str
    phone: str
    sentence: str
    form: ChooseForm


@staff(*MAY_CHANGE, methods=FORM)
def choose(request: HttpRequest, pk: int, identity_id: int) -> HttpResponse:
    identity = get_object_or_404(Identity.objects.select_related("contact"), pk=identity_id, contact_id=pk)
    subscription = get_object_or_404(
        Subscription.objects.prefetch_related("topics", "quarters"), identity=identity, active=True
    )
    names, before = Names.read(), receiving.of(subscription)
    initial = {
        "topics": sorted(before.topics),
        "quarters": sorted(before.quarters),
        "frequency": before.frequency,
    }
    bound = request.POST if request.method == "POST" else None
    form = ChooseForm(bound, names=names, before=before, initial=initial)
    if request.method == "POST" and form.is_valid() and _chosen(form, subscription, request):
        messages.success(request, _("Salvato: da ora riceve così."))
        return redirect("audience:citizen", pk)
    page = ChoosePage(
        identity=identity,
        name=isolated(people.name_of(identity.contact)),
        phone=people.masked_phone(identity),
        sentence=names.to_staff(before, identity.words.name),
        form=form,
    )
    return render_screen(request, "audience_topics/choose.html", page, status=422 if form.errors else 200)


def _chosen(form: ChooseForm, subscription: Subscription, request: HttpRequest) -> bool:
    """Whether it is done; else the form says why not."""
    data = form.cleaned_data
    try:
        choosing.choose(
            subscription,
            topics=data.get("topics"),
            quarters=data.get("quarters"),
            frequency=data.get("frequency"),
            way=Choosing.Way.STAFF,
            at=timezone.now(),
            by=person_of(request),
            text=form.proof,
        )
    except choosing.NotOnList:
        form.add_error(None, _("Nel frattempo si è cancellata: non riceve più niente."))
        return False
    except choosing.NotOffered:
        form.add_error(None, _("Un tema o quartiere nel frattempo non c’è più: guarda di nuovo la scelta."))
        return False
    return True
