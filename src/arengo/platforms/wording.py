# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A platform's own words, made fit for a screen: no secrets, no invisible characters, an end."""

from __future__ import annotations

import re
import unicodedata

from arengo.platforms.contract import Credentials

_SHARE = 8  # characters of a secret in a row that already tell too much
_WORD = re.compile(r"\S{8,}")
# Letters and digits mixed, longer than any word or name of a parameter: a token, a hash, an encoded text.
_OPAQUE = re.compile(r"(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{20,}", re.ASCII)


def printable(text: str, most: int) -> str:
    """At most ``most`` characters on one line, without control, direction and other invisible characters."""
    text = text[: most * 4]
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or not unicodedata.category(character).startswith("C")
    )
    return " ".join(kept.split())[:most]


def without_secrets(text: str, credentials: Credentials) -> str:
    """``text`` without the sender's secrets, any larger part of one, and anything that looks like an encoded one."""
    for secret in (credentials.token, credentials.app_secret, credentials.verify_token):
        if len(secret) < _SHARE:
            # So short a secret is a part of many words.
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "…", text) if secret else text
        else:
            text = text.replace(secret, "…")
            text = _WORD.sub(lambda found, secret=secret: _hide(found.group(), secret), text)  # type: ignore[misc]
    return _OPAQUE.sub("…", text)


def _hide(word: str, secret: str) -> str:
    """``…`` for a word that shares eight characters in a row with the secret, in whatever case."""
    small, known = word.casefold(), secret.casefold()
    shares = any(small[at : at + _SHARE] in known for at in range(len(small) - _SHARE + 1))
    return "…" if shares else word
