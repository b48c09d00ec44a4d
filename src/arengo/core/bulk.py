# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many rows of one model in one statement, however many: each column travels as one array.

Django's ``bulk_create`` writes every value of every row into the statement where a column holds bytes, and ``bulk_update``
one CASE with a branch a row, which PostgreSQL walks through for each row: n people cost n². Here both cost the same a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

M = TypeVar("M", bound=models.Model)

# What a value is made into before it travels: psycopg wants the elements of an array to be of exactly one type.
_EXACTLY: dict[str, Callable[[Any], Any] | None] = {
    "bigint": int,
    "integer": int,
    "smallint": int,
    "boolean": bool,
    "varchar": str,
    "text": str,
    "bytea": bytes,
    "double precision": float,
    "timestamp with time zone": None,
    "date": None,
}


class _Column(NamedTuple):
    name: str
    attribute: str
    type: str  # of PostgreSQL, without a length: the column itself refuses what is too long
    exactly: Callable[[Any], Any] | None
    moment: models.Field[Any, Any] | None  # a field that sets its own value as the row is written


def insert(rows: Sequence[M], *, ignore_conflicts: bool = False) -> Sequence[M]:
    """Writes new rows of one model, in their order, and gives them their ids (not with ``ignore_conflicts``).

    As ``bulk_create``: no ``save()``, no signals. Arrays and JSON cannot be written so: TypeError.
    """
    if not rows:
        return rows
    model = type(rows[0])
    key = model._meta.pk
    columns = [
        column
        for column in _columns(model)
        if column.attribute != key.attname or getattr(rows[0], key.attname) is not None
    ]
    columns = [
        column for column in columns if not isinstance(getattr(rows[0], column.attribute), DatabaseDefault)
    ]
    quote = connection.ops.quote_name
    names = ", ".join(quote(column.name) for column in columns)
    end = "ON CONFLICT DO NOTHING" if ignore_conflicts else f"RETURNING {quote(key.column)}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT {names} "  # noqa: S608  # names of our own models
            f"FROM unnest({_arrays(columns)}) WITH ORDINALITY AS rows ({names}, place) ORDER BY place {end}",
            [_values(rows, column, adding=True) for column in columns],
        )
        if not ignore_conflicts:
            for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
                setattr(row, key.attname, pk)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return rows


def update(rows: Iterable[M], fields: Iterable[str]) -> None:
    """Writes these fields of stored rows of one model. Who needs an order of locks takes them before."""
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
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(model._meta.db_table)} AS t SET {news} "  # noqa: S608  # names of our own models
            f"FROM unnest({_arrays((own, *columns))}) AS v ({names}) WHERE t.{quote(own.name)} = v.{quote(own.name)}",
            [_values(rows, column, adding=False) for column in (own, *columns)],
        )


@cache
def _columns(model: type[models.Model]) -> tuple[_Column, ...]:
    found = []
    for field in model._meta.concrete_fields:
        if isinstance(field, models.AutoField):
            kind = str(field.rel_db_type(connection))
        else:
            kind = re.sub(r"\(.*\)", "", str(field.db_type(connection)))
        if kind not in _EXACTLY:
            raise TypeError(f"{field}: {kind} cannot be written in bulk.")
        own = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        found.append(
            _Column(str(field.column), field.attname, kind, _EXACTLY[kind], field if own else None)
        )
    return tuple(found)


def _arrays(columns: Iterable[_Column]) -> str:
    return ", ".join(f"%s::{column.type}[]" for column in columns)


def _values(rows: Sequence[models.Model], column: _Column, *, adding: bool) -> list[Any]:
    if column.moment is not None:
        return [column.moment.pre_save(row, adding) for row in rows]
    exactly, attribute = column.exactly, column.attribute
    if exactly is None:
        return [getattr(row, attribute) for row in rows]
    return [
        None if (value := getattr(row, attribute)) is None else exactly(value) for row in rows
    ]
