# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a webhook really comes from the platform, and the answer to its handshake."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from arengo.platforms.contract import Credentials

_PREFIX = "sha256="


def signature_ok(credentials: Credentials, headers: Mapping[str, str], body: bytes) -> bool:
    """True when ``body`` carries the signature that only the holder of the secret can make.

    In both schemes the secret is ``app_secret``: Meta's app secret for ``sha256``, the value that we gave the
    provider for ``token``. Without a secret nothing is trusted: anybody can sign with an empty key.
    """
    header = headers.get(credentials.signature_header.lower(), "")
    if not header or not credentials.app_secret:
        return False
    if credentials.signature == "sha256":
        return _sha256_ok(credentials.app_secret, header, body)
    if credentials.signature == "token":
        return _equal(header, credentials.app_secret)
    return False


def handshake(credentials: Credentials, query: Mapping[str, str]) -> str | None:
    """The challenge to repeat, when the query shows that the asker knows our verify token."""
    if query.get("hub.mode") != "subscribe" or not credentials.verify_token:
        return None
    if not _equal(query.get("hub.verify_token", ""), credentials.verify_token):
        return None
    return query.get("hub.challenge")


def _sha256_ok(secret: str, header: str, body: bytes) -> bool:
    expected = _PREFIX + hmac.digest(secret.encode(), body, "sha256").hex()
    return _equal(header.strip().lower(), expected)


def _equal(given: str, expected: str) -> bool:
    # Bytes, because compare_digest raises on text that is not ASCII, and a header may hold anything.
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8", "replace"))
