# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The citizens' own keys (``core/personal_keys.py``): made with the first word that is kept for good, for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from arengo.audience.models import Contact, ContactKey
from arengo.core import bulk


def of(contacts: Iterable[Contact]) -> dict[int, list[ContactKey]]:
    """By contact, the newest first; a contact that has none gets one. Two queries for all, one where all have theirs."""
    wanted = {contact.pk: contact for contact in contacts}
    found: dict[int, list[ContactKey]] = defaultdict(list)
    for key in ContactKey.objects.filter(contact__among=wanted).order_by("-pk"):
        found[key.contact_id].append(key)
    missing = [
        bulk.new(ContactKey, organization_id=contact.organization_id, contact_id=contact.pk)
        for pk, contact in wanted.items()
        if pk not in found
    ]
    for key in bulk.insert(missing):
        found[key.contact_id].append(key)
    return dict(found)


def destroy(contact: Contact) -> None:
    """What was sealed under them is closed for good, to who holds the vault's keys too."""
    ContactKey.objects.filter(contact=contact).delete()
