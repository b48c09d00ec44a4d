# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Personale e ruoli: who works here and as what, and who is invited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from arengo.accounts import invitations, members
from arengo.accounts.models import Invitation
from arengo.core.access import FORM, WRITE, organization_of, person_of
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.console.settings_access import may_edit, posted, setting, show
from arengo.core.models import Membership, Role
from arengo.core.screens import Screen

DUTIES = {
    Role.OPERATOR: gettext_lazy("legge i messaggi dei cittadini e risponde"),
    Role.EDITOR: gettext_lazy("scrive e invia gli aggiornamenti, segue gli iscritti"),
    Role.APPROVER: gettext_lazy("scrive, rilegge e invia gli aggiornamenti"),
    Role.ADMINISTRATOR: gettext_lazy("può tutto, e cambia le impostazioni"),
    Role.AUDITOR: gettext_lazy("vede sportello, iscritti, impostazioni e registro, senza cambiare nulla"),
}


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Ruoli"),
        choices=[(role.value, role.label) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Scegli almeno un ruolo.")},
    )


class InviteForm(RolesForm):
    email = forms.EmailField(label=gettext_lazy("E-mail di lavoro"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Nome e cognome"), max_length=150)
    field_order = ("name", "email", "roles")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if Membership.objects.filter(person__email=email).exists():
            raise forms.ValidationError(_("Questa persona c’è già: cambia i suoi ruoli nell’elenco."))
        return email


class SecondFactorForm(forms.Form):
    required = forms.BooleanField(
        label=gettext_lazy("Chiedi a tutto il personale il secondo passaggio all’accesso"),
        help_text=gettext_lazy(
            "A chi non l’ha ancora, Arengo lo fa impostare al prossimo clic. Agli amministratori lo chiede sempre."
        ),
        required=False,
    )


@dataclass(frozen=True)
class StaffPage(Screen):
    """``sent``: the invitation that has just been made. ``duties``: each role with what it is for."""

    members: QuerySet[Membership]
    waiting: Sequence[Invitation]
    sent: invitations.Sent | None
    duties: Sequence[tuple[str, str]]
    second_factor: SecondFactorForm


@dataclass(frozen=True)
class MemberPage(Screen):
    member: Membership
    duties: Sequence[tuple[str, str]]
    sent: invitations.Sent | None


@setting(methods=FORM)
def staff_page(request: HttpRequest) -> HttpResponse:
    form = InviteForm(posted(request))
    sent = None
    if request.method == "POST" and form.is_valid():
        try:
            sent = invitations.invite(organization_of(request), by=person_of(request), **form.cleaned_data)
        except invitations.Refused as reason:
            form.add_error("email", str(reason))
        else:
            form = InviteForm()
    return _staff(request, form, sent, status=422 if form.errors else 200)


def _staff(
    request: HttpRequest, form: InviteForm, sent: invitations.Sent | None, status: int = 200
) -> HttpResponse:
    organization = organization_of(request)
    second_factor = SecondFactorForm(initial={"required": organization.require_second_factor})
    second_factor.fields["required"].disabled = not may_edit(request)
    page = StaffPage(
        members=Membership.objects.select_related("person").order_by("person__name", "pk"),
        waiting=invitations.waiting(organization),
        sent=sent,
        duties=_duties(),
        second_factor=second_factor,
    )
    return show(request, "accounts/settings/staff.html", page, form=form, status=status)


def _duties() -> list[tuple[str, str]]:
    return [(str(role.label), str(words)) for role, words in DUTIES.items()]


@setting(methods=WRITE)
def require_second_factor(request: HttpRequest) -> HttpResponse:
    required = request.POST.get("required") == "on"
    members.require_second_factor(organization_of(request), required, by=person_of(request))
    words = (
        _("Il secondo passaggio è chiesto a tutti.") if required else _("Il secondo passaggio è a scelta.")
    )
    messages.success(request, words)
    return redirect("settings:staff")


@setting(methods=WRITE)
def renew_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Invitation.objects, pk=pk)
    try:
        sent = invitations.renew(organization_of(request), found, by=person_of(request))
    except invitations.Refused as reason:
        messages.error(request, str(reason))
        return redirect("settings:staff")
    return _staff(request, InviteForm(), sent)


@dataclass(frozen=True)
class Revoking(Question):
    invited: Invitation


def _revoking(request: HttpRequest, pk: int) -> Revoking:
    return Revoking(reverse("settings:staff"), "", get_object_or_404(Invitation.objects, pk=pk))


@setting(methods=FORM)
@asks("accounts/settings/revoke_question.html", _revoking)
def revoke_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Invitation.objects, pk=pk)
    try:
        invitations.revoke(organization_of(request), found, by=person_of(request))
    except invitations.Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("L’invito per %(name)s è revocato.") % {"name": isolated(found.name)})
    return redirect("settings:staff")


@setting(methods=FORM)
def member(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Membership.objects.select_related("person"), pk=pk)
    form = RolesForm(posted(request), initial={"roles": list(found.roles)})
    if request.method == "POST" and form.is_valid():
        try:
            members.change_roles(
                organization_of(request), found, form.cleaned_data["roles"], by=person_of(request)
            )
        except members.LastAdministrator as reason:
            form.add_error("roles", str(reason))
        else:
            messages.success(request, _("Ruoli salvati."))
            return redirect("settings:staff")
    return _member(request, found, form, None, status=422 if form.errors else 200)


def _member(
    request: HttpRequest,
    found: Membership,
    form: RolesForm,
    sent: invitations.Sent | None,
    status: int = 200,
) -> HttpResponse:
    page = MemberPage(found, _duties(), sent)
    return show(request, "accounts/settings/member.html", page, form=form, status=status)


@dataclass(frozen=True)
class AboutMember(Question):
    member: Membership


def _about_member(request: HttpRequest, pk: int) -> AboutMember:
    found = get_object_or_404(Membership.objects.select_related("person"), pk=pk)
    return AboutMember(reverse("settings:member", args=[pk]), "", found)


@setting(methods=FORM)
@asks("accounts/settings/renew_question.html", _about_member)
def renew_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A new way in for a member whose address nobody proved."""
    found = get_object_or_404(Membership.objects.select_related("person"), pk=pk)
    try:
        sent = invitations.new_way_in(organization_of(request), found, by=person_of(request))
    except invitations.Refused as reason:
        messages.error(request, str(reason))
        return redirect("settings:member", pk=pk)
    return _member(request, found, RolesForm(initial={"roles": list(found.roles)}), sent)


@setting(methods=FORM)
@asks("accounts/settings/remove_question.html", _about_member)
def remove_member(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Membership.objects.select_related("person"), pk=pk)
    try:
        members.remove(organization_of(request), found, by=person_of(request))
    except members.LastAdministrator as reason:
        messages.error(request, str(reason))
        return redirect("settings:member", pk=pk)
    messages.success(request, _("%(name)s non entra più nella console.") % {"name": isolated(found.person)})
    return redirect("settings:staff")
