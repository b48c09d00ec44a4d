# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The forms of the sign-in pages that are ours."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from arengo.accounts import mails
from arengo.core.access import organization_of
from arengo.core.candidates import candidates
from arengo.core.models import Membership, Person
from arengo.core.sign_in_limits import mail_may_leave


class ResetPasswordForm(forms.Form):
    """A person who forgot the password writes the address; what is mailed depends on it, what the page says does not.

    The link goes to the proved address of a member of this organization only: a proof that the mailbox is theirs was
    given before, so setting the password by mail changes nothing but the password, and the second factor stays.
    """

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def save(self, request: HttpRequest, **_more: Any) -> str:
        email = str(self.cleaned_data["email"]).lower()
        organization = organization_of(request)
        if not mail_may_leave(request, email):
            return email  # the page says the same; who owns the address has the earlier mails
        person = next(
            (each for each in candidates(email, organization) if each.proved_at and each.is_active), None
        )
        if person is not None and Membership.objects.filter(person=person).exists():
            key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
            link = get_adapter().get_reset_password_from_key_url(key)
            subject = gettext_lazy("Scegli una password nuova")
            mails.send(mails.PasswordReset(organization, link), email, subject, language=person.language)
        else:
            # Also to an address of nobody: the page answers as fast for it, and its owner learns that somebody asked.
            subject = gettext_lazy("Nessun accesso con questa e-mail")
            mails.send(mails.UnknownAddress(organization), email, subject)
        return email


class PasswordForm(forms.Form):
    """A name and a first password."""

    name = forms.CharField(
        label=gettext_lazy("Nome e cognome"),
        max_length=150,
        help_text=gettext_lazy("Come ti vedono i colleghi e il registro."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password1 = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        help_text=password_validators_help_text_html,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=gettext_lazy("Password, di nuovo"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, second = values.get("password1"), values.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("Le due password non sono uguali."))
        elif first:
            try:
                validate_password(first, Person(email=self._email, name=values.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return values


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail nuova"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()
