# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, strategies as st

from arengo.core.vault import Vault, VaultError, derived_lookup_key, forget, new_key, parse_keys, vault

OLD, NEW = new_key("2025"), new_key("2026")


def of(*keys: str) -> Vault:
    return Vault(parse_keys(",".join(keys)))


@given(st.binary(max_size=300), st.text(max_size=20))
def test_what_is_sealed_opens_again(plain: bytes, purpose: str) -> None:
    box = of(OLD)
    sealed = box.seal(plain, purpose=purpose)
    assert box.open(sealed, purpose=purpose) == plain
    assert len(plain) < 8 or plain not in sealed


def test_the_same_twice_is_sealed_differently() -> None:
    assert vault().seal(b"x") != vault().seal(b"x")


def test_a_new_key_in_front_seals_and_the_old_one_still_opens() -> None:
    before = of(OLD).seal_text("+39 333", purpose="phone")
    rotated = of(NEW, OLD)
    assert rotated.open_text(before, purpose="phone") == "+39 333"
    after = rotated.seal_text("+39 333", purpose="phone")
    assert rotated.sealing_id == "2026"
    with pytest.raises(VaultError, match="not in ARENGO_VAULT_KEYS"):
        of(OLD).open(after, purpose="phone")


def test_lookups_stay_the_same_while_keys_rotate_in_front() -> None:
    assert of(OLD).lookup("phone:+39") == of(NEW, OLD).lookup("phone:+39") != of(NEW).lookup("phone:+39")
    assert len(of(OLD).lookup("x")) == 32


def test_message_ids_have_a_short_hash_of_their_own_that_stays_the_same_too() -> None:
    hashed = of(OLD).message_hash("wamid.1")
    assert hashed == of(NEW, OLD).message_hash("wamid.1")
    assert hashed not in {of(NEW).message_hash("wamid.1"), of(OLD).message_hash("wamid.2")}
    assert len(hashed) == 16
    assert hashed != of(OLD).lookup("wamid.1")[:16]
    assert hashed != blake2b(b"wamid.1", digest_size=16).digest()  # without the key nobody can try numbers


@given(st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    box = of(OLD)
    sealed = bytearray(box.seal(b"una riga", purpose="p"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(VaultError):
        box.open(bytes(sealed), purpose="p")


@given(st.binary(max_size=60))
def test_what_was_never_sealed_is_no_crash(blob: bytes) -> None:
    with pytest.raises(VaultError):
        of(OLD).open(blob)


def test_a_value_sealed_for_one_place_opens_in_no_other() -> None:
    sealed = vault().seal(b"segreto", purpose="phone")
    with pytest.raises(VaultError):
        vault().open(sealed, purpose="user_id")


def test_a_key_with_the_same_name_but_other_bytes_opens_nothing() -> None:
    sealed = of(OLD).seal(b"x")
    with pytest.raises(VaultError, match="altered"):
        of(new_key("2025")).open(sealed)


@pytest.mark.parametrize(
    "text",
    [
        "solo-un-nome",
        "a:non base64!",
        f"a:{'QUJD'}",
        f":{OLD.partition(':')[2]}",
        f"{OLD},{OLD}",
        "x" * 33 + OLD[4:],
    ],
    ids=["only a name", "not base64", "too short", "no name", "twice", "name too long"],
)
def test_keys_that_are_none_are_named_without_being_shown(text: str) -> None:
    with pytest.raises(VaultError) as caught:
        parse_keys(text)
    assert OLD.partition(":")[2] not in str(caught.value)


def test_without_keys_there_is_no_vault() -> None:
    assert parse_keys(" , ") == []
    with pytest.raises(VaultError):
        Vault([])


@given(st.binary(min_size=32, max_size=32))
def test_derived_lookup_keys_are_those_of_the_librarys_hkdf(key: bytes) -> None:
    library = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"arengo lookup")
    assert derived_lookup_key(key) == library.derive(key)


def test_a_remembered_hash_is_another_ones_after_the_keys_changed(settings: Any) -> None:
    before = (vault().lookup("phone:+393330000001"), vault().message_hash("wamid.1"))
    assert (vault().lookup("phone:+393330000001"), vault().message_hash("wamid.1")) == before
    forget()
    assert (vault().lookup("phone:+393330000001"), vault().message_hash("wamid.1")) == before
    other = new_key("other")
    settings.ARENGO_VAULT_KEYS = other
    assert vault().sealing_id == "other"
