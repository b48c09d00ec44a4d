# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Assenze: one's own, and for administrators everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, WRITE, membership_of, organization_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.form_fields import DayField
from arengo.core.models import Membership, Person, Role
from arengo.core.screens import Screen, render_screen
from arengo.desk.absences import verbs
from arengo.desk.absences.models import Absence

_MOST = 200  # absences on the page


class AbsenceForm(forms.Form):
    """``people``: for whom the absence may be noted, the first of them as proposed."""

    person = forms.TypedChoiceField(label=gettext_lazy("Chi"), coerce=int)
    first = DayField(label=gettext_lazy("Primo giorno"))
    last = DayField(label=gettext_lazy("Ultimo giorno"))

    def __init__(self, people: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [(person.pk, isolated(person)) for person in people]


@dataclass(frozen=True)
class Line:
    absence: Absence
    holds: bool  # today
    may_end: bool


@dataclass(frozen=True)
class AbsencesPage(Screen):
    form: AbsenceForm
    lines: Sequence[Line]


def _administers(request: HttpRequest) -> bool:
    membership = membership_of(request)
    return membership is not None and Role.ADMINISTRATOR in membership.roles


@staff(Role.OPERATOR, methods=FORM)
def absences(request: HttpRequest) -> HttpResponse:
    me, today = person_of(request), timezone.localdate()
    people = {me.pk: me}
    if _administers(request):
        found = Membership.objects.filter(
            roles__overlap=[Role.OPERATOR, Role.ADMINISTRATOR], person__is_active=True
        )
        people |= {
            each.person.pk: each.person
            for each in found.select_related("person").order_by("person__name", "person_id")
        }
    form = AbsenceForm(
        list(people.values()),
        request.POST if request.method == "POST" else None,
        initial={"person": me.pk, "first": today, "last": today},
    )
    status = 200
    if request.method == "POST":
        if form.is_valid() and _noted(request, form, people):
            messages.success(request, _("Assenza annotata."))
            return redirect("desk:absences")
        status = 422
    open_ones = Absence.objects.filter(ended_at=None, last__gte=today).select_related("person")
    administers = _administers(request)
    lines = [
        Line(each, each.first <= today, administers or each.person_id == me.pk)
        for each in open_ones.order_by("first", "id")[:_MOST]
    ]
    return render_screen(request, "desk_absences/page.html", AbsencesPage(form, lines), status=status)


def _noted(request: HttpRequest, form: AbsenceForm, people: dict[int, Person]) -> bool:
    """Whether it could be; else the form says why not."""
    values = form.cleaned_data
    try:
        verbs.note(
            organization_of(request),
            people[values["person"]],
            first=values["first"],
            last=values["last"],
            by=person_of(request),
        )
    except verbs.AbsenceRefused as refused:
        form.add_error("last", str(refused))
        return False
    return True


@staff(Role.OPERATOR, methods=WRITE)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """404 for another person's, unless an administrator asks."""
    absence = get_object_or_404(Absence.objects.select_related("person"), pk=pk)
    if absence.person_id != person_of(request).pk and not _administers(request):
        raise Http404
    verbs.end(absence, by=person_of(request))
    messages.success(request, _("%(name)s non risulta più assente.") % {"name": isolated(absence.person)})
    return redirect("desk:absences")
