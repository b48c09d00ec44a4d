# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the embedded database and the collected files are as this program wants them: then a start is quick."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from arengo.core import places

from .folder import is_embedded


def up_to_date(data: Path, bring: Callable[[], None]) -> None:
    """Call `bring` unless it was done before for the same migrations and the same files.

    The mark lies within the database's own folder: it comes and goes with it. A database elsewhere, which others
    may have changed meanwhile, is always brought up to date.
    """
    mark = data / "postgres" / "migrated"
    if not is_embedded():
        bring()
        return
    wanted = _fingerprint(data)
    if not mark.is_file() or mark.read_text() != wanted:
        mark.unlink(missing_ok=True)
        bring()
        mark.write_text(wanted)


def forget(data: Path) -> None:
    """After a restore: what the database holds is not known."""
    (data / "postgres" / "migrated").unlink(missing_ok=True)


def _fingerprint(data: Path) -> str:
    digest = hashlib.sha256()
    migrations = sorted(places.PACKAGE.glob("*/migrations/*.py"))
    folders = (places.BUILT_PAGES, *places.PACKAGE.glob("*/static"))
    files = sorted(path for folder in folders for path in folder.rglob("*"))
    for path in migrations:
        digest.update(f"{path}\0".encode() + path.read_bytes())
    for path in files:
        digest.update(f"{path}\0{path.stat().st_mtime_ns}\0{path.stat().st_size}\n".encode())
    digest.update(str((places.collected(data) / "staticfiles.json").is_file()).encode())
    return digest.hexdigest()
