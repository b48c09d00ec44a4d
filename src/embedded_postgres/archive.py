# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups of a database by PostgreSQL's own pg_dump and pg_restore, in its custom format."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from .cluster import clean_environment, programs
from .errors import ArchiveFailed, DamagedBackup, MissingBackup, NoBackup

# What is kept lies in the schema public; emptying it first leaves no table of a newer version behind.
_BEGIN = b"""BEGIN;
SET LOCAL client_min_messages = warning;
DROP SCHEMA IF EXISTS public CASCADE;
CREATE SCHEMA public;
"""
_END = b"COMMIT;\n"


def dump(url: str, file: Path, *, without_rows_of: Sequence[str] = ()) -> None:
    """Write the database to `file` (custom format, its owner alone may read it), whole or not at all.

    Of the tables `without_rows_of` (patterns of pg_dump's) only the definition is written. Raises ArchiveFailed.
    """
    part = file.with_name(f".{file.name}.part")
    command = [
        _program("pg_dump", url),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        *(f"--exclude-table-data={table}" for table in without_rows_of),
    ]
    try:
        with open(part, "wb", opener=_private) as target:
            done = subprocess.run(
                command, stdout=target, stderr=subprocess.PIPE, check=False, env=_environment(url)
            )
            if done.returncode != 0:
                raise ArchiveFailed(_telling(done.stderr))
            os.fsync(target.fileno())
        part.replace(file)
    except OSError as error:
        raise ArchiveFailed(f"{file}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def restore(url: str, file: Path, *, at_the_end: str = "") -> None:
    """Replace all that the database at `url` holds by the backup in `file`, in one transaction.

    `at_the_end` are SQL statements that belong to it. Raises ArchiveFailed; then nothing was changed.
    """
    if not file.is_file():
        raise MissingBackup(file)
    reader = [_program("pg_restore", url), "--no-owner", "--no-privileges"]
    listed = subprocess.run(
        [*reader, "--list", str(file)], capture_output=True, check=False, env=_environment()
    )
    if listed.returncode != 0:
        raise NoBackup(file, _telling(listed.stderr))
    reader += ["--file=-", str(file)]
    psql = [_program("psql", url), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(reader, stdout=pipe, stderr=pipe, env=_environment()) as source,
        subprocess.Popen(psql, stdin=pipe, stderr=pipe, env=_environment(url)) as target,
    ):
        # Feed the backup's statements to psql, and COMMIT only once the reader has ended well. (psql's own --single-
        # transaction commits whatever came when its input ends early.)
        end = at_the_end.encode() + _END
        if source.stdout is None or target.stdin is None:
            raise ArchiveFailed("the programs have no pipes")
        with suppress(BrokenPipeError), target.stdin as statements:
            statements.write(_BEGIN)
            shutil.copyfileobj(source.stdout, statements, 1 << 20)
            if source.wait() == 0:
                statements.write(end)
        source.stdout.close()
        refused = target.stderr.read() if target.stderr else b""
        unread = source.stderr.read() if source.stderr else b""
    if target.returncode != 0:
        raise ArchiveFailed(_telling(refused))
    if source.returncode != 0:
        raise DamagedBackup(file, _telling(unread))


def _private(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_CREAT | os.O_TRUNC, 0o600)


def _program(name: str, url: str) -> str:
    """The wheel's program for a socket; for a server elsewhere the machine's own: the wheel's has no TLS."""
    host = str(conninfo_to_dict(url).get("host") or "/")
    return (None if host.startswith("/") else shutil.which(name)) or str(programs() / name)


_LIBPQ = {"dbname": "PGDATABASE"}  # the parameter's variable, where it is not PG and its name


def _environment(url: str = "") -> dict[str, str]:
    """For a client program. The URL and its password go here, as libpq takes it, not on a command line."""
    home = {"HOME": os.environ["HOME"]} if "HOME" in os.environ else {}
    values = conninfo_to_dict(url) if url else {}
    libpq = {_LIBPQ.get(name, f"PG{name.upper()}"): str(value) for name, value in values.items()}
    return {**clean_environment(), **home, **libpq}


def _telling(words: bytes) -> str:
    """The line that says what was wrong, without the lines that may quote data."""
    lines = words.decode(errors="replace").splitlines()
    errors = [line for line in lines if re.search(r"(ERROR|FATAL|error):", line)]
    return (errors or lines or ["no word of why"])[0].strip()
