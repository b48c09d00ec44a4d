# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Organizations, and people who work there."""

from __future__ import annotations

from django.utils import timezone

from arengo.core.models import Membership, Organization, OrganizationHost, Person
from arengo.core.scope import organization_scope

HOST = "esempio.test"
STRANGER_HOST = "altrove.test"
PASSWORD = "una password lunga"  # of everybody who is made here


def make_organization(name: str, slug: str, host: str = "") -> Organization:
    """``host``: where its pages are, if any test asks for one."""
    organization: Organization = Organization.objects.create(name=name, slug=slug)
    if host:
        OrganizationHost.objects.create(organization=organization, host=host)
    return organization


def make_person(email: str, name: str, *, proved: bool = True) -> Person:
    """An account; ``proved``: who has it opened a mailed link, so the address is theirs."""
    return Person.objects.create_user(
        email, PASSWORD, name=name, proved_at=timezone.now() if proved else None
    )


def join(organization: Organization, person: Person, *roles: str) -> Membership:
    """The person works there from now on."""
    with organization_scope(organization):  # the test may run inside another one
        membership: Membership = Membership.objects.create(
            organization=organization, person=person, roles=list(roles)
        )
    return membership


def member(organization: Organization, email: str, name: str, *roles: str, proved: bool = True) -> Person:
    """Somebody who works there; unless said otherwise they accepted the mailed invitation."""
    person = make_person(email, name, proved=proved)
    join(organization, person, *roles)
    return person
