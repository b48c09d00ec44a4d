# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: SLF001  # Django documents _meta and _state
"""Many rows of one model in one statement, however many: each column travels as one array.

Django's ``bulk_create`` writes every value of every row into the statement where a column holds bytes, and ``bulk_update``
one CASE with a branch a row, which PostgreSQL walks through for each row: n people cost n². Here both cost the same a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState
from django.db.models.expressions import DatabaseDefault
from django.utils import timezone

M = TypeVar("M", bound=models.Model)


def _whole(value: Any) -> str:
    return repr(value) if type(value) is int else str(int(value))


def _bytes(value: Any) -> str:
    return f'"\\\\x{value.hex()}"'  # bytes or memoryview


def _text(value: Any) -> str:
    text = str(value)
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


# How a value of each type stands in an array as PostgreSQL reads it. psycopg's own arrays ask and quote each element by
# itself, which costs more than all the rest of writing a row.
_ELEMENTS: dict[str, Callable[[Any], str]] = {
    "bigint": _whole,
    "integer": _whole,
    "smallint": _whole,
    "boolean": lambda value: "t" if value else "f",
    "varchar": _text,
    "text": _text,
    "bytea": _bytes,
    "double precision": lambda value: repr(float(value)),
    "timestamp with time zone": lambda value: value.isoformat(),
    "date": lambda value: value.isoformat(),
}


def array(kind: str, values: Iterable[Any]) -> str:
    """Values as the text of one array, for ``%s::<kind>[]``; the kinds are those of ``_ELEMENTS``."""
    element, values = _ELEMENTS[kind], list(values)
    if None in values:
        return "{" + ",".join(["NULL" if value is None else element(value) for value in values]) + "}"
    return "{" + ",".join(map(element, values)) + "}"


class _Column(NamedTuple):
    name: str
    attribute: str
    type: str  # of PostgreSQL, without a length: the column itself refuses what is too long
    field: models.Field[Any, Any]
    moment: models.Field[Any, Any] | None  # the same, where it sets its own value as the row is written


def new(model: type[M], **values: Any) -> M:
    """As ``model(**values)``, by attribute (``conversation_id``), and many times quicker: no signals, no descriptors.

    For rows that are made by the thousand and go to :func:`insert`.
    """
    same, made = _defaults(model)
    row = model.__new__(model)
    held = row.__dict__
    held.update(same)
    held.update(values)
    held["_state"] = ModelState()
    for attribute, make in made.items():
        if attribute not in values:
            held[attribute] = make()
    if len(held) != len(same) + len(made) + 1:
        raise TypeError(
            f"{model.__name__} has no {', '.join(sorted(values.keys() - same.keys() - made.keys()))}."
        )
    return row


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """By attribute: the values with which every new row begins, and what makes the others."""
    same: dict[str, Any] = {}
    made: dict[str, Callable[[], Any]] = {}
    for field in model._meta.concrete_fields:
        if callable(field.default) and field.has_default():
            made[field.attname] = field.default
        else:
            same[field.attname] = field.get_default()
    return same, made


def insert(rows: Sequence[M], *, ignore_conflicts: bool = False) -> Sequence[M]:
    """Writes new rows of one model, in their order, and gives them their ids (not with ``ignore_conflicts``).

    As ``bulk_create``: no ``save()``, no signals. Arrays and JSON cannot be written so: TypeError.
    """
    if not rows:
        return rows
    model = type(rows[0])
    key = model._meta.pk
    found: dict[_Column, list[Any]] = {}
    fields = [row.__dict__ for row in rows]  # the descriptors of relations cost more than all else
    for column in _columns(model):
        if column.moment is not None:  # one moment for all
            moment = column.moment.pre_save(rows[0], True)
            for held in fields:
                held[column.attribute] = moment
            found[column] = [moment] * len(rows)
            continue
        values = [held[column.attribute] for held in fields]
        made_by_database = values[0] is None and column.attribute == key.attname
        if not made_by_database and not isinstance(values[0], DatabaseDefault):
            found[column] = values
    ids = _insert(model, len(rows), found, ignore_conflicts=ignore_conflicts)
    for held, pk in zip(fields, ids, strict=False):
        held[key.attname] = pk
    alias = connection.alias
    for row in rows:
        row._state.adding, row._state.db = False, alias
    return rows


def draw_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids for rows that will be written in this transaction: where two tables point to each other, or nobody asks for them again."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, str(model._meta.pk.column), count],
        )
        return [int(pk) for (pk,) in cursor.fetchall()]


def insert_columns(model: type[models.Model], count: int, columns: Mapping[str, Any]) -> list[int]:
    """Writes ``count`` new rows without making objects of them, which would cost more than writing. Returns their ids.

    ``columns``: by attribute (``conversation_id``), a list with one value a row, or one value for all. What is left out has
    the field's default.
    """
    found = {}
    unknown = set(columns)
    for column in _columns(model):
        unknown.discard(column.attribute)
        if column.attribute in columns:
            value = columns[column.attribute]
        elif column.moment is not None:
            value = timezone.now()
        elif column.attribute == model._meta.pk.attname:
            continue
        else:
            value = column.field.get_default()
            if isinstance(value, DatabaseDefault):
                continue
        found[column] = value if isinstance(value, list) else [value]
    if unknown:
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(unknown))}.")
    return _insert(model, count, found) if count else []


def _insert(
    model: type[models.Model],
    count: int,
    columns: Mapping[_Column, list[Any]],
    *,
    ignore_conflicts: bool = False,
) -> list[int]:
    """A column of which all values are the same travels as that one value."""
    quote = connection.ops.quote_name
    names, chosen, arrays, aliases = [], [], [], []
    constants: list[Any] = []
    lists: list[str] = []
    for column, values in columns.items():
        name = quote(column.name)
        names.append(name)
        first = values[0]
        if (first is values[-1] or first == values[-1]) and values.count(first) == len(values):
            chosen.append(f"%s::{column.type}")
            constants.append(first.value if isinstance(first, Enum) else first)
        else:
            chosen.append(f"rows.{name}")
            aliases.append(name)
            arrays.append(f"%s::{column.type}[]")
            lists.append(array(column.type, values))
    # Always one array, so that there are so many rows.
    arrays.append("(SELECT array_agg(n) FROM generate_series(1, %s) AS n)")
    end = "ON CONFLICT DO NOTHING" if ignore_conflicts else f"RETURNING {quote(str(model._meta.pk.column))}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(names)}) SELECT {', '.join(chosen)} "  # noqa: S608  # names of our own models
            f"FROM unnest({', '.join(arrays)}) AS rows ({', '.join([*aliases, 'place'])}) ORDER BY place {end}",
            [*constants, *lists, count],
        )
        return [] if ignore_conflicts else [pk for (pk,) in cursor.fetchall()]


def update(rows: Iterable[M], fields: Iterable[str]) -> None:
    """Writes these fields of stored rows of one model. A caller that needs an order of locks takes them before."""
    rows = list(rows)
    if not rows:
        return
    model = type(rows[0])
    wanted = {model._meta.get_field(name).attname for name in fields}  # type: ignore[union-attr]  # a field of a row
    key = model._meta.pk
    columns = [column for column in _columns(model) if column.attribute in wanted]
    [own] = [column for column in _columns(model) if column.attribute == key.attname]
    quote = connection.ops.quote_name
    news = ", ".join(f"{quote(column.name)} = v.{quote(column.name)}" for column in columns)
    names = ", ".join(quote(column.name) for column in (own, *columns))
    arrays = ", ".join(f"%s::{column.type}[]" for column in (own, *columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(model._meta.db_table)} AS t SET {news} "  # noqa: S608  # names of our own models
            f"FROM unnest({arrays}) AS v ({names}) WHERE t.{quote(own.name)} = v.{quote(own.name)}",
            [array(column.type, map(attrgetter(column.attribute), rows)) for column in (own, *columns)],
        )


@cache
def kind_of(field: models.Field[Any, Any]) -> str:
    """PostgreSQL's type of its column, without a length. TypeError for one of which :func:`array` knows no values."""
    if isinstance(field, models.AutoField):
        kind = str(field.rel_db_type(connection))
    else:
        kind = re.sub(r"\(.*\)", "", str(field.db_type(connection)))
    if kind not in _ELEMENTS:
        raise TypeError(f"{field}: {kind} cannot be written in bulk.")
    return kind


@cache
def _columns(model: type[models.Model]) -> tuple[_Column, ...]:
    found = []
    for field in model._meta.concrete_fields:
        kind = kind_of(field)
        own = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        found.append(_Column(str(field.column), field.attname, kind, field, field if own else None))
    return tuple(found)
