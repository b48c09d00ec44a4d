# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which account an address and a password mean, at the host of one organization."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from arengo.core.models import Membership, Organization, Person


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
        organization = getattr(request, "organization", None)
        for person in candidates(str(credentials.get("email") or ""), organization):
            if self._check_password(person, str(credentials.get("password") or "")):
                return person
        return None


def candidates(email: str, organization: Organization | None) -> list[Person]:
    """Accounts that the address can mean at this organization's host, the owner's first; inactive ones too."""
    found = list(Person.objects.filter(email=email.strip().lower()))
    members: set[int] = set()
    if organization is not None:
        members = set(
            Membership.unscoped.filter(organization=organization, person__in=found).values_list(
                "person", flat=True
            )
        )
    counting = [person for person in found if person.proved_at is not None or person.pk in members]
    return sorted(counting, key=lambda person: (person.proved_at is None, person.pk))
