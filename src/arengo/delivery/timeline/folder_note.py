# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The data folder's note of how far the installation had come: ``timeline.json``.

The database moves first, and the note follows after that commit is on its disk. So after any crash the note is at most
as far as the database; a note that is further says that the database is older than it was.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import msgspec

_FILE = "timeline.json"

log = logging.getLogger(__name__)


class Note(msgspec.Struct, frozen=True):
    """``at`` by the database's clock."""

    installation: str
    token: str
    tick: int
    at: datetime


class FolderNote:
    """Of one process and its data folder. What was noted is remembered too: the folder may not be writable."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._noted: Note | None = None
        self._failed = False

    def read(self) -> Note | None:
        """The later of what stands in the folder and what this process noted; None where nothing can be read."""
        found: Note | None = None
        try:
            found = msgspec.json.decode(self._file.read_bytes(), type=Note)
        except FileNotFoundError:
            pass
        except (OSError, msgspec.MsgspecError) as error:
            log.warning("The data folder's note cannot be read (%s).", type(error).__name__)
        if self._noted is not None and (found is None or found.at < self._noted.at):
            return self._noted
        return found

    def write(self, note: Note, *, whatever: bool = False) -> None:
        """Written whole or not at all, and never back in time unless ``whatever``. A folder that refuses is told once."""
        self._noted = note
        try:
            with self._alone():
                if not whatever and self._is_later(note):
                    return
                self._replace(msgspec.json.encode(note))
            self._failed = False
        except OSError as error:
            if not self._failed:
                log.warning("The data folder's note cannot be written (%s).", type(error).__name__)
            self._failed = True

    def _is_later(self, note: Note) -> bool:
        """Another process of this installation, on the same folder, was faster."""
        try:
            found = msgspec.json.decode(self._file.read_bytes(), type=Note)
        except (OSError, msgspec.MsgspecError):
            return False
        return found.installation == note.installation and found.at > note.at

    def _replace(self, content: bytes) -> None:
        part = self._file.with_name(f".{_FILE}.part")
        with part.open("wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        part.replace(self._file)
        with suppress(OSError):  # some network folders cannot
            folder = os.open(self._file.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._file.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
