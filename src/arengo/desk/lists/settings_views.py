# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sportelli: which desks there are, on which numbers, who sees each; and within what time citizens are answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, WRITE, organization_of, person_of
from arengo.core.console.settings_access import may_edit, posted, setting, show
from arengo.core.form_fields import CountField
from arengo.core.models import Membership, Role
from arengo.core.screens import Screen
from arengo.delivery.models import Sender
from arengo.desk.lists import verbs, waiting
from arengo.desk.lists.models import LONGEST_PROMISE
from arengo.desk.lists.verbs import MOST_DESKS, DeskFacts
from arengo.desk.models import Desk


class _Members(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # subscriptable for mypy only
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.person)


class DeskForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Nome"), max_length=60)
    order = CountField(
        most=999,
        label=gettext_lazy("Ordine"),
        initial=10,
        help_text=gettext_lazy(
            "Chi scrive per la prima volta va al primo sportello del suo numero: quello con l’ordine più basso."
        ),
    )
    senders: Any = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Numeri su cui risponde"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Nessuno scelto: tutti i numeri dell’ente."),
    )
    everyone = forms.BooleanField(
        label=gettext_lazy("Lo vedono tutti gli operatori"), required=False, initial=True
    )
    members = _Members(
        label=gettext_lazy("Altrimenti, chi lo vede"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Amministratori e revisori vedono sempre tutti gli sportelli."),
    )
    active = forms.BooleanField(
        label=gettext_lazy("In servizio"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Fuori servizio non riceve conversazioni nuove. Quelle che ha restano qui, e ci si risponde."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["senders"].queryset = Sender.objects.order_by("pk")  # type: ignore[attr-defined]  # of a model's field
        self.fields["members"].queryset = (  # type: ignore[attr-defined]  # likewise
            Membership.objects.filter(roles__contains=[Role.OPERATOR])
            .select_related("person")
            .order_by("person__name", "pk")
        )

    def facts(self) -> DeskFacts:
        given = self.cleaned_data
        return DeskFacts(
            name=" ".join(given["name"].split()),
            order=given["order"],
            active=given["active"],
            everyone=given["everyone"],
            members=list(given["members"]),
            senders=list(given["senders"]),
        )


class PromiseForm(forms.Form):
    minutes = CountField(
        least=5,
        most=LONGEST_PROMISE,
        label=gettext_lazy("Minuti di apertura"),
        help_text=gettext_lazy(
            "Chi aspetta da più tempo sta in cima all’elenco, in un gruppo suo. Conta il tempo in cui lo sportello è aperto."
        ),
    )


@dataclass(frozen=True)
class DesksPage(Screen):
    """``most``: how many there may be."""

    desks: Sequence[Desk]
    promise_form: PromiseForm
    may_add: bool
    most: int


@dataclass(frozen=True)
class DeskPage(Screen):
    """``desk``: None for a new one."""

    desk: Desk | None


def _desks_page(request: HttpRequest, form: PromiseForm, status: int = 200) -> HttpResponse:
    found = list(Desk.objects.prefetch_related("senders", "members__person"))
    if not may_edit(request):
        form.fields["minutes"].disabled = True
    page = DesksPage(found, form, len(found) < MOST_DESKS, MOST_DESKS)
    return show(request, "desk_lists/settings/desks.html", page, status=status)


@setting()
def desks(request: HttpRequest) -> HttpResponse:
    return _desks_page(request, PromiseForm(initial={"minutes": waiting.promise()}))


@setting(methods=WRITE)
def promise(request: HttpRequest) -> HttpResponse:
    form = PromiseForm(request.POST)
    if not form.is_valid():
        return _desks_page(request, form, status=422)
    verbs.promise_to_answer(organization_of(request), form.cleaned_data["minutes"], by=person_of(request))
    messages.success(request, _("Salvato."))
    return redirect("settings:desks")


@setting(methods=FORM)
def desk_new(request: HttpRequest) -> HttpResponse:
    form = DeskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.make_desk(organization_of(request), form.facts(), by=person_of(request))
        except verbs.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Lo sportello è aggiunto."))
            return redirect("settings:desk", made.pk)
    return show(
        request,
        "desk_lists/settings/desk.html",
        DeskPage(None),
        form=form,
        status=422 if form.errors else 200,
    )


@setting(methods=FORM)
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    found: Desk = get_object_or_404(Desk.objects, pk=pk)
    initial = {
        "name": found.name,
        "order": found.order,
        "active": found.active,
        "everyone": found.everyone,
        "members": list(found.members.values_list("pk", flat=True)),
        "senders": list(found.senders.values_list("pk", flat=True)),
    }
    form = DeskForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change_desk(organization_of(request), found, form.facts(), by=person_of(request))
        except verbs.Refused as refused:
            form.add_error(None, str(refused))
            found = get_object_or_404(Desk.objects, pk=pk)
        else:
            messages.success(request, _("Salvato."))
            return redirect("settings:desks")
    return show(
        request,
        "desk_lists/settings/desk.html",
        DeskPage(found),
        form=form,
        status=422 if form.errors else 200,
    )
