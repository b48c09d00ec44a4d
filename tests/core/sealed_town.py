# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A town that is sealed under one key, and processes that start again with others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from arengo.audience.models import Consent, ContactKey, Identity, phone_hash
from arengo.core import vault as vaults
from arengo.core.models import LookupKeys, Organization
from arengo.core.vault import new_key, vault
from arengo.delivery.models import Heard, Sender
from arengo.delivery.queue import outbox
from arengo.platforms.contract import Address, Text
from tests.factories.audience import citizen

OLD, NEW = os.environ.get("ARENGO_VAULT_KEYS", "test:"), new_key("fresh")
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


@pytest.fixture(autouse=True)
def lookup_row() -> Iterator[None]:
    """The row outlives the tests' database: it is put back as it was, and so is what processes remember of it."""
    row = LookupKeys.objects.values().get()
    yield
    LookupKeys.objects.filter(pk=1).update(**row)
    vaults.forget()


@pytest.fixture
def use(settings: Settings) -> Callable[..., None]:
    """``use(NEW, OLD)``: as if every process had been started again with these keys."""

    def restart(*keys: str) -> None:
        settings.ARENGO_VAULT_KEYS = ",".join(keys)
        vaults.forget()

    return restart


def phone(number: int) -> str:
    return f"+39333{number:07d}"


def write(organization: Organization, number: int) -> Identity:
    """A citizen with a consent whose very words are kept."""
    identity = citizen("Esempio", phone=phone(number), user_id=f"IT.{number}")
    key = ContactKey.objects.create(organization=organization, contact=identity.contact)
    Consent.objects.create(
        organization=organization,
        identity=identity,
        key=key,
        subject_sealed=key.own.seal_text(identity.subject_hash.hex(), purpose="consent subject"),
        action="given",
        at=identity.created_at,
        source="message",
        text_sealed=key.own.seal_text("ISCRIVIMI", purpose="consent text"),
    )
    return identity


@pytest.fixture
def town(scope: Organization, sender: Sender) -> Organization:
    """Something in every registered column of the rooms below, sealed under the old key."""
    for number in range(30):
        write(scope, number)
    outbox.enqueue(sender, Address(phone=phone(1)), Text("Il suo libro è pronto."))
    Heard.objects.create(sender=sender, address_hash=phone_hash("whatsapp", phone(1)), at=sender.created_at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_journal (sender_id, body_sealed) VALUES (%s, %s)",
            [sender.pk, vault().seal(b"{}" * 1000, purpose="journal")],
        )
    return scope
