# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tokens of links: 256 random bits in the link, their hash in the database."""

from __future__ import annotations

import hashlib
import secrets


def new() -> tuple[str, str]:
    """A token for a link, and the hash that is kept of it."""
    token = secrets.token_urlsafe(32)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
