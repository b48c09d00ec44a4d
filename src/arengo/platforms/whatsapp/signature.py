# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a webhook really comes from the platform, and the answer to its handshake."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping

from arengo.platforms.contract import Credentials, Signature

_BLOCK = 64  # bytes that SHA-256 works in at a time


def signature(credentials: Credentials) -> Signature:
    """What only the holder of the secret can put on a webhook.

    In both schemes the secret is ``app_secret``: Meta's app secret for ``sha256``, the value that we gave the
    provider for ``token``. Without a secret nothing is trusted: anybody can sign with an empty key.
    """
    header = credentials.signature_header.lower().encode()
    secret = credentials.app_secret.encode()

    digest = _hmac_sha256(secret)

    def signed(given: bytes, body: bytes) -> bool:
        return hmac.compare_digest(given.strip().lower(), b"sha256=" + digest(body))

    def repeated(given: bytes, _body: bytes) -> bool:
        return hmac.compare_digest(given, secret)

    def never(_given: bytes, _body: bytes) -> bool:
        return False

    schemes = {"sha256": signed, "token": repeated} if secret else {}
    return Signature(header, schemes.get(credentials.signature, never))


def _hmac_sha256(secret: bytes) -> Callable[[bytes], bytes]:
    """HMAC-SHA-256 (RFC 2104) under one key, in hexadecimal digits.

    ``hmac.digest`` looks the algorithm up and works the key in each time, which for a receipt of 500 bytes is more
    than half of its work; here that is done once, and its two states are copied.
    """
    if len(secret) > _BLOCK:
        secret = hashlib.sha256(secret).digest()
    key = secret.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def digest(body: bytes) -> bytes:
        within, around = inner.copy(), outer.copy()
        within.update(body)
        around.update(within.digest())
        return around.hexdigest().encode()

    return digest


def handshake(credentials: Credentials, query: Mapping[str, str]) -> str | None:
    """The challenge to repeat, when the query shows that the asker knows our verify token."""
    if query.get("hub.mode") != "subscribe" or not credentials.verify_token:
        return None
    if not _equal(query.get("hub.verify_token", ""), credentials.verify_token):
        return None
    return query.get("hub.challenge")


def _equal(given: str, expected: str) -> bool:
    # Bytes, because compare_digest raises on text that is not ASCII, and a header may hold anything.
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8", "replace"))
