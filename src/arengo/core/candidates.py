# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which accounts an address can mean at the host of one organization."""

from __future__ import annotations

from arengo.core.models import Membership, Organization, Person


def candidates(email: str, organization: Organization | None) -> list[Person]:
    """The owner's account first, then those without proof that this organization made; inactive ones too."""
    if "\0" in email:
        return []
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
