# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys of a poll: a file beside the database, until the closing.

``arengo backup`` takes the database and the attachments, not this folder: a backup of an open poll, with the vault's keys, opens no
vote, and once the file is gone nothing ever does. Two private keys stand in it: one opens votes (X25519), one signs the result
(ECDSA on P-256, which each browser verifies).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

_PUBLIC = 32  # bytes of an X25519 key
_SCALAR = 32  # bytes of a number of P-256
_TOKEN = 16  # bytes: 2^64 people until two are likely to share one
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_FORGOTTEN_AFTER = 24 * 3600  # seconds: a file whose poll is in no database


class NoKey(Exception):
    """The file is not here: the poll is closed, or this machine does not share the data folder, or the folder is lost."""


class Unopened(Exception):
    """Not sealed for this key, or altered."""


@dataclass(frozen=True)
class Public:
    """``box``: for whom votes are sealed. ``signing``: the uncompressed point of P-256."""

    box: bytes
    signing: bytes


@dataclass(frozen=True)
class Keys:
    box: X25519PrivateKey
    signing: ec.EllipticCurvePrivateKey

    @cached_property
    def public(self) -> Public:
        point = self.signing.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Public(self.box.public_key().public_bytes_raw(), point)

    @cached_property
    def _tokens(self) -> bytes:
        return _derived(self.box.private_bytes_raw(), b"arengo tokens of a poll")

    def token(self, identity_id: int) -> bytes:
        """By which somebody's vote is found again to be changed: without the key it names nobody."""
        return hmac.digest(self._tokens, str(identity_id).encode(), hashlib.sha256)[:_TOKEN]

    def open(self, sealed: bytes) -> bytes:
        theirs = sealed[:_PUBLIC]
        try:
            shared = self.box.exchange(X25519PublicKey.from_public_bytes(theirs))
            return AESGCM(_derived(shared, theirs + self.public.box)).decrypt(
                bytes(12), sealed[_PUBLIC:], None
            )
        except (InvalidTag, ValueError) as error:
            raise Unopened from error

    def sign(self, text: str) -> bytes:
        """64 bytes, as browsers take them: r and s."""
        r, s = decode_dss_signature(self.signing.sign(text.encode(), ec.ECDSA(SHA256())))
        return r.to_bytes(_SCALAR) + s.to_bytes(_SCALAR)


def seal(plain: bytes, public: bytes) -> bytes:
    """For the poll's key alone. Each has a key of its own, so the nonce need not differ."""
    once = X25519PrivateKey.generate()
    mine = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return mine + AESGCM(_derived(shared, mine + public)).encrypt(bytes(12), plain, None)


def is_signed(text: str, signature: bytes, point: bytes) -> bool:
    try:
        known = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        r, s = (int.from_bytes(signature[at : at + _SCALAR]) for at in (0, _SCALAR))
        known.verify(encode_dss_signature(r, s), text.encode(), ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def mark(content: bytes) -> str:
    """Of a public key or a statement, for the log: its SHA-256 in letters, since the log leaves out what may be a telephone number."""
    return hashlib.sha256(content).hexdigest().translate(_LETTERS)


# --- the file -----------------------------------------------------------------------------------------------------


def make(code: UUID) -> Public:
    """A new poll's keys, written through to the disk before anybody can vote."""
    made = Keys(X25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1()))
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = made.signing.private_numbers().private_value
    handle = os.open(_path(code), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(made.box.private_bytes_raw() + number.to_bytes(_SCALAR))
        file.flush()
        os.fsync(file.fileno())
    _settle(folder)
    return made.public


def read(code: UUID) -> Keys:
    try:
        content = _path(code).read_bytes()
    except FileNotFoundError as error:
        raise NoKey from error
    if len(content) != _PUBLIC + _SCALAR:
        raise NoKey
    number = int.from_bytes(content[_PUBLIC:])
    return Keys(
        X25519PrivateKey.from_private_bytes(content[:_PUBLIC]), ec.derive_private_key(number, ec.SECP256R1())
    )


def destroy(code: UUID) -> None:
    """Overwritten, then taken away. What a disk keeps of it by itself is not in our hands (decision 66)."""
    path = _path(code)
    try:
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
    _settle(path.parent)


def kept() -> dict[UUID, bool]:
    """The polls whose keys are here, and whether the file has been here for more than a day."""
    found: dict[UUID, bool] = {}
    for path in _folder().glob("*.key"):
        try:
            found[UUID(path.stem)] = path.stat().st_mtime < time.time() - _FORGOTTEN_AFTER
        except (ValueError, FileNotFoundError):
            continue
    return found


def _folder() -> Path:
    return Path(settings.POLL_KEYS)


def _path(code: UUID) -> Path:
    return _folder() / f"{code}.key"


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _derived(secret: bytes, about: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"arengo poll " + about).derive(secret)
