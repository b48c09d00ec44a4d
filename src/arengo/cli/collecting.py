# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The browser's files, put together in one folder under names made of their content."""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

_LOCK, _MARK = "collected.lock", ".collected"


def collect() -> None:
    """Bring ``STATIC_ROOT`` up to date; nothing is written when it is. OSError when it cannot be written.

    One process at a time: several installations may start from one program, and each rewrites files that the others
    read. The mark is removed first and written last, so that a half-made folder is made again.
    """
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    wanted = _fingerprint()
    if _is_made(root, wanted):
        return
    root.mkdir(parents=True, exist_ok=True)
    with (root.parent / _LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_made(root, wanted):
            return
        (root / _MARK).unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        (root / _MARK).write_text(wanted)


def _is_made(root: Path, wanted: str) -> bool:
    try:
        return (root / _MARK).read_text() == wanted and (root / "staticfiles.json").is_file()
    except OSError:
        return False


def _fingerprint() -> str:
    """Of every file that would be collected: its name, time and size; and of the code that names them."""
    from django.contrib.staticfiles.finders import get_finders

    from arengo.config import static_files

    found = {name: storage.path(name) for finder in get_finders() for name, storage in finder.list([])}
    found[""] = static_files.__file__
    digest = hashlib.sha256()
    for name, path in sorted(found.items()):
        stat = Path(path).stat()
        digest.update(f"{name}\0{path}\0{stat.st_mtime_ns}\0{stat.st_size}\n".encode())
    return digest.hexdigest()
