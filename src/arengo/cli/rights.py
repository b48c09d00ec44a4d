# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The data folder is its account's alone (0700), also when it existed before, and so is each thing in it.

The folder itself comes first: once nobody else may enter it, nothing in it can be reached, or changed under our hands.
What cannot be made private stops production and is only said elsewhere; then nothing was changed.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import click

from arengo.config import environment

from .words import Refused, _

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What Arengo makes there: a folder that holds other things and none of these is somebody else's.
_OURS = {
    "arengo.lock",
    "collected",
    "keys.env",
    "logs",
    "media",
    "poll-keys",
    "postgres",
    "postgres.users",
    "sandbox",
}
_NOBODYS = {"lost+found"}


def make_private(data: Path) -> None:
    """Called whenever a command opens the folder. Refused, in production, when others may still enter it."""
    problem = _problem(data)
    if problem is None:
        return
    words = _("la cartella dei dati %(folder)s non è riservata: %(problem)s") % {
        "folder": data,
        "problem": problem,
    }
    if environment.is_production():
        raise Refused(words)
    click.echo(f"arengo: {words}", err=True)


def _problem(data: Path) -> str | None:
    """What is wrong and how to mend it; None when the folder is private now."""
    found = data.stat()
    if found.st_uid != os.geteuid():
        words = _("appartiene all'utente numero %(uid)d; darla a chi avvia Arengo («chown»)")
        return words % {"uid": found.st_uid}
    if found.st_mode & _OTHERS and not _is_ours_to_change(data, found):
        return _("contiene anche altro; indicare con ARENGO_DATA una cartella solo per Arengo")
    for entry in (data, *sorted(data.iterdir())):
        problem = _tighten(entry, data)
        if problem:
            return problem
    return None


def _is_ours_to_change(data: Path, found: os.stat_result) -> bool:
    names = {entry.name for entry in data.iterdir() if not entry.name.startswith(".")} - _NOBODYS
    return not found.st_mode & stat.S_ISVTX and (not names or bool(names & _OURS))


def _tighten(path: Path, data: Path) -> str | None:
    """Take every right of the group and of others; the owner's stay as they are."""
    words = _("%(path)s è accessibile ad altri e non si può cambiare; correggere con «chmod go= %(path)s»")
    if path != data and path.is_symlink():  # what lies elsewhere is not ours to change
        try:
            lies = path.stat()
        except OSError:
            return None
        return words % {"path": path.resolve()} if lies.st_mode & _OTHERS else None
    try:
        found = path.stat()
        # PostgreSQL runs as another account where Arengo is root, and reaches its own folder through this one.
        elsewhere = found.st_uid != os.geteuid() or (os.geteuid() == 0 and path == data / "postgres")
        if path != data and elsewhere:
            return None
        if found.st_mode & _OTHERS:
            path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
            found = path.stat()  # some file systems accept the change and do nothing
    except FileNotFoundError:  # another process has just taken it away
        return None
    except OSError:
        return words % {"path": path}
    return words % {"path": path} if found.st_mode & _OTHERS else None
