# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A new organization and its first administrator."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from .words import Refused, _


@dataclass(frozen=True, slots=True)
class NewOrganization:
    name: str
    slug: str
    hosts: tuple[str, ...]
    email: str
    administrator: str


def create(new: NewOrganization) -> str | None:
    """Make it in one transaction. The administrator's first password; None if that person signs in already.

    The operator who runs the command is trusted with the address: the account that its owner proved becomes administrator. An account
    without proof counts only where it was made, so without a proved one this organization gets an account of its own.
    """
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from arengo.audience.defaults import create_defaults
    from arengo.core import audit
    from arengo.core.models import Membership, Organization, OrganizationHost, Person, Role
    from arengo.core.scope import organization_scope

    try:
        with transaction.atomic():
            organization = Organization(name=new.name, slug=new.slug)
            organization.full_clean()
            organization.save()
            for name in new.hosts:
                host = OrganizationHost(organization=organization, host=name.lower())
                host.full_clean()
                host.save()
            password = None
            person = Person.objects.filter(email=new.email.lower(), proved_at__isnull=False).first()
            if person is None:
                password = secrets.token_urlsafe(12)
                person = Person(email=new.email.lower(), name=new.administrator)
                person.set_password(password)
                person.full_clean()
                person.save()
            with organization_scope(organization):
                Membership.objects.create(
                    organization=organization, person=person, roles=[Role.ADMINISTRATOR]
                )
            create_defaults(organization, by=person)
            audit.record("core.organization_created", organization=organization, by=None, on=organization)
    except ValidationError as error:
        reasons = "; ".join(f"{field}: {', '.join(words)}" for field, words in error.message_dict.items())
        raise Refused(_("l'ente non è stato creato: %(reasons)s") % {"reasons": reasons}) from error
    return password


def reset_access(email: str, slug: str) -> str:
    """A new password for a member who lost every way in, without their second factors; it is returned once.

    For those whom no colleague and no mail can help. Refused when the organization has no such member.
    """
    from django.db import transaction

    from arengo.accounts import factors, trail
    from arengo.core.models import Membership

    with transaction.atomic():
        memberships = Membership.unscoped.select_related("person").filter(
            organization__slug=slug, person__email=email.lower()
        )
        membership = memberships.order_by("person__proved_at").first()
        if membership is None:
            raise Refused(
                _("nell'ente «%(slug)s» non c'è nessuno con l'e-mail %(email)s")
                % {"slug": slug, "email": email}
            )
        password = secrets.token_urlsafe(12)
        membership.person.set_password(password)
        membership.person.save(update_fields=["password"])
        factors.remove_all(membership.person)
        trail.everywhere(membership.person, "accounts.reset_access", by=None)
    return password
