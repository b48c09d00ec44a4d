# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Members' roles, and the end of a membership. There is always an administrator."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.accounts.models import Invitation
from arengo.core import audit
from arengo.core.models import Membership, Organization, Person, Role


class LastAdministrator(Exception):
    """Somebody must be able to change the settings. The words say why, for the screen."""


def change_roles(organization: Organization, membership: Membership, roles: list[str], *, by: Person) -> None:
    with transaction.atomic():
        loses = Role.ADMINISTRATOR in membership.roles and Role.ADMINISTRATOR not in roles
        if loses and membership.person_id == by.pk:
            raise LastAdministrator(
                _("Il proprio ruolo di amministratore lo toglie un altro amministratore.")
            )
        if loses and not _others_administer(membership):
            raise LastAdministrator(_("È l’ultimo amministratore: prima nominane un altro."))
        audit.record(
            "core.changed_roles",
            organization=organization,
            by=by,
            on=membership,
            detail={"before": membership.roles, "after": roles, "person": membership.person_id},
        )
        membership.roles = roles
        membership.save(update_fields=["roles"])
        if loses:
            _revoke_sent_by(membership.person)


def remove(organization: Organization, membership: Membership, *, by: Person) -> None:
    """The person is out at once, and no link that was made for them lets them in again."""
    with transaction.atomic():
        if membership.person_id == by.pk:
            raise LastAdministrator(_("Non puoi togliere te stesso: lo fa un altro amministratore."))
        if Role.ADMINISTRATOR in membership.roles and not _others_administer(membership):
            raise LastAdministrator(_("È l’ultimo amministratore: prima nominane un altro."))
        Invitation.objects.filter(
            membership=membership, accepted_at__isnull=True, revoked_at__isnull=True
        ).update(revoked_at=timezone.now())
        audit.record(
            "core.removed_member",
            organization=organization,
            by=by,
            on=membership,
            detail={"person": membership.person_id},
        )
        _revoke_sent_by(membership.person)
        membership.delete()


def require_second_factor(organization: Organization, required: bool, *, by: Person) -> None:
    """Of every member from now on; of administrators it is required in any case."""
    with transaction.atomic():
        own = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        if own.require_second_factor == required:
            return
        own.require_second_factor = required
        own.save(update_fields=["require_second_factor"])
        verb = "accounts.required_second_factor" if required else "accounts.waived_second_factor"
        audit.record(verb, organization=organization, by=by, on=own)


def _revoke_sent_by(person: Person) -> None:
    """Nobody is let in by who may no longer let anybody in."""
    Invitation.objects.filter(by=person, accepted_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )


def _others_administer(membership: Membership) -> bool:
    locked = Membership.objects.select_for_update(no_key=True).filter(roles__contains=[Role.ADMINISTRATOR])
    return any(other.pk != membership.pk for other in locked.select_related(None))
