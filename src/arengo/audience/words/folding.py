# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bare words of a text."""

from __future__ import annotations

import unicodedata

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """The bare words of a text: no case, accents, punctuation, emoji or invisible signs."""
    letters = []
    for sign in unicodedata.normalize("NFKD", text).casefold():
        category = unicodedata.category(sign)
        if category in {"Mn", "Me", "Cf"}:  # accents, emoji joiners, zero-width signs: as if not there
            continue
        letters.append(sign if category[0] in "LN" else " ")
    # Once more: casefolding may compose or leave marks behind (e.g. «İ»).
    return tuple(
        word
        for word in unicodedata.normalize("NFKD", "".join(letters)).casefold().split()
        if any(unicodedata.category(sign)[0] in "LN" for sign in word)
    )
