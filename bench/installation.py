# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real installation of Arengo for measuring: its embedded PostgreSQL as it is (fsync on), its worker, its web process.

Each measurement gets a database of its own, copied from one that was just migrated, so that none inherits another's dust.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from bench.cores import as_arengo
from bench.processes import Process, Processes, answers, free_port, processor_seconds, until

PASSWORD = "una password soltanto per misurare"  # noqa: S105 - of a sample person in a database that is thrown away
_EMPTY = "arengo"  # the migrated database that others are copied from


def drop_database(server: psycopg.Connection[tuple[Any, ...]], name: str) -> None:
    """With whoever of ours is in it. Not WITH (FORCE), which may not end a vacuum of the server's; without, the server sees to that."""
    server.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s AND usename = user",
        [name],
    )
    server.execute(f'DROP DATABASE IF EXISTS "{name}"')


class Installation:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="arengo-bench-"))
        self.logs = self.folder / "logs"
        self.logs.mkdir()
        self.processes = Processes(self.logs)
        self.database = _EMPTY
        self._count = 0
        self._sockets = ""

    def begin(self) -> None:
        """PostgreSQL, migrated, with Django of this process connected to it."""
        from arengo.cli import embedded
        from arengo.core.vault import new_key

        with as_arengo():
            cluster = embedded.start(self.folder / "data")
        self._sockets = str(cluster.socket_dir)
        os.environ.update(
            ARENGO_DATA=str(self.folder / "data"),
            ARENGO_SECRET_KEY="only-for-measuring-" * 4,
            ARENGO_VAULT_KEYS=new_key("bench"),
            ARENGO_ALLOWED_ADDRESSES="127.0.0.0/8",  # where the emulated platforms are
            DATABASE_URL=self.url(_EMPTY),
            DJANGO_SETTINGS_MODULE="arengo.config.settings",
        )
        os.environ.pop("ARENGO_ENV", None)
        import django

        django.setup()
        from django.db import connection

        connection.settings_dict["OPTIONS"].pop("pool", None)  # so that this process can change its database
        from arengo.cli.prepared import migrate

        migrate()
        connection.close()

    def url(self, database: str) -> str:
        return f"postgresql://arengo@/{database}?host={quote(self._sockets, safe='')}"

    def fresh(self) -> str:
        """A new database, and Django of this process connected to it; the one before is dropped. Returns its name."""
        from django.db import connection

        connection.close()
        self._count += 1
        name = f"bench_{self._count}"
        with self.server() as server:
            if self.database != _EMPTY:
                drop_database(server, self.database)
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{_EMPTY}"')
        self.database = name
        os.environ["DATABASE_URL"] = self.url(name)
        connection.settings_dict["NAME"] = name
        return name

    def server(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection beside all of Arengo's, to the server's own database."""
        return psycopg.connect(self.url("postgres"), autocommit=True)

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection to the database under measure."""
        return psycopg.connect(self.url(self.database), autocommit=True)

    def worker(self) -> Process:
        """``python -m arengo.config.worker``, as every installation runs it."""
        with as_arengo():
            process = self.processes.python("arengo.config.worker")
        return self._profiled(process)

    def web(self, *, of_readers: bool = False) -> tuple[Process, int]:
        """``arengo web`` with one process, and its port; ``of_readers``: the second one that ``arengo up`` starts for them."""
        port = free_port()
        command = [sys.executable, "-m", "arengo", "web", "--processes", "1"]
        name = "ARENGO_PORT"
        if of_readers:
            name = "ARENGO_READERS_PORT"
            program = "from arengo.cli.running import readers; import os; p = readers(); os.execv(p.command[0], p.command)"
            command = [sys.executable, "-c", program]
        with as_arengo():
            process = self.processes.start(
                "readers" if of_readers else "web",
                command,
                {name: str(port), "ARENGO_PUBLIC_URL": f"http://127.0.0.1:{port}"},
            )
        until(lambda: answers(port, "/healthz"), 60, "the web process", process)
        return self._profiled(process), port

    def _profiled(self, process: Process) -> Process:
        """BENCH_PROFILE=folder: py-spy writes there what these processes do from their third to their eighteenth second."""
        folder = os.environ.get("BENCH_PROFILE")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            out = Path(folder) / f"{process.name}-{process.pid}.txt"
            spy = f"sleep 3; exec {sys.executable.rpartition('/')[0]}/py-spy record --nonblocking -s -d 15 -r 200 -f raw"
            self.processes.start("py-spy", ["sh", "-c", f"{spy} -o {out} -p {process.pid}"])
        return process

    def postgres_seconds(self) -> dict[str, float]:
        """Processor seconds of PostgreSQL's processes that live now, by what they serve."""
        found: dict[str, float] = {}
        with self.server() as server:
            rows = server.execute(
                "SELECT pid, coalesce(nullif(application_name, ''), backend_type, 'other') "
                "FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            ).fetchall()
        for pid, name in rows:
            found[name] = found.get(name, 0.0) + processor_seconds(pid)
        return dict(sorted(found.items(), key=lambda each: -each[1]))

    def end(self) -> None:
        """Every process, PostgreSQL and the folder."""
        from arengo.cli import embedded

        self.processes.end_all()
        embedded.stop(self.folder / "data")
        kept = os.environ.get("BENCH_LOGS")
        if kept:
            shutil.copytree(self.logs, kept, dirs_exist_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
