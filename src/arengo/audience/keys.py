# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The citizens' own keys (``core/personal_keys.py``): made with the first word that is kept for good, for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from arengo.audience.models import Contact, ContactKey
from arengo.core import bulk
from arengo.core.personal_keys import PURPOSE, new_secret
from arengo.core.vault import vault


def of(contacts: Iterable[Contact]) -> dict[int, list[ContactKey]]:
    """By contact, the newest first; a contact that has none gets one. Two queries for all, one where all have theirs."""
    wanted = {contact.pk: contact for contact in contacts}
    found: dict[int, list[ContactKey]] = defaultdict(list)
    if wanted:
        for key in ContactKey.objects.filter(contact__among=wanted).order_by("-pk"):
            found[key.contact_id].append(key)
    return dict(found) | of_new(contact for pk, contact in wanted.items() if pk not in found)


def of_new(contacts: Iterable[Contact]) -> dict[int, list[ContactKey]]:
    """Of those who have none, which is not looked up: one query."""
    seal, made = vault().seal, []
    for contact in {contact.pk: contact for contact in contacts}.values():
        secret = new_secret()
        key = bulk.new(
            ContactKey,
            organization_id=contact.organization_id,
            contact_id=contact.pk,
            key_sealed=seal(secret, purpose=PURPOSE),
        )
        made.append((key, secret))
    bulk.insert([key for key, _secret in made])
    for key, secret in made:
        key.made_of(secret)
    return {key.contact_id: [key] for key, _secret in made}


def destroy(contact: Contact) -> None:
    """What was sealed under them is closed for good, to who holds the vault's keys too."""
    ContactKey.objects.filter(contact=contact).delete()
