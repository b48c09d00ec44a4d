# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of an entry. Each room registers its name, the words of its verbs, objects and details.

A room does so in ``<room>/audit_words.py`` when its app is ready; a verb or a detail without words fails
``tests/core/test_audit_words.py``. The room of an entry is the part of its verb before the dot. What ``core`` registers of
details and values holds for every room that does not say otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise

from arengo.core.models import AuditEntry
from arengo.core.sentences import read

Words = str | Promise


@dataclass(frozen=True)
class Named:
    """What an object is called today, and the page of the console where it stands; "" where there is none."""

    words: str
    url: str = ""


# Ids → what stands in the scope's organization. As many queries for a hundred ids as for one.
Describe = Callable[[Collection[int]], Mapping[int, Named]]

_COMMON = "core"

_rooms: dict[str, tuple[int, Words]] = {}
_verbs: dict[str, Words] = {}
_objects: dict[str, tuple[Words, Describe]] = {}
# By room and by the name of the detail; by room and by the value as text.
_details: dict[tuple[str, str], Words] = {}
_values: dict[tuple[str, str], Words] = {}
_people: set[tuple[str, str]] = set()


def room(name: str, words: Words, *, order: int) -> None:
    """What the log's filter calls this room, and its place there."""
    _rooms[name] = (order, words)


def verbs(words: Mapping[str, Words]) -> None:
    """``room.action`` → what somebody did, to be read after their name: «ha preso in carico una conversazione»."""
    _verbs.update(words)


def objects(label: str, word: Words, describe: Describe) -> None:
    """``label``: that of the model (``desk.Conversation``). ``word``: what it is called where it is gone."""
    _objects[label] = (word, describe)


def details(room: str, words: Mapping[str, Words], *, people: Collection[str] = ()) -> None:
    """What the parts of ``AuditEntry.detail`` are called in this room's entries. ``people``: those that hold a person's id."""
    _details.update({(room, name): word for name, word in words.items()})
    _people.update((room, name) for name in people)


def values(room: str, words: Mapping[str, Words]) -> None:
    """What a value of a detail is called where it is a word of ours: «privacy» → «informativa»."""
    _values.update({(room, value): word for value, word in words.items()})


def rooms() -> list[tuple[str, Words]]:
    """Each room with its words, in their order."""
    return [(name, words) for name, (_order, words) in sorted(_rooms.items(), key=lambda each: each[1][0])]


def known_details() -> Mapping[tuple[str, str], Words]:
    return _details


def known_values() -> Mapping[tuple[str, str], Words]:
    return _values


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
    shown = {}
    for entry in entries:
        label, number = entry.object_type, entry.object_id
        here = found.get(label, {}).get(int(number)) if number.isdecimal() else None
        word = _objects[label][0] if label in _objects else label
        shown[entry.pk] = here or Named(f"{word} {number}")
    return shown


def people_in(entry: AuditEntry) -> set[int]:
    """The ids of the people whom an entry's details name."""
    return {
        value
        for name, value in entry.detail.items()
        if isinstance(value, int) and _holds_a_person(entry, name)
    }


def detail_words(entry: AuditEntry, people: Mapping[int, str]) -> str:
    """What the line keeps, each part with its name: «prima: Revisore; dopo: Redattore». ``people``: names by id."""
    return "; ".join(
        f"{_called(_details, entry, name)}: {_value_words(entry, name, value, people)}"
        for name, value in entry.detail.items()
        if value not in ("", None, [])
    )


def _value_words(entry: AuditEntry, name: str, value: object, people: Mapping[int, str]) -> str:
    if isinstance(value, int) and _holds_a_person(entry, name):
        return people.get(value, str(value))
    parts = [read(str(each)) for each in (value if isinstance(value, list) else [value])]
    if name == "changed":
        return ", ".join(_field(entry.object_type, part) or _called(_values, entry, part) for part in parts)
    return ", ".join(_called(_values, entry, part) for part in parts)


def _called(words: Mapping[tuple[str, str], Words], entry: AuditEntry, name: str) -> str:
    for room in (entry.verb.partition(".")[0], _COMMON):
        if (room, name) in words:
            return str(words[room, name])
    return name


def _holds_a_person(entry: AuditEntry, name: str) -> bool:
    room = entry.verb.partition(".")[0]
    return (room, name) in _people or (_COMMON, name) in _people


def _field(model: str, name: str) -> str:
    """A field as its form calls it; "" for what is no field of the model."""
    try:
        field = apps.get_model(model)._meta.get_field(name)  # noqa: SLF001  # Django's own, documented interface
        return str(field.verbose_name)
    except (LookupError, ValueError, FieldDoesNotExist, AttributeError):
        return ""
