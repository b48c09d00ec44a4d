# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys under which people are found are renewed: everybody is found under the new ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from arengo.audience.models import Consent, Identity, phone_hash
from arengo.core import lookup_keys, resealing, sealed, vault as vaults
from arengo.core.models import LookupKeys, Organization
from arengo.core.scope import every_organization
from arengo.core.vault import VaultError, vault
from arengo.delivery.models import Delivery, Heard, Sender
from arengo.platforms.contract import Address
from tests.core.sealed_town import NEW, OLD, lookup_row, phone, town, use

__all__ = ["lookup_row", "town", "use"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def renew() -> int:
    return lookup_keys.renew(lambda: None)


def test_renewed_lookup_keys_find_everybody_and_the_old_ones_nobody(
    town: Organization, use: Callable[..., None]
) -> None:
    before, chain = phone_hash("whatsapp", phone(1)), vault().lookup_keys
    assert renew() > 30
    after = phone_hash("whatsapp", phone(1))
    assert before != after
    assert Identity.objects.get(phone_hash=after).address.phone == phone(1)
    assert Consent.objects.get(identity__phone_hash=after).text == "ISCRIVIMI"
    assert Heard.objects.filter(address_hash=after).exists()
    assert Delivery.objects.filter(address_hash=after).exists()
    everything = {bytes(row) for row in Identity.objects.values_list("phone_hash", flat=True)}
    guessed = vaults.Vault([("x", b"x" * 32)], lambda box: vaults.Chain(chain))
    assert not everything & {
        guessed.lookup_on(*Address(phone=phone(number)).key("whatsapp")) for number in range(30)
    }
    assert LookupKeys.objects.get().known_to == ["test"]


def test_renewed_twice_and_under_a_new_vault_key_it_is_the_same_town(
    town: Organization, use: Callable[..., None]
) -> None:
    renew()
    use(NEW, OLD)
    resealing.reseal()
    assert lookup_keys.known_to() == ["test", "fresh"]
    renew()
    assert lookup_keys.known_to() == ["fresh"]
    use(NEW)
    assert len(vault().lookup_keys) == 3
    for number in range(30):
        assert Identity.objects.get(phone_hash=phone_hash("whatsapp", phone(number))).address.phone == phone(
            number
        )


def test_a_hash_cut_short_is_found_as_well(town: Organization, sender: Sender) -> None:
    cut = vault().lookup("wamid.1")[:16]
    Heard.objects.create(sender=sender, address_hash=cut, at=sender.created_at)
    renew()
    assert Heard.objects.filter(address_hash=vault().lookup("wamid.1")[:16]).exists()


@pytest.mark.parametrize("moment", ["before the first row", "after the last row"])
def test_renewing_that_fails_changes_nothing(
    town: Organization, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def fails(*given: Any, **more: Any) -> Any:
        raise RuntimeError

    before = phone_hash("whatsapp", phone(1))
    late = moment == "after the last row"
    with monkeypatch.context() as patch:
        if late:
            patch.setattr(vaults.Vault, "seal", fails)
        with pytest.raises(RuntimeError):
            lookup_keys.renew((lambda: None) if late else fails)
    vaults.forget()
    assert phone_hash("whatsapp", phone(1)) == before
    assert Identity.objects.filter(phone_hash=before).exists()


def test_the_lookup_keys_are_chance_in_an_empty_installation_and_the_oldest_keys_where_hashes_exist(
    town: Organization, use: Callable[..., None]
) -> None:
    LookupKeys.objects.all().delete()
    lookup_keys.make()
    derived = vaults.derived_lookup_key(vaults.parse_keys(OLD)[-1][1])
    assert vault().lookup_keys == (derived,)
    LookupKeys.objects.all().delete()
    with every_organization("all of it goes"), connection.cursor() as cursor:
        for column in sealed.lookup_columns():
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(f"DELETE FROM {column.table}")  # noqa: S608
            cursor.execute("SET session_replication_role = DEFAULT")
    lookup_keys.make()
    assert vault().lookup_keys != (derived,)
    lookup_keys.make()  # a second migration leaves them alone
    assert LookupKeys.objects.count() == 1


def test_without_lookup_keys_nobody_is_looked_for_under_others() -> None:
    LookupKeys.objects.all().delete()
    vaults.forget()
    try:
        with pytest.raises(VaultError, match="arengo migrate"):
            vault().lookup("anybody")
    finally:
        lookup_keys.make()
