# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Second factors: who must have one, how their secrets are kept, how they are taken away."""

from __future__ import annotations

import base64
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.conf import settings
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.models import Membership, Organization, Person, Role
from arengo.core.sealed import Each
from arengo.core.vault import VaultError, vault

PURPOSE = "mfa"
# Recovery codes help who has lost one of these; alone they are no second factor.
_MAIN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def seal(text: str) -> str:
    return base64.b64encode(vault().seal_text(text, purpose=PURPOSE)).decode()


def unseal(sealed: str) -> str:
    """The text; VaultError for what was not sealed by one of the vault's keys."""
    try:
        blob = base64.b64decode(sealed, validate=True)
    except ValueError as error:
        raise VaultError("Not a sealed value.") from error
    return vault().open_text(blob, purpose=PURPOSE)


def has_one(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type__in=_MAIN).exists())


def required(organization: Organization, membership: Membership) -> bool:
    """Whether this member may use the console only with a second factor.

    Administrators outside a demo always, everybody where the organization chose so.
    """
    of_role = settings.ARENGO_ADMINISTRATORS_NEED_SECOND_FACTOR and Role.ADMINISTRATOR in membership.roles
    return bool(of_role or organization.require_second_factor)


def is_missing(membership: Membership) -> bool:
    """Whether this member has no second factor where one is required of them."""
    return required(membership.organization, membership) and not has_one(membership.person)


def required_somewhere(person: Person) -> bool:
    """Whether one of the person's organizations requires it of them."""
    memberships = Membership.unscoped.filter(person=person).select_related("organization")
    return any(required(each.organization, each) for each in memberships)


def rewrite(data: dict[str, Any], each: Each) -> dict[str, Any]:
    """An authenticator's data with every sealed secret replaced by what ``each`` makes of it (``core.sealed``)."""

    def one(sealed: str) -> str:
        return base64.b64encode(each(base64.b64decode(sealed), PURPOSE)).decode()

    secrets: dict[str, Any] = {name: one(data[name]) for name in ("secret", "seed") if name in data}
    if "migrated_codes" in data:
        secrets["migrated_codes"] = [one(code) for code in data["migrated_codes"]]
    return {**data, **secrets}


def remove_all(person: Person) -> None:
    Authenticator.objects.filter(user=person).delete()


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of authenticators lie sealed in the database.

    allauth asks to encrypt the key of the app for codes and the seed of the recovery codes. What it stores of a passkey
    is public: a credential's id and public key, and the name that its owner gave it.
    """

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            "Il tuo ente chiede il secondo passaggio: prima aggiungi un altro modo, poi togli questo."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        person = authenticator.user
        others = Authenticator.objects.filter(user=person, type__in=_MAIN).exclude(pk=authenticator.pk)
        return others.exists() or not required_somewhere(person)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # allauth's name
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}

    def _get_site_name(self) -> str:
        organization = getattr(context.request, "organization", None)
        return organization.name if organization else "Arengo"


class ActivateCodesForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """allauth keeps the key that is being set up in the session, which lies in the database: here it lies there sealed."""

    secret: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session = context.request.session
        if self.is_bound:
            try:
                self.secret = unseal(self.secret)
                return
            except VaultError:
                pass  # allauth made a new one a moment ago: the session had none
        session[SECRET_SESSION_KEY] = seal(self.secret)
