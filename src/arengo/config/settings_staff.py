# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Personale e ruoli: who works here and as what. There is always an administrator."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from smtplib import SMTPException

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from arengo.config.settings_access import posted, record, setting, show
from arengo.core.access import organization_of, person_of
from arengo.core.models import Membership, Person, Role
from arengo.core.scope import every_organization

log = logging.getLogger(__name__)

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


class LastAdministrator(Exception):
    """Somebody must be able to change the settings."""


@dataclass(frozen=True)
class Invitation:
    """``link`` is empty for who has an account already: they sign in as they always do."""

    membership: Membership
    link: str
    mailed: bool


def may_set_password(person: Person) -> bool:
    """Only who has no password yet and works nowhere else: nobody's account is taken over by an invitation."""
    with every_organization("an account may belong to several organizations"):
        places = Membership.objects.filter(person=person).count()
    return not person.has_usable_password() and places <= 1


def password_link(request: HttpRequest, person: Person) -> str:
    """Works once, for three days: setting the password makes it worthless."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    uid, _dash, token = key.partition("-")
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    return request.build_absolute_uri(path)


def invite(request: HttpRequest, *, email: str, name: str, roles: list[str]) -> Invitation:
    organization = organization_of(request)
    with transaction.atomic():
        person = Person.objects.filter(email=email).first() or Person.objects.create_user(
            email, None, name=name
        )
        membership: Membership = Membership.objects.create(
            organization=organization, person=person, roles=roles
        )
        record(request, "core.invited", on=membership, roles=roles, person=person.pk)
    link = password_link(request, person) if may_set_password(person) else ""
    return Invitation(membership, link, _mail(request, person, link))


def _mail(request: HttpRequest, person: Person, link: str) -> bool:
    context = {
        "organization": organization_of(request),
        "person": person,
        "by": person_of(request),
        "link": link,
        "console": request.build_absolute_uri(reverse("console")),
    }
    if not settings.EMAIL_LEAVES:
        return False
    subject = _("Il tuo accesso alla console di %(name)s") % {"name": organization_of(request).name}
    try:
        send_mail(subject, render_to_string("settings/invitation.txt", context), None, [person.email])
    except (SMTPException, OSError) as error:
        log.warning("An invitation could not be mailed: %s.", type(error).__name__)
        return False
    return True


def _others_administer(membership: Membership) -> bool:
    locked = Membership.objects.select_for_update().filter(roles__contains=[Role.ADMINISTRATOR])
    return any(other.pk != membership.pk for other in locked.select_related(None))


def change_roles(request: HttpRequest, membership: Membership, roles: list[str]) -> None:
    with transaction.atomic():
        loses = Role.ADMINISTRATOR in membership.roles and Role.ADMINISTRATOR not in roles
        if loses and membership.person_id == person_of(request).pk:
            raise LastAdministrator(
                _("Il proprio ruolo di amministratore lo toglie un altro amministratore.")
            )
        if loses and not _others_administer(membership):
            raise LastAdministrator(_("È l’ultimo amministratore: prima nominane un altro."))
        record(
            request,
            "core.changed_roles",
            on=membership,
            before=membership.roles,
            after=roles,
            person=membership.person_id,
        )
        membership.roles = roles
        membership.save(update_fields=["roles"])


def remove(request: HttpRequest, membership: Membership) -> None:
    with transaction.atomic():
        if membership.person_id == person_of(request).pk:
            raise LastAdministrator(_("Non puoi togliere te stesso: lo fa un altro amministratore."))
        if Role.ADMINISTRATOR in membership.roles and not _others_administer(membership):
            raise LastAdministrator(_("È l’ultimo amministratore: prima nominane un altro."))
        record(request, "core.removed_member", on=membership, person=membership.person_id)
        membership.delete()


@setting
@require_http_methods(["GET", "HEAD", "POST"])
def staff_page(request: HttpRequest) -> HttpResponse:
    form = InviteForm(posted(request))
    invitation = None
    if request.method == "POST" and form.is_valid():
        invitation = invite(request, **form.cleaned_data)
        form = InviteForm()
    members = Membership.objects.select_related("person").order_by("person__name", "pk")
    context = {"members": members, "invitation": invitation, "duties": _duties()}
    return show(request, "settings/staff.html", context, form=form, status=422 if form.errors else 200)


def _duties() -> list[tuple[str, str]]:
    return [(str(role.label), str(words)) for role, words in DUTIES.items()]


@setting
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Membership.objects.select_related("person"), pk=pk)
    form = RolesForm(posted(request), initial={"roles": list(found.roles)})
    if request.method == "POST" and form.is_valid():
        try:
            change_roles(request, found, form.cleaned_data["roles"])
        except LastAdministrator as reason:
            form.add_error("roles", str(reason))
        else:
            messages.success(request, _("Ruoli salvati."))
            return redirect("settings:staff")
    context = {"member": found, "duties": _duties(), "may_renew": may_set_password(found.person)}
    return show(request, "settings/member.html", context, form=form, status=422 if form.errors else 200)


@setting
@require_POST
def renew_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A fresh link for who has not set a password yet."""
    found = get_object_or_404(Membership.objects.select_related("person"), pk=pk)
    if not may_set_password(found.person):
        messages.error(
            request, _("Questa persona ha già una password: usa «Password dimenticata» all’accesso.")
        )
        return redirect("settings:member", pk=pk)
    record(request, "core.renewed_invitation", on=found, person=found.person_id)
    link = password_link(request, found.person)
    context = {
        "member": found,
        "duties": _duties(),
        "may_renew": True,
        "invitation": Invitation(found, link, _mail(request, found.person, link)),
    }
    return show(
        request, "settings/member.html", context, form=RolesForm(initial={"roles": list(found.roles)})
    )


@setting
@require_POST
def remove_member(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Membership.objects.select_related("person"), pk=pk)
    try:
        remove(request, found)
    except LastAdministrator as reason:
        messages.error(request, str(reason))
        return redirect("settings:member", pk=pk)
    messages.success(request, _("%(name)s non entra più nella console.") % {"name": found.person})
    return redirect("settings:staff")
