# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Citizens: their contacts and identities, what they write, and who of them is on the list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from arengo.audience import consent
from arengo.audience.models import (
    Consent,
    Contact,
    Identity,
    ListSettings,
    Policy,
    Subscription,
    phone_hash,
    user_hash,
)
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery.models import Sender
from arengo.platforms.contract import Address, MessageReceived

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANNA = Address(phone="+393330000001")
BRUNO = Address(phone="+393330000002")
CLARA = Address(user_id="IT.CLARA0001")  # shows no number

_numbers = count(1)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def message(address: Address = ANNA, text: str = "Buongiorno", **fields: Any) -> MessageReceived:
    return MessageReceived(
        **{
            "message_id": f"wamid.{next(_numbers)}",
            "sent_at": NOON,
            "address": address,
            "kind": "text",
            "text": text,
            **fields,
        }
    )


def known(address: Address) -> Identity:
    """Who is reached there."""
    found: Identity
    if address.phone:
        found = Identity.objects.get(phone_hash=phone_hash("whatsapp", address.phone))
    else:
        found = Identity.objects.get(user_id_hash=user_hash("whatsapp", address.user_id or ""))
    return found


def citizen(
    name: str = "Anna Esempio",
    *,
    phone: str | None = None,
    user_id: str | None = None,
    platform: str = "whatsapp",
    **fields: Any,
) -> Identity:
    """A citizen of the scope's organization; a phone of their own unless they show none."""
    if phone is None and user_id is None:
        phone = f"+3933301{next(_numbers):05d}"  # tests give the numbers of +3933300 themselves
    identity = Identity(contact=Contact.objects.create(name=name), platform=platform, **fields)
    identity.move_to(Address(phone=phone, user_id=user_id))
    identity.save()
    return identity


def consented(identity: Identity, sender: Sender, *, reason: str = "", when: datetime | None = None) -> None:
    """They joined by a message; with ``reason``, the list's rules took them off again."""
    moment = when or timezone.now()
    consent.give(
        identity, at=moment, message_id=f"wamid.{next(_numbers)}", text="ISCRIVIMI", sender_id=sender.pk
    )
    if reason:
        consent.withdraw(identity, at=moment, source=Consent.Source.RULE, reason=reason)


def subscribe(organization: Organization, sender: Sender, count: int, first: int = 1) -> None:
    """That many sample citizens on the list, with numbers that nobody has."""
    with organization_scope(organization):
        contacts = Contact.objects.bulk_create(Contact(organization=organization) for _ in range(count))
        phones = [f"+3933300{number:05d}" for number in range(first, first + count)]
        identities = Identity.objects.bulk_create(
            Identity(
                organization=organization,
                contact=contact,
                platform="whatsapp",
                phone_sealed=vault().seal_text(phone, purpose="phone"),
                phone_hash=phone_hash("whatsapp", phone),
            )
            for contact, phone in zip(contacts, phones, strict=True)
        )
        Subscription.objects.bulk_create(
            Subscription(
                organization=organization, identity=identity, sender_id=sender.pk, since=timezone.now()
            )
            for identity in identities
        )


def list_settings(organization: Organization) -> ListSettings:
    """The list's words and answers, in a word each."""
    found: ListSettings = ListSettings.objects.create(
        organization=organization,
        join_words=["iscrivimi"],
        leave_words=["cancellami"],
        welcome_text="Benvenuta",
        already_text="Già",
        goodbye_text="Addio",
        not_subscribed_text="No",
    )
    return found


def policy(organization: Organization, kind: str, text: str, version: int = 1) -> Policy:
    found: Policy = Policy.objects.create(
        organization=organization, kind=kind, version=version, text=text, summary="Breve"
    )
    return found
