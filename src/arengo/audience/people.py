# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How citizens are named, without showing more of them than the screen needs. How they are found: ``people_list``."""

from __future__ import annotations

import phonenumbers
from django.utils.translation import gettext as _

from arengo.audience.models import Contact, Identity
from arengo.core import clean_text
from arengo.core.models import Membership, Role

_ITALIAN_MOBILE = 13  # signs of +39 and ten digits
_REGION = "IT"  # of a number that is written without its country code
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
    phone = identity.phone
    if not phone:
        return ""
    try:
        country = f"+{phonenumbers.parse(phone).country_code}"
    except phonenumbers.NumberParseException:
        country = phone[:3]
    return f"{country} … {phone[-2:]}"


def shown_phone(identity: Identity) -> str:
    """The whole number as people write it: «+39 333 123 4567»; empty for who shows none."""
    return written_phone(identity.phone) if identity.phone_sealed else ""


def written_phone(phone: str) -> str:
    """A number as people write it; with the spaces no spreadsheet takes it for a sum and rounds it."""
    if (
        phone.startswith("+393") and len(phone) == _ITALIAN_MOBILE
    ):  # nearly everybody: no need to ask the library
        return f"+39 {phone[3:6]} {phone[6:9]} {phone[9:]}"
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
