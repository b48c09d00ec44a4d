# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The folder of a run's database, and what runs left behind that were killed.

A run holds a lock beside its folder as long as it lives. What nobody holds is ended and removed by the next run.
"""

from __future__ import annotations

import atexit
import fcntl
import secrets
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from arengo.core import embedded
from faults.small_disk import unmount_orphans

_NAME = "arengo-test-"
_held: list[IO[bytes]] = []
"""Open as long as this process lives: the locks that say so."""


def own_folder() -> Path:
    """A new folder of this process, below the temporary files."""
    folder = Path(tempfile.gettempdir()) / f"{_NAME}{secrets.token_hex(6)}"
    lock = _lock_of(folder).open("wb")
    fcntl.flock(lock, fcntl.LOCK_EX)
    _held.append(lock)
    atexit.register(lock.close)
    folder.mkdir(mode=0o700)  # after the lock is held: a folder that nobody holds is taken for left behind
    return folder


def clear() -> None:
    """Remove the folders of runs that are no more, and end their databases."""
    unmount_orphans()
    for folder in Path(tempfile.gettempdir()).glob(f"{_NAME}*/"):
        with suppress(OSError), _lock_of(folder).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(folder)


def remove(folder: Path) -> None:
    with suppress(embedded.EmbeddedError):
        embedded.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
    _lock_of(folder).unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")
