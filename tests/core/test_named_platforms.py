# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The platform's name is a part of the hashes by which people are found; hashes of before are made over, whatever is left of them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest
from django.db import connection

from arengo.audience.models import FormerAddress, Identity, phone_hash, user_hash
from arengo.core import lookup_keys, vault as vaults
from arengo.core.models import LookupKeys, Organization
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, Fanout, Heard, Reached, Sender
from arengo.platforms.contract import Address
from tests.core.sealed_town import NEW, lookup_row, phone, town, use
from tests.factories.audience import citizen
from tests.factories.delivery import delivery_row

__all__ = ["lookup_row", "town", "use"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

CORE, AUDIENCE, DELIVERY = (
    import_module(f"arengo.{room}.migrations.0501_platforms_are_named")
    for room in ("core", "audience", "delivery")
)


def of_before(plain: str) -> bytes:
    """A hash as it was made until now."""
    return vault().lookup(plain)


def migrate() -> None:
    with connection.cursor() as cursor:
        for statement in (CORE.COUNT, AUDIENCE.IDENTITIES, AUDIENCE.FORMER):
            cursor.execute(statement)
        for statement in (DELIVERY.DELIVERIES, DELIVERY.REACHED, DELIVERY.HEARD):
            cursor.execute(statement)
    vaults.forget()


@pytest.fixture
def old_town(town: Organization, sender: Sender) -> Organization:
    """The rows of an installation that had one platform, the number of a forgotten delivery among them."""
    anna = Identity.objects.get(phone_hash=phone_hash("whatsapp", phone(1)))
    for number in range(30):
        known = Identity.objects.get(phone_hash=phone_hash("whatsapp", phone(number)))
        Identity.objects.filter(pk=known.pk).update(
            phone_hash=of_before(f"phone:{phone(number)}"), user_id_hash=of_before(f"user:IT.{number}")
        )
    FormerAddress.objects.create(
        contact=anna.contact,
        platform="whatsapp",
        address_sealed=vault().seal(b'{"user_id":"IT.before"}', purpose="address"),
        user_id_hash=of_before("user:IT.before"),
        until=anna.created_at,
    )
    Delivery.objects.update(address_hash=of_before(f"phone:{phone(1)}"))
    Heard.objects.update(address_hash=of_before(f"phone:{phone(1)}"))
    Reached.objects.create(
        organization=town, account="1", address_hash=of_before("user:IT.7"), at=anna.created_at
    )
    delivery_row(sender, b"f" * 32, address_sealed=b"", created_at=anna.created_at)
    return town


def everybody_is_found() -> None:
    for number in range(30):
        known = Identity.objects.get(phone_hash=phone_hash("whatsapp", phone(number)))
        assert known.address == Address(phone=phone(number), user_id=f"IT.{number}")
        assert bytes(known.user_id_hash or b"") == user_hash("whatsapp", f"IT.{number}")
    assert FormerAddress.objects.get().user_id_hash == user_hash("whatsapp", "IT.before")
    assert Heard.objects.get().address_hash == phone_hash("whatsapp", phone(1))
    assert Reached.objects.get().address_hash == user_hash("whatsapp", "IT.7")
    assert Delivery.objects.filter(address_hash=phone_hash("whatsapp", phone(1))).exists()


def test_hashes_of_before_are_made_over_without_what_they_are_of(old_town: Organization) -> None:
    with pytest.raises(Identity.DoesNotExist):
        everybody_is_found()
    migrate()
    everybody_is_found()
    assert LookupKeys.objects.get().named_after == 1
    forgotten = Delivery.objects.get(address_sealed=b"")
    assert forgotten.address_hash == b"f" * 32  # of nobody


def test_no_vault_key_is_needed_for_it(old_town: Organization, use: Callable[..., None]) -> None:
    before = vault()
    use(NEW)
    with connection.cursor() as cursor:
        for statement in (CORE.COUNT, AUDIENCE.IDENTITIES):
            cursor.execute(statement)
    assert Identity.objects.filter(phone_hash=before.lookup_on("whatsapp", f"phone:{phone(3)}")).exists()


def test_an_installation_whose_hashes_were_renewed_finds_everybody_too_and_after_the_next_renewal(
    old_town: Organization,
) -> None:
    lookup_keys.renew(lambda: None)
    Delivery.objects.filter(address_sealed=b"").delete()
    migrate()
    assert LookupKeys.objects.get().named_after == 2
    everybody_is_found()
    lookup_keys.renew(lambda: None)
    everybody_is_found()
    assert len(vault().lookup_keys) == 3


def test_one_number_on_two_platforms_is_two_people_and_two_recipients(
    scope: Organization, sender: Sender
) -> None:
    anna = Address(phone=phone(1))
    made = []
    for platform in ("whatsapp", "mock"):
        identity = citizen("Anna Esempio", phone=anna.phone, user_id=anna.user_id, platform=platform)
        made.append(bytes(identity.phone_hash or b""))
    assert len(set(made)) == 2
    assert made == [phone_hash(platform, phone(1)) for platform in ("whatsapp", "mock")]
    assert vault().lookup_on(*anna.key("mock")) == made[1] != vault().lookup_on(*anna.key("whatsapp"))
    fanout = Fanout.objects.create(
        sender=sender, outgoing=b"{}", urgency=30, price_category="utility", topic=""
    )
    for hashed in made:  # no index takes them for one
        delivery_row(sender, hashed, fanout=fanout)
    assert fanout.deliveries.count() == 2
