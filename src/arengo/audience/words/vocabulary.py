# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of requests to join or to leave, by what they can be: those of ``vocabulary.txt``, and the verbs of ``forms.py``."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from arengo.audience.words.forms import Class, Kinds, key, table


@lru_cache(maxsize=1)
def _sections() -> dict[str, frozenset[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in (files("arengo.audience.words") / "vocabulary.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif name:
            found.setdefault(name, []).extend(line.split())
    return {section: frozenset(words) for section, words in found.items()}


def named(section: str) -> frozenset[str]:
    """A small set. KeyError for one that the file does not have."""
    return _sections()[section]


def vocabulary() -> dict[str, Kinds]:
    """Every word, by its key (``forms.key``), with all that it can be."""
    found = table()
    for section, words in _sections().items():
        if section.isupper():
            kind: Kinds = getattr(Class, section)
            for word in words:
                found[key(word)] = found.get(key(word), 0) | kind
    for word in named("LIST"):  # «avvisi», «messaggi»: the things, not the verbs
        found[key(word)] &= ~(Class.SEND | Class.SEND_ME | Class.GET)
    return found
