# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault: personal data sealed at rest, found again by keyed hash.

A sealed value is ``version (1 byte) | length of key id (1) | key id | nonce (12) | AES-256-GCM ciphertext and tag``. The first
key of ``ARENGO_VAULT_KEYS`` seals; all of them open, so keys rotate by putting a new one first, and ``arengo reseal``
(``core/resealing.py``) seals again what an older one sealed, until it opens nothing any more.

Lookups use HMAC-SHA-256 under keys of their own, which lie in the database, sealed (``core/lookup_keys.py``): retiring a
vault key changes no hash. With more than one lookup key, each hashes what the one before made of the text; so a stored
hash is renewed without the text. Only the first 16 bytes go into the next hash: a column may keep that many or more.
What names somebody is looked up on one platform: its name goes into the hash too (``Vault.lookup_on``).
Message ids have a shorter and quicker hash, for they come by the thousand a second: BLAKE2b under a key derived from the first
lookup key, and renewed like the others.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.signals import setting_changed

_VERSION = 1
_NONCE = 12  # bytes; NIST SP 800-38D's size for random nonces
_HEAD = 2  # bytes before the key id
LOOKUP_KEY = 32  # bytes
CARRIED = 16  # bytes of a hash that go into the next one: enough to tell 2^64 values apart
_MESSAGE_HASH = 16  # bytes
_REMEMBERED = 4096  # hashes of either kind: what some batches of webhooks ask for


class VaultError(Exception):
    """A sealed value cannot be opened: wrong keys, or it was altered."""


class NoLookupKeys(VaultError):
    """Nobody was looked for yet: the database is new, or older than its table of lookup keys."""


class Chain(NamedTuple):
    """Lookup keys, the oldest first: each hashes what the one before it made. ``named_after``: how many of them before the
    platform's name comes in (``Vault.lookup_on``)."""

    keys: tuple[bytes, ...]
    named_after: int = 1


class Vault:
    """``keys`` are (id, 32 bytes), the sealing one first.

    ``lookup_keys`` is asked once, at the first lookup. Without it the lookup key is derived from the last of ``keys``.
    """

    def __init__(
        self,
        keys: list[tuple[str, bytes]],
        lookup_keys: Callable[[Vault], Chain] | None = None,
    ) -> None:
        if not keys:
            raise VaultError("ARENGO_VAULT_KEYS is empty.")
        self._sealing_id = keys[0][0].encode()
        self._ciphers = {key_id.encode(): AESGCM(key) for key_id, key in keys}
        self._cipher = self._ciphers[self._sealing_id]
        self._head = bytes((_VERSION, len(self._sealing_id))) + self._sealing_id
        self._find_lookup_keys = lookup_keys or (lambda _vault: Chain((derived_lookup_key(keys[-1][1]),)))

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

    def reseal(self, sealed: bytes | memoryview, *, purpose: str = "") -> bytes:
        """The same value under the sealing key; unchanged when it is sealed under that one already."""
        blob = bytes(sealed)
        return (
            blob
            if blob.startswith(self._head)
            else self.seal(self.open(blob, purpose=purpose), purpose=purpose)
        )

    def lookup(self, plain: str) -> bytes:
        """32 bytes by which a sealed value is found again; the same for the same text, meaningless without the keys."""
        first, *later = self.lookup_keys
        return _carried(later, hmac.digest(first, plain.encode(), hashlib.sha256))

    def lookup_on(self, platform: str, plain: str) -> bytes:
        """32 bytes likewise, for what names somebody on one platform: on another the same text gives other bytes.

        ``Address.key`` makes the two. The name comes in between the keys that were there when it became a part of the hash
        and those of later renewals: so hashes of before could be made over without what they are of (decision 34).
        """
        first, *later = self.lookup_keys
        before = self._chain.named_after - 1
        hashed = _carried(later[:before], hmac.digest(first, plain.encode(), hashlib.sha256))
        return _carried(later[before:], hashlib.sha256(platform.encode() + b"\0" + hashed).digest())

    @property
    def lookup_keys(self) -> tuple[bytes, ...]:
        """The oldest first. VaultError when they cannot be opened or were never made."""
        return self._chain.keys

    @cached_property
    def _chain(self) -> Chain:
        return self._find_lookup_keys(self)

    def message_hash(self, message_id: str) -> bytes:
        """16 bytes by which a platform's message id is found again: WhatsApp's holds the person's phone number in base64."""
        made = self._message_hasher.copy()
        made.update(message_id.encode())
        hashed = made.digest()
        for key in self.lookup_keys[1:]:
            hashed = hmac.digest(key, hashed, hashlib.sha256)[:_MESSAGE_HASH]
        return hashed

    @cached_property
    def _message_hasher(self) -> hashlib.blake2b:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"arengo message ids")
        return hashlib.blake2b(key=derived.derive(self.lookup_keys[0]), digest_size=_MESSAGE_HASH)

    @property
    def sealing_id(self) -> str:
        return self._sealing_id.decode()

    @property
    def head(self) -> bytes:
        """What every value that the sealing key sealed begins with."""
        return self._head


