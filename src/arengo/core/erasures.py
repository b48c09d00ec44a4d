# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an erasure touched, noted so that PostgreSQL's own files can be rewritten (``core/rewriting.py``).

A changed or deleted row stays in the table's file, in its indexes and in PostgreSQL's log until both are rewritten. Which
tables a transaction changed PostgreSQL itself knows: nobody lists them by hand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models, transaction
from django.db.models import F

from arengo.core.models import Erasure
from arengo.core.sql import statement

_CHANGED = """
SELECT relname, n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
WHERE schemaname = current_schema() AND n_tup_upd + n_tup_del > 0
"""
# The planner's samples of values are one table more.
_JOINED = """
UPDATE core_erasure SET
  tables = ARRAY (SELECT DISTINCT unnest(tables || %s::text[] || '{pg_statistic}'::text[]) ORDER BY 1), unfinished = unfinished - %s,
  xid = pg_current_xact_id()::text::bigint, rewritten_at = NULL, gone_at = NULL, log_position = ''
WHERE id = ANY(%s)
"""


@contextmanager
def erasing(subject: models.Model, *, organizations: Collection[int]) -> Iterator[list[Erasure]]:
    """In the caller's transaction: the tables that the block changes will be rewritten. One note an organization."""
    before = _changes()
    label = subject._meta.label  # noqa: SLF001  # Django documents _meta
    notes = _notes(label, str(subject.pk), organizations)
    yield notes
    after = _changes()
    touched = {table for table, count in after.items() if count != before.get(table, 0)}
    with connection.cursor() as cursor:
        cursor.execute(statement("with_bytes"))
        touched |= {str(name) for (name,) in cursor.fetchall()}
    _join(notes, touched - {Erasure._meta.db_table}, finished=0)  # noqa: SLF001  # likewise


def begin_work(erasure_id: int) -> None:
    """A job goes on with this erasure after the transaction; it ends with :func:`end_work`."""
    Erasure.unscoped.filter(pk=erasure_id).update(unfinished=F("unfinished") + 1)


def end_work(erasure_ids: Collection[int], tables: Collection[str]) -> None:
    """The job took the last of it away, and changed these tables."""
    with connection.cursor() as cursor:
        cursor.execute(_JOINED, [list(tables), 1, list(erasure_ids)])


def of(subject: models.Model) -> Erasure | None:
    """The last one of this object, in the scope's organization."""
    found: Erasure | None = (
        Erasure.objects.filter(object_type=subject._meta.label, object_id=str(subject.pk))  # noqa: SLF001  # likewise
        .order_by("-at", "-pk")
        .first()
    )
    return found


@dataclass(frozen=True)
class Left:
    """Of the whole installation: erasures that are not gone from PostgreSQL's own files yet."""

    count: int = 0
    oldest: datetime | None = None
    obstacles: tuple[str, ...] = ()


def left() -> Left:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(at), (SELECT array_agg(DISTINCT o ORDER BY o) FROM core_erasure, unnest(obstacles) AS o "
            " WHERE gone_at IS NULL) FROM core_erasure WHERE gone_at IS NULL"
        )
        count, oldest, obstacles = cursor.fetchone()
    return Left(int(count), oldest, tuple(obstacles or ()))


def note(
    object_type: str, object_id: str, *, organizations: Collection[int], tables: Collection[str]
) -> None:
    """What was taken away by itself, without an erasure just then: these tables will be rewritten."""
    with transaction.atomic():
        _join(_notes(object_type, object_id, organizations), set(tables), finished=0)


def _notes(object_type: str, object_id: str, organizations: Collection[int]) -> list[Erasure]:
    return list(
        Erasure.unscoped.bulk_create(
            Erasure(organization_id=organization, object_type=object_type, object_id=object_id)
            for organization in organizations
        )
    )


def _join(notes: Collection[Erasure], tables: Collection[str], *, finished: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_JOINED, [sorted(tables), finished, [note.pk for note in notes]])


def _changes() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED)
        return {str(name): int(count) for name, count in cursor.fetchall()}
