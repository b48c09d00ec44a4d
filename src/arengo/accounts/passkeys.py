# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""allauth's forms of passkeys, for any answer that a browser, or somebody in its place, may send.

allauth and fido2 raise whatever comes of reading a crooked answer or checking a wrong signature; here all of it is one
refusal in words. A refusal at sign-in is told to the log as a failed second factor.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

T = TypeVar("T")
_LONGEST = 20_000  # characters; an attestation with its certificates takes some 6,000
_CROOKED = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    NotImplementedError,
    struct.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)


def _read(read: Callable[[], T]) -> T:
    """What ``read`` returns; ValidationError for an answer that is no passkey, or not the right one."""
    refusal = ValidationError(_("La passkey non è stata riconosciuta: riprova."), code="incorrect_code")
    try:
        return read()
    except ValidationError as error:
        if getattr(error, "code", None) == "incorrect_code":
            raise refusal from error
        raise
    except _CROOKED as error:
        raise refusal from error


class CredentialField(forms.JSONField):
    """What the browser answers: JSON of some kB, from a hidden field."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        try:
            if len(value or "") > _LONGEST:
                raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""})
            return super().to_python(value)
        except RecursionError as error:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": ""}
            ) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        return ""  # what was refused is not shown again

    def prepare_value(self, value: Any) -> Any:
        return ""


class AddForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    credential = CredentialField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Nome della passkey")
        self.fields["name"].help_text = _("Per riconoscerla, per esempio «computer dell’ufficio».")
        self.fields["name"].max_length = 100
        self.fields["name"].widget.attrs["maxlength"] = "100"

    def clean_name(self) -> str:
        return str(super().clean_name())[:100]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = _read(super().clean)
        return values


class _SignIn:
    """The answer with which one signs in, or confirms that it is oneself."""

    user: Any
    reauthenticated: bool
    add_error: Callable[[str | None, ValidationError], None]

    def clean_credential(self) -> Authenticator | None:
        try:
            found: Authenticator = _read(super().clean_credential)  # type: ignore[misc]  # of the form beside this
        except ValidationError as error:
            known = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.WEBAUTHN).first()
            signals.authentication_failed.send(
                sender=Authenticator,
                request=context.request,
                user=self.user,
                authenticator=known,
                reauthentication=self.reauthenticated,
            )
            self.add_error(None, error)
            return None
        return found


class SignInForm(_SignIn, AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    credential = CredentialField()


class ConfirmForm(_SignIn, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    credential = CredentialField()
