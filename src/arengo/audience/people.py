# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How citizens are named and found, without showing more of them than the screen needs."""

from __future__ import annotations

import phonenumbers
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from arengo.audience.models import Contact, Identity, phone_hash
from arengo.core import clean_text, outside
from arengo.core.models import Membership, Role
from arengo.platforms.registry import platforms

_REGION = "IT"  # of a number that is written without its country code
_SHORTEST_NAME = 2  # characters
# The citizen's card shows the whole number to who must write to them or act at their request.
_MAY_SEE_NUMBERS = (Role.OPERATOR, Role.EDITOR, Role.ADMINISTRATOR)


def may_see_numbers(membership: Membership | None) -> bool:
    return membership is not None and membership.has(*_MAY_SEE_NUMBERS)


def display_name(identity: Identity) -> str:
    """What lists call this person: their own name, else their username, else the masked number. Never one that is not seen."""
    if name := clean_text.name(identity.contact.name):
        return name
    if username := clean_text.name(identity.username):
        return f"@{username}"
    return masked_phone(identity) or _("Senza nome")


def name_of(contact: Contact) -> str:
    """The same for a contact; reads its identities when it has no name."""
    if name := clean_text.name(contact.name):
        return name
    if contact.erased_at:
        return _("Cittadino cancellato")
    names = [shown for identity in contact.identities.all() if (shown := display_name(identity))]
    return names[0] if names else _("Senza nome")


def masked_phone(identity: Identity) -> str:
    """«+39 … 41»; empty for who shows no number."""
    phone = identity.address.phone
    if not phone:
        return ""
    try:
        country = f"+{phonenumbers.parse(phone).country_code}"
    except phonenumbers.NumberParseException:
        country = phone[:3]
    return f"{country} … {phone[-2:]}"


def shown_phone(identity: Identity) -> str:
    """The whole number as people write it: «+39 333 123 4567»; empty for who shows none."""
    phone = identity.address.phone
    if not phone:
        return ""
    try:
        parsed = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def as_phone(text: str) -> str | None:
    """E.164 of a number in any writing, Italian unless it says otherwise; None for what is no number."""
    try:
        parsed = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def find(text: str) -> QuerySet[Contact]:
    """Citizens by number (in any writing) or by a part of their name."""
    text = outside.text(text).strip()
    contacts: QuerySet[Contact] = Contact.objects.filter(erased_at__isnull=True)
    phone = as_phone(text) if any(sign.isdigit() for sign in text) else None
    if phone:
        hashes = [phone_hash(platform, phone) for platform in platforms()]
        return contacts.filter(identities__phone_hash__in=hashes).distinct()
    if len(text) < _SHORTEST_NAME:
        return contacts.none()
    return contacts.filter(name__icontains=text).order_by("name", "pk")
