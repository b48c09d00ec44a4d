# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which columns hold what the vault made, so that ``arengo reseal`` finds all of it.

A model declares ``SealedField(purpose=…)`` for what ``vault().seal`` made with that purpose, ``LookupField()`` for what
``vault().lookup`` made, and ``OpaqueField(because=…)`` for any other bytes. To migrations all three are plain
``BinaryField``. A sealed value inside a column of another type (text, JSON) is registered with :func:`register_inside`,
in the ``AppConfig.ready`` of the room that writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

_PLAIN = "django.db.models.BinaryField"

Each = Callable[[bytes, str], bytes]
"""Given a sealed value and its purpose, what takes its place."""
Rewrite = Callable[[Any, Each], Any]
"""Given a column's value, the same with every sealed value in it replaced by what ``Each`` makes of it."""


class _Bytes(models.BinaryField):  # type: ignore[type-arg]  # generic for the type checker only
    def deconstruct(self) -> Any:
        name, _path, positional, named = super().deconstruct()
        return name, _PLAIN, positional, named

    def clone(self) -> Any:
        """What a migration keeps of the field: plain bytes."""
        _name, _path, positional, named = self.deconstruct()
        return models.BinaryField(*positional, **named)


class SealedField(_Bytes):
    """What ``vault().seal(…, purpose=purpose)`` made, or nothing (NULL or empty)."""

    def __init__(self, *positional: Any, purpose: str, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.purpose = purpose


class LookupField(_Bytes):
    """What ``vault().lookup`` made: all of it, or its first 16 bytes or more."""


class OpaqueField(_Bytes):
    """Bytes that the vault did not make. ``because`` says what they are and why they need no sealing here."""

    def __init__(self, *positional: Any, because: str, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.because = because


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """``plain``: the column is bytes and holds one sealed value, so that its head can be compared in SQL."""

    table: str
    key: str  # the primary key's column
    column: str
    rewrite: Rewrite
    plain: bool


@dataclass(frozen=True, slots=True)
class LookupColumn:
    table: str
    column: str


_inside: dict[tuple[str, str], Rewrite] = {}


def register_inside(model: str, field: str, rewrite: Rewrite) -> None:
    """``model`` as "app_label.Model". ``rewrite(value, each)`` is given what the database driver reads (text, or of a
    JSON column the object) and gives it back with ``each(sealed, purpose)`` in place of each sealed value."""
    _inside[model, field] = rewrite


def sealed_columns() -> list[SealedColumn]:
    """All of the installation, in the order of their tables."""
    found = [
        SealedColumn(model._meta.db_table, _key(model), str(field.column), _whole(field.purpose), plain=True)
        for model, field in _fields()
        if isinstance(field, SealedField)
    ]
    for (label, name), rewrite in _inside.items():
        model = apps.get_model(label)
        field = model._meta.get_field(name)
        assert isinstance(field, models.Field)  # noqa: S101 - a column, not a relation seen from behind
        found.append(SealedColumn(model._meta.db_table, _key(model), str(field.column), rewrite, plain=False))
    return sorted(found, key=lambda column: (column.table, column.column))


def lookup_columns() -> list[LookupColumn]:
    found = {
        LookupColumn(model._meta.db_table, str(field.column))
        for model, field in _fields()
        if isinstance(field, LookupField)
    }
    return sorted(found, key=lambda column: (column.table, column.column))


def _whole(purpose: str) -> Rewrite:
    return lambda value, each: each(bytes(value), purpose) if value else value


def _fields() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            for field in model._meta.local_concrete_fields:
                yield model, field


def _key(model: type[models.Model]) -> str:
    key = model._meta.pk
    assert key is not None  # noqa: S101 - every table of Django's has one
    return str(key.column)