class _Remembering(Vault):
    """The installation's: several rooms look for the same person and message within one transaction. Kept in memory only."""

    def __init__(self, keys: list[tuple[str, bytes]], lookup_keys: Callable[[Vault], Chain]) -> None:
        super().__init__(keys, lookup_keys)
        self._lookups = lru_cache(_REMEMBERED)(super().lookup)
        self._lookups_on = lru_cache(_REMEMBERED)(super().lookup_on)
        self._message_hashes = lru_cache(_REMEMBERED)(super().message_hash)

    def lookup(self, plain: str) -> bytes:
        return self._lookups(plain)

    def lookup_on(self, platform: str, plain: str) -> bytes:
        return self._lookups_on(platform, plain)

    def message_hash(self, message_id: str) -> bytes:
        return self._message_hashes(message_id)


def _carried(keys: Sequence[bytes], hashed: bytes) -> bytes:
    for key in keys:
        hashed = hmac.digest(key, hashed[:CARRIED], hashlib.sha256)
    return hashed


def sealed_under(value: bytes | memoryview) -> str | None:
    """The id of the key that sealed it; None for what is not sealed by the vault. Says nothing of whether it opens."""
    blob = bytes(value[:_HEAD])
    if len(blob) < _HEAD or blob[0] != _VERSION:
        return None
    return bytes(value[_HEAD : _HEAD + blob[1]]).decode(errors="replace")


def derived_lookup_key(key: bytes) -> bytes:
    """The lookup key of an installation that is older than its table of them, and of a personal key.

    HKDF-SHA-256 (RFC 5869) without a salt, of one block: a joining citizen needs one, and the library's takes ten times longer.
    """
    return hmac.digest(
        hmac.digest(bytes(LOOKUP_KEY), key, hashlib.sha256), b"arengo lookup\x01", hashlib.sha256
    )


def key_marks(text: str) -> list[str]:
    """Of each key in ARENGO_VAULT_KEYS, the sealing one first: its id, and 8 bytes that tell nothing about it.

    Two processes, or a backup and an installation, compare by them whether they have the same keys.
    """
    return [
        f"{key_id}:{Vault([(key_id, key)]).lookup('mark of a backup').hex()[:16]}"
        for key_id, key in parse_keys(text)
    ]


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


LOOKUP_PURPOSE = "lookup keys"


# Migrations look for people too, before the row says where the name comes in.
_STORED = "SELECT keys_sealed, coalesce((to_jsonb(k) ->> 'named_after')::smallint, 1) FROM core_lookupkeys k"


def _stored_lookup_keys(vault: Vault) -> Chain:
    """Asked on a connection of its own: the first lookup may come within any transaction, or from an event loop."""
    from arengo.core.database import conninfo

    try:
        with psycopg.connect(conninfo("arengo vault")) as connection:
            row = connection.execute(_STORED).fetchone()
    except psycopg.errors.UndefinedTable:
        row = None
    if row is None:
        raise NoLookupKeys("The database has no lookup keys yet: arengo migrate makes them.")
    joined = vault.open(row[0], purpose=LOOKUP_PURPOSE)
    keys = (joined[at : at + LOOKUP_KEY] for at in range(0, len(joined), LOOKUP_KEY))
    return Chain(tuple(keys), row[1])


_present: Vault | None = None


@cache
def _vault_for(keys: str) -> Vault:
    return _Remembering(parse_keys(keys), _stored_lookup_keys)


def vault() -> Vault:
    """The vault of this installation's keys."""
    global _present  # asked a dozen times for each message: no look at the settings
    if _present is None:
        _present = _vault_for(settings.ARENGO_VAULT_KEYS)
    return _present


def forget() -> None:
    """The next ``vault()`` reads the lookup keys again: they were renewed, or the database is another one."""
    _vault_for.cache_clear()
    _let_go()


def _let_go(**_changed: object) -> None:
    global _present  # as above
    _present = None


setting_changed.connect(_let_go, dispatch_uid="arengo.vault")  # in tests
