# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of an entry. Each room registers the words of its verbs and what its objects are called.

A room calls :func:`verbs` and :func:`objects` from ``<room>/audit_words.py`` when its app is ready; a verb without words
fails ``tests/config/test_audit_words.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from arengo.core.models import AuditEntry

Words = str | Promise


@dataclass(frozen=True)
class Named:
    """What an object is called today, and the page of the console where it stands; "" where there is none."""

    words: str
    url: str = ""


# Ids → what stands in the scope's organization. One question of the database, however many ids.
Describe = Callable[[Collection[int]], Mapping[int, Named]]

_verbs: dict[str, Words] = {}
_objects: dict[str, tuple[Words, Describe]] = {}


def verbs(words: Mapping[str, Words]) -> None:
    """``room.deed`` → what somebody did, to be read after their name: «ha preso in carico una conversazione»."""
    _verbs.update(words)


def objects(label: str, word: Words, describe: Describe) -> None:
    """``label``: that of the model (``desk.Conversation``). ``word``: what it is called where it is gone."""
    _objects[label] = (word, describe)


def known_verbs() -> Mapping[str, Words]:
    return _verbs


def known_objects() -> Mapping[str, Words]:
    return {label: word for label, (word, _describe) in _objects.items()}


def verb_words(verb: str) -> str:
    """One that nobody registered is shown as it is written."""
    return str(_verbs.get(verb, verb))


def named(entries: Iterable[AuditEntry]) -> dict[int, Named]:
    """Entry's id → its object. One that is gone keeps its word and its number, without a link."""
    entries = [entry for entry in entries if entry.object_id]
    ids: dict[str, set[int]] = {}
    for entry in entries:
        if entry.object_type in _objects and entry.object_id.isdecimal():
            ids.setdefault(entry.object_type, set()).add(int(entry.object_id))
    found = {label: _objects[label][1](wanted) for label, wanted in ids.items()}
    return {entry.pk: _of(entry, found.get(entry.object_type, {})) for entry in entries}


def _of(entry: AuditEntry, found: Mapping[int, Named]) -> Named:
    here = found.get(int(entry.object_id)) if entry.object_id.isdecimal() else None
    if here is not None:
        return here
    word = _objects[entry.object_type][0] if entry.object_type in _objects else entry.object_type
    return Named(f"{word} {entry.object_id}")
