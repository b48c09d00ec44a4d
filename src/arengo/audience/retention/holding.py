# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The citizens and addresses that are held. Everything that takes data away asks here, by way of ``core/console/holds.py`` or directly."""

from __future__ import annotations

from django.utils import timezone

from arengo.audience.models import Contact, FormerAddress, Identity
from arengo.audience.retention.models import Hold
from arengo.core.console import holds
from arengo.core.console.retention import Held
from arengo.core.vault import vault


def standing(contact: Contact | int) -> list[Hold]:
    """Those of one citizen, the oldest first."""
    pk = contact if isinstance(contact, int) else contact.pk
    return [one for one in Hold.objects.filter(contact=pk, ended_at=None).order_by("pk") if not is_over(one)]


def is_over(hold: Hold) -> bool:
    """A hold whose last day is past holds nothing, also before the job wrote its end."""
    return hold.ended_at is not None or (hold.until is not None and hold.until < timezone.localdate())


def held() -> Held:
    """Of the scope. The addresses are hashes, as they stand with what was sent there."""
    open_ones = Hold.objects.filter(ended_at=None).only("contact_id", "until", "ended_at")
    contacts = frozenset(one.contact_id for one in open_ones if not is_over(one))
    if not contacts:
        return Held()
    known = Identity.objects.filter(contact__in=contacts).values_list("phone_hash", "user_id_hash")
    addresses = {bytes(one) for pair in known for one in pair if one is not None}
    lookup_on = vault().lookup_on
    for former in FormerAddress.objects.filter(contact__in=contacts):
        addresses |= {lookup_on(*form.key(former.platform)) for form in former.address.forms}
    return Held(contacts, frozenset(addresses))


def register() -> None:
    holds.register(held)
