# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often somebody may try to sign in, and how many mails a stranger may cause.

A browser in which the person has signed in before has a count of its own. All others share one count an account and one
a network: a stranger who uses them up locks out unknown browsers alone. What an account's count says does not depend on
whether that account exists.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.http import HttpRequest
from django.utils import translation

from arengo.core import languages
from arengo.core.attempts import allowed, attempt, take_back
from arengo.core.candidates import candidates
from arengo.core.ceilings import (
    CODE_FROM_DEVICE,
    CODE_OF_PERSON,
    MAIL_TO_ADDRESS,
    PASSWORD_OF_PERSON,
    SIGN_IN_FROM_DEVICE,
    SIGN_IN_FROM_NETWORK,
    SIGN_IN_TO_ACCOUNT,
    Ceiling,
)
from arengo.core.client_address import network_of
from arengo.core.known_devices import device_of
from arengo.core.models import Person
from arengo.core.passwords import LONGEST

Counted = list[tuple[Ceiling, str]]
ONLY_ACCOUNTS = "arengo_only_accounts"  # set on a request: primary keys that its password may be tried on


def _account(credentials: dict[str, Any]) -> str:
    """As the account is looked up: case and form of the characters make no other account."""
    login = str(credentials.get("email") or credentials.get("username") or "")
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _counted(request: HttpRequest, credentials: dict[str, Any]) -> Counted:
    """Counts the attempt where it belongs; TooManyAttempts beyond a ceiling.

    A known browser counts by itself for the accounts that it is known for. Where the address can mean another account
    too, that one stays closed to it while the shared counts are used up.
    """
    if request.user.is_authenticated:  # confirming who one is
        return _attempted([(PASSWORD_OF_PERSON, str(request.user.pk))])
    login = str(credentials.get("email") or "")
    shared: Counted = [
        (SIGN_IN_FROM_NETWORK, network_of(request)),
        (SIGN_IN_TO_ACCOUNT, _account(credentials)),
    ]
    meant = candidates(login, getattr(request, "organization", None))
    known = {person.pk: device for person in meant if (device := device_of(request, person))}
    if not known:
        return _attempted(shared)
    own = _attempted([(SIGN_IN_FROM_DEVICE, device) for device in sorted(set(known.values()))])
    if len(known) == len(meant):
        return own
    within = [allowed(ceiling, whom) for ceiling, whom in shared]  # each of them is counted
    if not all(within):
        setattr(request, ONLY_ACCOUNTS, set(known))
    return own + shared


def _attempted(counted: Counted) -> Counted:
    for ceiling, whom in counted:
        attempt(ceiling, whom)
    return counted


def mail_may_leave(request: HttpRequest | None, email: str) -> bool:
    """Mail that somebody causes who is not signed in has a ceiling an address: beyond it none goes, and nothing tells.

    The owner of the address has the earlier ones, and the links in them work.
    """
    anonymous = request is not None and not request.user.is_authenticated
    return not anonymous or allowed(MAIL_TO_ADDRESS, _account({"email": email}))


class LimitedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def get_client_ip(self, request: HttpRequest) -> str:
        return str(request.META.get("REMOTE_ADDR") or "unknown")  # set by ClientAddressMiddleware

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Counts before the password is looked at; TooManyAttempts beyond a ceiling. Success is taken back."""
        counted = _counted(request, credentials)
        if len(str(credentials.get("password") or "")) > LONGEST:
            return None
        user = super().authenticate(request, **credentials)
        if user is not None:
            for ceiling, whom in counted:
                take_back(ceiling, whom)
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: :meth:`authenticate` counts, not allauth."""

    def send_mail(self, template_prefix: str, email: str, context_: dict[str, Any]) -> None:
        if not mail_may_leave(context.request, email):
            return
        own = getattr(context_.get("user"), "language", "")
        with translation.override(languages.known(own) or translation.get_language()):
            super().send_mail(template_prefix, email, context_)


class _LimitedCode:
    """A form for a code of the second factor. A person who gets this far knows the password."""

    user: Person

    def clean_code(self) -> str:
        device = device_of(context.request, self.user)
        counted = (CODE_FROM_DEVICE, device) if device else (CODE_OF_PERSON, str(self.user.pk))
        attempt(*counted)
        code = str(super().clean_code())  # type: ignore[misc]  # allauth's, which comes next
        take_back(*counted)
        return code


class LimitedAuthenticateForm(_LimitedCode, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    pass


class LimitedReauthenticateForm(_LimitedCode, ReauthenticateForm):  # type: ignore[misc]  # as above
    pass
