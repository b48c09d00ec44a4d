# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which account an address and a password mean, at the host of one organization."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from arengo.core.candidates import candidates
from arengo.core.models import Person
from arengo.core.sign_in_limits import ONLY_ACCOUNTS

_MOST_MEANT = 2  # the owner's account, and one without proof of this organization


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """The account that owns the address, and those without proof that this organization made.

    allauth's own backend would also take any account that merely claims the address. It stays in the settings behind
    this one so that sessions that it began go on; PermissionDenied keeps it from being asked for a password.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:
        found: Person | None = super().authenticate(request, **credentials)
        if found is None and credentials.get("email"):
            raise PermissionDenied
        return found

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:
        password = str(credentials.get("password") or "")
        organization = getattr(request, "organization", None)
        meant = candidates(str(credentials.get("email") or ""), organization)
        only = getattr(request, ONLY_ACCOUNTS, None)
        for person in meant:
            if only is not None and person.pk not in only:
                self._mitigate_timing_attack(password)
            elif self._check_password(person, password):
                return person
        # As many as there can be: the time of a refusal does not tell whether an account here, one elsewhere, or both
        # carry the address.
        for _missing in range(_MOST_MEANT - len(meant)):
            self._mitigate_timing_attack(password)
        self._did_check_password = True
        return None
