# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each worker's part: before it sends anything, after each lost connection and every few seconds it looks for signs that the
database is older than it was, and moves the present timeline and the data folder's note forward.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from arengo.delivery.models import Outbox
from arengo.delivery.sql import statement
from arengo.delivery.timeline import beginning, step_back
from arengo.delivery.timeline.folder_note import FolderNote, Note
from arengo.delivery.timeline.models import Cause, Timeline

EVERY = 5.0  # seconds between two ticks
_END_WITHIN = 2.0  # seconds; what is broken off goes on at the next look
# A commit that PostgreSQL answers before it is on the disk could fall behind the note. Stronger settings stay as they are.
_DURABLE = (
    "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'"
)

log = logging.getLogger(__name__)


def keep(folder_note: FolderNote) -> Timeline:
    """One look and one tick. What is found older is withheld before this returns. Safe to break off anywhere."""
    with transaction.atomic():
        beginning.alone()
        timeline = _looked(folder_note.read())
        with connection.cursor() as cursor:
            cursor.execute(_DURABLE)
            cursor.execute(statement("tick"), {"timeline": timeline.pk})
            timeline.tick, timeline.moved_at = cursor.fetchone()
    folder_note.write(note_of(timeline))
    beginning.withhold()
    return timeline


def _looked(note: Note | None) -> Timeline:
    """The present timeline, begun anew if something says so."""
    present = beginning.present()
    if present is None:
        # A database that was saved before there were timelines, in the folder of an installation that went on.
        lived = beginning.last_known(None)
        is_older = note is not None and lived is not None and lived < note.at and Outbox.unscoped.exists()
        return beginning.begin(Cause.FOLDER if is_older else Cause.INSTALLED)
    place = step_back.here()
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        now = cursor.fetchone()[0]
    cause = step_back.cause_of(present, note, place, now)
    if cause is not None:
        return beginning.begin(cause)
    if present.place != place.as_json():
        log.warning("The database moved to another place; nothing says that anything is missing.")
        present.place, present.moved_place_at = place.as_json(), now
        present.save(update_fields=["place", "moved_place_at"])
    return present


def note_of(timeline: Timeline) -> Note:
    return Note(timeline.installation, timeline.token, timeline.tick, timeline.moved_at)


class Keeper:
    """For the worker's event loop."""

    def __init__(self, folder: Path | None = None) -> None:
        self._note = FolderNote(folder or settings.DATA)
        self._task: asyncio.Task[None] | None = None
        self._due = 0.0

    async def look(self) -> None:
        """Now, and until it is done. ConnectionError where the database does not answer."""
        await asyncio.to_thread(self._keep)
        self._due = asyncio.get_running_loop().time() + EVERY

    def tend(self) -> None:
        """A look in the background once the last one is some seconds old."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._due or (self._task is not None and not self._task.done()):
            return
        self._due = loop.time() + EVERY
        self._task = asyncio.create_task(self._quietly())

    async def end(self) -> None:
        if self._task is not None:
            await asyncio.wait([self._task], timeout=_END_WITHIN)

    async def _quietly(self) -> None:
        with contextlib.suppress(ConnectionError):
            await self.look()

    def _keep(self) -> None:
        try:
            keep(self._note)
        except DatabaseError as error:
            log.warning(
                "Whether the database is older than it was cannot be seen (%s).", type(error).__name__
            )
            raise ConnectionError("the database does not tell") from error
        finally:
            with contextlib.suppress(DatabaseError):
                connection.close()
