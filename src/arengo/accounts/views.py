# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of one's own access that are ours: accepting an invitation, one's address, the required second factor."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arengo.accounts import addresses, factors, invitations, tokens
from arengo.accounts.forms import AddressForm, PasswordForm
from arengo.accounts.models import Invitation
from arengo.core.access import FORM, membership_of, organization_of, person_of, refused_method
from arengo.core.clean_text import isolated
from arengo.core.language_views import chosen, leading_back
from arengo.core.models import Person

# The token leaves the address bar: no page that the link leads to names it to anybody. The session, which lies in the
# database, keeps its hash.
_INVITATION = "arengo_invitation"
_ADDRESS = "arengo_address"


@require_safe
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    request.session[_INVITATION] = tokens.hash_of(token)
    return redirect("invitation")


@sensitive_post_parameters()
def invitation(request: HttpRequest) -> HttpResponse:
    """The recipient of the link accepts: with the account that owns the address, else with a new password."""
    organization_of(request)
    if refused := refused_method(request, FORM):
        return refused
    found = invitations.of_link(str(request.session.get(_INVITATION, "")))
    if found is None:
        return render(request, "accounts/invitation_void.html", status=404)
    owner = invitations.owner(found)
    if request.user.is_authenticated and person_of(request) != owner:
        return render(request, "accounts/invitation_other.html", {"invitation": found})
    if owner is None:
        return _set_password(request, found)
    if not request.user.is_authenticated:
        return render(request, "accounts/invitation_sign_in.html", {"invitation": found})
    if request.method == "POST":
        try:
            invitations.accept_as_owner(organization_of(request), found, person_of(request))
        except invitations.Refused as reason:
            messages.error(request, str(reason))
            return redirect("invitation")
        request.session.pop(_INVITATION, None)
        return redirect("console")
    return render(request, "accounts/invitation_accept.html", {"invitation": found})


def _set_password(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = PasswordForm(
        request.POST if request.method == "POST" else None, email=found.email, initial={"name": found.name}
    )
    if request.method == "POST" and form.is_valid():
        try:
            invitations.accept_with_password(
                organization_of(request),
                found,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password1"],
            )
        except invitations.Refused as reason:
            form.add_error(None, str(reason))
        else:
            request.session.pop(_INVITATION, None)
            messages.success(
                request, _("Fatto: adesso entra con la tua e-mail e la password che hai scelto.")
            )
            return redirect("account_login")
    status = 422 if form.errors else 200
    return render(
        request, "accounts/invitation_password.html", {"invitation": found, "form": form}, status=status
    )


@login_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """One's own language: of the console and of mails, wherever one signs in."""
    code = chosen(request)
    if code:
        Person.objects.filter(pk=person_of(request).pk).update(language=code)
    return leading_back(request, code)


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """One's own address: whether it is proved, and another one."""
    person = person_of(request)
    prove = "prove" in request.POST
    form = AddressForm(request.POST if request.method == "POST" and not prove else None)
    if request.method == "POST" and (prove or form.is_valid()):
        wanted = person.email if prove else form.cleaned_data["email"]
        try:
            addresses.ask(person, wanted, organization=organization_of(request))
        except addresses.Refused as reason:
            messages.error(request, str(reason))
        else:
            messages.success(
                request,
                _("Apri il collegamento che è arrivato a %(email)s: fino ad allora non cambia nulla.")
                % {"email": isolated(wanted)},
            )
        return redirect("account_email")
    status = 422 if form.errors else 200
    return render(request, "accounts/address.html", {"form": form}, status=status)


@require_safe
def address_link(request: HttpRequest, token: str) -> HttpResponse:
    request.session[_ADDRESS] = tokens.hash_of(token)
    return redirect("account_email_confirmation")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def address_confirmation(request: HttpRequest) -> HttpResponse:
    """The link from the mail, opened by the person who is signed in: the address becomes theirs by a press."""
    person = person_of(request)
    change = addresses.waiting(person, str(request.session.get(_ADDRESS, "")))
    if change is None:
        return render(request, "accounts/address_void.html", status=404)
    if request.method == "POST":
        try:
            addresses.confirm(person, change, organization=organization_of(request))
        except addresses.Refused as reason:
            messages.error(request, str(reason))
        else:
            request.session.pop(_ADDRESS, None)
            messages.success(request, _("Il tuo indirizzo è verificato."))
        return redirect("account_email")
    return render(request, "accounts/address_confirm.html", {"change": change})


@login_required
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why a second factor is needed before the console opens, and the ways to set one up."""
    membership = membership_of(request)
    if membership is None or factors.has_one(person_of(request)):
        return redirect("console")
    for_all = organization_of(request).require_second_factor
    return render(request, "accounts/second_factor.html", {"for_all": for_all})
