# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tells that the database is older than the installation was.

1. The data folder's note is further than the database.
2. The database is not the one that it was: its tables were made anew by a restore, or it is a copy under another name. No
   note speaks for it, since the folder may have been copied at the same moment. Only where a new cluster holds the very
   same tables (pg_upgrade) a note that stands exactly where the database stands says that nothing is missing.
3. The server's own timeline changed. That is a replica that took over, or a return to a point in time. It is a replica
   where the note, or a silence shorter than ``TAKEOVER``, says that nothing longer than that is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, connection, transaction

from arengo.delivery.timeline.folder_note import Note
from arengo.delivery.timeline.models import Cause, Timeline

TAKEOVER = timedelta(
    minutes=2
)  # a replica takes over within seconds; a person who goes back in time needs longer
_TICKS = timedelta(
    seconds=15
)  # three ticks: a note this close to the database was written by somebody who watched
# pg_restore makes each table anew, with another oid; VACUUM FULL and pg_upgrade keep it.
_LIES = "SELECT (SELECT oid FROM pg_database WHERE datname = current_database()), 'delivery_timeline'::regclass::oid"
_CLUSTER = "SELECT system_identifier::text FROM pg_control_system()"
_HISTORY = "SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)"


@dataclass(frozen=True)
class Place:
    """``cluster`` and ``history`` (PostgreSQL's timeline) are empty where a managed server does not tell them."""

    cluster: str
    history: str
    database: int
    table: int

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


def here() -> Place:
    """Where the database lies now. Inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_LIES)
        database, table = cursor.fetchone()
    return Place(_answer(_CLUSTER), _answer(_HISTORY), int(database), int(table))


def _answer(question: str) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(question)
            return str(cursor.fetchone()[0])
    except Error:
        return ""


def cause_of(present: Timeline, note: Note | None, place: Place, now: datetime) -> Cause | None:
    """Why the database must be older than the installation was; None where nothing says so."""
    note = _of_this_timeline(present, note)
    if note is not None and (note.token != present.token or note.tick > present.tick):
        return Cause.FOLDER
    if _differs(present.place, place, "table") or _differs(present.place, place, "database"):
        return Cause.COPY
    if _differs(present.place, place, "cluster"):
        return None if note is not None and note.tick == present.tick else Cause.COPY
    if _differs(present.place, place, "history"):
        watched = note is not None and present.moved_at - note.at <= _TICKS
        return None if watched or now - present.moved_at <= TAKEOVER else Cause.SERVER
    return None


def _of_this_timeline(present: Timeline, note: Note | None) -> Note | None:
    """A note of another installation says nothing; one from before this timeline began, nothing new."""
    if note is None or note.installation != present.installation:
        return None
    return note if note.token == present.token or note.at > present.began_at else None


def _differs(known: dict[str, Any], place: Place, part: str) -> bool:
    before, now = known.get(part), getattr(place, part)
    return bool(before and now and before != now)
