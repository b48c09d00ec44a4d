# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The last steps before the import: what proves the consents, and what will come of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from arengo.audience.imports import running, verbs
from arengo.audience.imports.models import Import, Row
from arengo.audience.imports.proof import summary
from arengo.audience.imports.steps import CONSENT, REHEARSAL, steps_at
from arengo.audience.imports.verbs import NotNow, Told
from arengo.audience.imports.views import import_of
from arengo.audience.models import Subscription
from arengo.core.access import FORM, organization_of, person_of, staff
from arengo.core.console.settings_access import posted
from arengo.core.form_fields import DayField
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.delivery.models import Sender
from arengo.delivery.prices import pricing

_UPDATE = "marketing"  # what the platform bills an update as (newsroom/templates.py)


class ProofForm(forms.Form):
    """What proves the consents. With a proof a row, what is said of the document may be left empty."""

    use_required_attribute = False  # what is required changes with the first answer

    proof = forms.ChoiceField(
        label=gettext_lazy("La prova"),
        choices=Import.Proof,
        widget=forms.RadioSelect,
        initial=Import.Proof.DOCUMENT,
        help_text=gettext_lazy("Con «una per riga» le date, la frase e il luogo si possono lasciare vuoti."),
    )
    way = forms.ChoiceField(
        label=gettext_lazy("In che modo"),
        choices=Import.Way,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Scegli in che modo.")},
    )
    first_day = DayField(
        label=gettext_lazy("Dal"), error_messages={"required": gettext_lazy("Scrivi da quando.")}
    )
    last_day = DayField(
        label=gettext_lazy("Al"),
        error_messages={"required": gettext_lazy("Scrivi fino a quando.")},
        help_text=gettext_lazy("È la data di chi nel file non ne ha una sua."),
    )
    words = forms.CharField(
        label=gettext_lazy("Che cosa c’era scritto"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Scrivi la frase che le persone hanno letto.")},
        help_text=gettext_lazy("La frase che la persona ha letto."),
    )
    place = forms.CharField(
        label=gettext_lazy("Dove si conservano gli originali"),
        max_length=300,
        error_messages={
            "required": gettext_lazy(
                "Scrivi dove si trovano i moduli: ufficio, armadio, protocollo o cartella."
            )
        },
        help_text=gettext_lazy("Per esempio: archivio URP, faldone 12, prot. 1182/2024."),
    )
    declared = forms.BooleanField(
        label=gettext_lazy("Dichiaro che queste richieste esistono e che le posso mostrare."),
        error_messages={"required": gettext_lazy("Senza questa dichiarazione non si può importare.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (self.data.get("proof") or self.initial.get("proof")) == Import.Proof.ROWS:
            for name in ("first_day", "last_day", "words", "place"):
                self.fields[name].required = False

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if isinstance(first, date) and isinstance(last, date) and first > last:
            self.add_error("last_day", _("Questo giorno viene prima dell’altro."))
        elif isinstance(last, date) and last > timezone.localdate():
            self.add_error("last_day", _("Questo giorno deve ancora venire."))
        return cleaned


@dataclass(frozen=True)
class ConsentPage(Screen):
    form: ProofForm
    ready: int


@staff(Role.ADMINISTRATOR, methods=FORM)
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    batch = import_of(pk)
    if batch.state != Import.State.CHECKED:
        return redirect("audience:import", pk=pk)
    told = {
        name: getattr(batch, name) for name in ("proof", "way", "first_day", "last_day", "words", "place")
    }
    form = ProofForm(posted(request), initial={name: value for name, value in told.items() if value})
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in told}
        try:
            verbs.tell_proof(pk, Told(**fields))
        except NotNow as refused:
            messages.error(request, str(refused))
        return redirect("audience:import_rehearsal", pk=pk)
    counts = running.counts(pk)
    page = ConsentPage(form, counts.get(Row.State.READY, 0) + counts.get(Row.State.UNPROVED, 0))
    status = 422 if form.errors else 200
    return render_screen(
        request, "audience_imports/consent.html", page, steps_at(CONSENT, batch), status=status
    )


@dataclass(frozen=True)
class RehearsalPage(Screen):
    """``cost_before``, ``cost_after``: of an update to all, None where no price is set; minutes at the sender's pace."""

    before: int
    after: int
    ready: int
    listed: int
    out: int
    wrong: int
    double: int
    left: int
    unproved: int
    cost_before: Decimal | None
    cost_after: Decimal | None
    currency: str
    minutes_before: int
    minutes_after: int
    proof: str


@staff(Role.ADMINISTRATOR, methods=FORM)
def rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    """Before and after, in numbers; nothing is written until the button is pressed."""
    batch = import_of(pk)
    if batch.state != Import.State.CHECKED:
        return redirect("audience:import", pk=pk)
    if request.method == "POST":
        try:
            verbs.start(pk, by=person_of(request))
        except NotNow as refused:
            messages.error(request, str(refused))
            return redirect("audience:import_rehearsal", pk=pk)
        return redirect("audience:import", pk=pk)
    if not batch.proof:
        return redirect("audience:import_consent", pk=pk)
    page = _rehearsal_page(request, batch)
    return render_screen(request, "audience_imports/rehearsal.html", page, steps_at(REHEARSAL, batch))


def _rehearsal_page(request: HttpRequest, batch: Import) -> RehearsalPage:
    counts = running.counts(batch.pk)
    before, ready = Subscription.objects.filter(active=True).count(), counts.get(Row.State.READY, 0)
    listed = counts.get(Row.State.LISTED, 0)
    sender = Sender.objects.get(pk=batch.sender_id)
    costs = [
        pricing.estimate(organization_of(request), sender, _UPDATE, many) for many in (before, before + ready)
    ]
    minutes = [max(1, math.ceil(many / max(1, sender.rate) / 60)) for many in (before, before + ready)]
    return RehearsalPage(
        before=before,
        after=before + ready,
        ready=ready,
        listed=listed,
        out=sum(counts.values()) - ready - listed,
        wrong=counts.get(Row.State.WRONG, 0),
        double=counts.get(Row.State.DOUBLE, 0),
        left=counts.get(Row.State.LEFT, 0),
        unproved=counts.get(Row.State.UNPROVED, 0),
        cost_before=costs[0].rounded if costs[0] else None,
        cost_after=costs[1].rounded if costs[1] else None,
        currency=costs[1].currency if costs[1] else "",
        minutes_before=minutes[0],
        minutes_after=minutes[1],
        proof=summary(batch),
    )
