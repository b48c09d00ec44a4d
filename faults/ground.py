# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A PostgreSQL of the sweeps' own, with fsync, and a database for each sweep: a copy of one that was migrated once."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from arengo.cli import embedded
from bench.installation import drop_database
from faults.processes import environment

# Ends with us, and yet waits for the disk as in production: a kill of PostgreSQL must lose nothing.
_CAREFUL = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "shared_buffers": "128MB"}
_READY = "arengo"  # the database that is copied


@dataclass
class Ground:
    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Path | None = None  # for the data alone: a disk of its own
    _serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _url: str = ""

    @property
    def data(self) -> Path:
        return self.elsewhere or self.folder / "data"

    def start(self) -> None:
        """Start PostgreSQL, for the first time or after a kill."""
        self._url = embedded.start(self.data, settings={**_CAREFUL, **self.settings}, for_tests=True).url

    def stop(self) -> None:
        embedded.stop(self.data)

    def migrate(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "arengo", "migrate"],
            env=environment(self._url, self.data),
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        if done.returncode != 0:
            raise RuntimeError(f"the database could not be prepared: {done.stderr.strip()}")

    def kill(self) -> int:
        """SIGKILL to the postmaster and to every process of its; how many they were."""
        lines = (self.data / "postgres" / "cluster" / "postmaster.pid").read_text().splitlines()
        postmaster = int(lines[0])
        pids = [postmaster, *_children(postmaster)]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 15
        while embedded.is_running(self.data) and time.monotonic() < deadline:
            time.sleep(0.01)
        return len(pids)

    def new_database(self) -> str:
        """The address of a fresh database, migrated and empty."""
        name = f"sweep_{os.getpid()}_{next(self._serial)}"
        with psycopg.connect(self.address_of("postgres"), autocommit=True) as database:
            database.execute(f'CREATE DATABASE "{name}" TEMPLATE "{_READY}"')
        return self.address_of(name)

    def drop_database(self, url: str) -> None:
        name = conninfo_to_dict(url)["dbname"]
        with psycopg.connect(self.address_of("postgres"), autocommit=True) as database:
            drop_database(database, name)

    def address_of(self, database: str) -> str:
        return self._url.replace(f"/{_READY}?", f"/{database}?", 1)


@contextmanager
def ground(
    folder: Path, settings: Mapping[str, str] | None = None, *, data: Path | None = None
) -> Iterator[Ground]:
    """A running, migrated ground. Its PostgreSQL ends with it."""
    made = Ground(folder, settings or {}, data)
    folder.mkdir(parents=True, exist_ok=True)
    made.start()
    try:
        made.migrate()
        yield made
    finally:
        made.stop()


@contextmanager
def django_at(url: str) -> Iterator[None]:
    """Inside, Django's ORM works on this database, and the vault finds by its lookup keys."""
    from django.db import connection

    from arengo.core import vault

    parts = conninfo_to_dict(url)
    values: dict[str, Any] = connection.settings_dict
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    before = {name: values[name] for name in names}
    connection.close()
    values.update({name: str(parts.get(part) or "") for name, part in names.items()})
    vault.forget()
    try:
        yield
    finally:
        connection.close()
        values.update(before)
        vault.forget()


def _children(parent: int) -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # «pid (name) state parent …»: the name may hold anything, the last bracket ends it.
            words = place.read_text().rpartition(")")[2].split()
            if int(words[1]) == parent:
                found.append(int(place.parent.name))
    return found
