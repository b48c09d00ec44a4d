# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Only the pages of allauth that are used are there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from arengo.core.models import Organization
from tests.accounts.signing_in import ENTRANCE
from tests.factories.core import HOST

MOUNTED = {
    "account_change_password",
    "account_email",
    "account_email_confirm",
    "account_email_confirmation",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "invitation",
    "invitation_link",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "second_factor",
}


def _under(prefix: str) -> dict[str, str]:
    """Names and the modules of their views, of every address that begins with the prefix."""
    found: dict[str, str] = {}

    def walk(entries: list[URLPattern | URLResolver], before: str) -> None:
        for entry in entries:
            address = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, address)
            elif address.startswith(prefix):
                found[str(entry.name)] = getattr(entry.callback, "__module__", "")

    walk(get_resolver().url_patterns, "")
    return found


def test_what_is_mounted_is_on_the_list() -> None:
    assert set(_under("console/accesso/")) == MOUNTED


def test_allauth_answers_nowhere_else() -> None:
    modules = {name: module for name, module in _under("").items() if "allauth" in module}
    assert set(modules) <= MOUNTED


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "confirm-email/",
        "confirm-email/abc/",
        "login/code/confirm/",
        "login/code/",
        "3rdparty/",
        "social/signup/",
        "signup/passkey/",
        "2fa/recovery-codes/download/",
        "2fa/webauthn/login/",
        "2fa/webauthn/signup/",
        "sessions/",
    ],
)
def test_the_other_pages_of_allauth_are_gone(esempio: Organization, path: str) -> None:
    assert Client(headers={"host": HOST}).get(ENTRANCE + path).status_code == 404


@pytest.mark.parametrize("name", ["account_signup", "account_confirm_email", "socialaccount_login_cancelled"])
def test_their_names_are_gone_too(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
