# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a webhook really comes from the platform, and the answer to its handshake."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from arengo.platforms.contract import Credentials, Signature


def signature(credentials: Credentials) -> Signature:
    """What only the holder of the secret can put on a webhook.

    In both schemes the secret is ``app_secret``: Meta's app secret for ``sha256``, the value that we gave the
    provider for ``token``. Without a secret nothing is trusted: anybody can sign with an empty key.
    """
    header = credentials.signature_header.lower().encode()
    secret = credentials.app_secret.encode()

    keyed = hmac.new(secret, digestmod=hashlib.sha256)  # the key is worked in once, not for each body

    def signed(given: bytes, body: bytes) -> bool:
        made = keyed.copy()
        made.update(body)
        return hmac.compare_digest(given.strip().lower(), b"sha256=" + made.hexdigest().encode())

    def repeated(given: bytes, _body: bytes) -> bool:
        return hmac.compare_digest(given, secret)

    def never(_given: bytes, _body: bytes) -> bool:
        return False

    schemes = {"sha256": signed, "token": repeated} if secret else {}
    return Signature(header, schemes.get(credentials.signature, never))


def handshake(credentials: Credentials, query: Mapping[str, str]) -> str | None:
    """The challenge to repeat, when the query shows that the asker knows our verify token."""
    if query.get("hub.mode") != "subscribe" or not credentials.verify_token:
        return None
    given = query.get("hub.verify_token", "")
    # Bytes, because compare_digest raises on text that is not ASCII, and a header may hold anything.
    equal = hmac.compare_digest(
        given.encode("utf-8", "replace"), credentials.verify_token.encode("utf-8", "replace")
    )
    if not equal:
        return None
    return query.get("hub.challenge")
