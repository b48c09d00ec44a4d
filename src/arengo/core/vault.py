# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault: personal data sealed at rest, found again by keyed hash.

A sealed value is ``version (1 byte) | length of key id (1) | key id | nonce (12) | AES-256-GCM ciphertext and tag``. The first
key of ``ARENGO_VAULT_KEYS`` seals; all of them open, so keys rotate by putting a new one first. Lookups use
HMAC-SHA-256 under a key derived (HKDF) from the **last** key of the list, the oldest: it must stay in the list, so
that hashes stay the same while keys rotate in front of it. Message ids have a shorter and quicker hash, for they come by
the thousand a second: BLAKE2b under a key of its own, derived from the same one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_VERSION = 1
_NONCE = 12  # bytes; NIST SP 800-38D's size for random nonces
_MESSAGE_HASH = 16  # bytes


class VaultError(Exception):
    """A sealed value cannot be opened: wrong keys, or it was altered."""


class Vault:
    """``keys`` are (id, 32 bytes), the sealing one first."""

    def __init__(self, keys: list[tuple[str, bytes]]) -> None:
        if not keys:
            raise VaultError("ARENGO_VAULT_KEYS is empty.")
        self._sealing_id = keys[0][0].encode()
        self._ciphers = {key_id.encode(): AESGCM(key) for key_id, key in keys}
        self._cipher = self._ciphers[self._sealing_id]
        self._head = bytes((_VERSION, len(self._sealing_id))) + self._sealing_id
        self._lookup_key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"arengo lookup").derive(
            keys[-1][1]
        )
        message_key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"arengo message ids").derive(
            keys[-1][1]
        )
        self._message_hash = hashlib.blake2b(key=message_key, digest_size=_MESSAGE_HASH)

    def seal(self, plain: bytes, *, purpose: str = "") -> bytes:
        """``purpose`` binds the value to its place: a value sealed for one opens for no other."""
        nonce = os.urandom(_NONCE)
        return self._head + nonce + self._cipher.encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes | memoryview, *, purpose: str = "") -> bytes:
        blob = bytes(sealed)
        if len(blob) < 2 or blob[0] != _VERSION:
            raise VaultError("Not a sealed value.")
        end = 2 + blob[1]
        cipher = self._ciphers.get(blob[2:end])
        if cipher is None:
            raise VaultError("Sealed with a key that is not in ARENGO_VAULT_KEYS.")
        try:
            return cipher.decrypt(blob[end : end + _NONCE], blob[end + _NONCE :], purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise VaultError("The sealed value was altered or the key is wrong.") from error

    def seal_text(self, plain: str, *, purpose: str = "") -> bytes:
        return self.seal(plain.encode(), purpose=purpose)

    def open_text(self, sealed: bytes | memoryview, *, purpose: str = "") -> str:
        return self.open(sealed, purpose=purpose).decode()

    def lookup(self, plain: str) -> bytes:
        """32 bytes by which a sealed value is found again; the same for the same text, meaningless without the key."""
        return hmac.new(self._lookup_key, plain.encode(), hashlib.sha256).digest()

    def message_hash(self, message_id: str) -> bytes:
        """16 bytes by which a platform's message id is found again: WhatsApp's holds the person's phone number in base64."""
        made = self._message_hash.copy()
        made.update(message_id.encode())
        return made.digest()

    @property
    def sealing_id(self) -> str:
        return self._sealing_id.decode()


def parse_keys(text: str) -> list[tuple[str, bytes]]:
    """``id:base64,id:base64`` → keys. VaultError says what is wrong with it, without showing it."""
    keys: list[tuple[str, bytes]] = []
    for part in filter(None, (item.strip() for item in text.split(","))):
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise VaultError("ARENGO_VAULT_KEYS: a key is not base64.") from error
        if not key_id or len(key_id) > 32 or len(key) != 32:
            raise VaultError("ARENGO_VAULT_KEYS: each key is «id:» and 32 bytes in base64.")
        keys.append((key_id, key))
    if len({key_id for key_id, _ in keys}) != len(keys):
        raise VaultError("ARENGO_VAULT_KEYS: two keys have the same id.")
    return keys


def new_key(key_id: str) -> str:
    """A fresh key in the form that ``ARENGO_VAULT_KEYS`` takes."""
    return f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}"


@cache
def _vault_for(keys: str) -> Vault:
    return Vault(parse_keys(keys))


def vault() -> Vault:
    """The vault of this installation's keys."""
    return _vault_for(settings.ARENGO_VAULT_KEYS)
