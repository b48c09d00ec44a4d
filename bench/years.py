# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One embedded PostgreSQL with several databases: the same town with nothing behind it, and with a year's deliveries.

They stand side by side, so that one after the other can be measured in the same minute. The folder is kept: filling it
takes long, measuring it does not.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from bench import year
from bench.city import City, city
from bench.installation import drop_database

_LOADING = {"fsync": "off", "max_wal_size": "4GB", "full_page_writes": "off", "autovacuum": "off"}
_WEBHOOKS, _MOST_WEBHOOKS = 5, 2_000_000  # one webhook kept for so many deliveries


class Years:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._data = folder / "data"
        self._notes = folder / "years.json"
        self._sockets = ""

    def begin(self, rows: list[int]) -> None:
        """PostgreSQL as every installation runs it, with a database for each number of rows, filled if it is not yet."""
        from arengo.cli import embedded
        from arengo.core.vault import new_key

        notes: dict[str, Any] = json.loads(self._notes.read_text()) if self._notes.exists() else {}
        notes.setdefault("key", new_key("bench"))
        os.environ.update(
            ARENGO_DATA=str(self._data),
            ARENGO_SECRET_KEY="only-for-measuring-" * 4,
            ARENGO_VAULT_KEYS=notes["key"],
            DATABASE_URL="postgresql:///arengo",
            DJANGO_SETTINGS_MODULE="arengo.config.settings",
        )
        os.environ.pop("ARENGO_ENV", None)
        import django

        django.setup()
        from django.db import connection

        connection.settings_dict["OPTIONS"].pop("pool", None)  # so that this process can change its database
        missing = [number for number in rows if str(number) not in notes]
        if missing:
            self._sockets = str(embedded.start(self._data, settings=_LOADING).socket_dir)
            for number in missing:
                notes[str(number)] = self._fill(number)
                self._notes.write_text(json.dumps(notes))
            embedded.stop(self._data, within=600)
            os.sync()
        self._sockets = str(embedded.start(self._data).socket_dir)
        for number in rows:
            self.enter(number)
            self._migrate()

    def enter(self, rows: int) -> City:
        """Django of this process connected to the database with so many rows behind it; its town."""
        from arengo.core.models import Organization
        from arengo.core.scope import organization_scope
        from arengo.delivery.models import Sender

        self._use(_name(rows))
        organization = Organization.objects.get()
        with organization_scope(organization):
            return City(organization, list(Sender.objects.order_by("pk")))

    def url(self, database: str) -> str:
        return f"postgresql://arengo@/{database}?host={quote(self._sockets, safe='')}"

    def connect(self, rows: int) -> year.Database:
        return psycopg.connect(self.url(_name(rows)), autocommit=True)

    def end(self) -> None:
        from django.db import connection

        from arengo.cli import embedded

        connection.close()
        embedded.stop(self._data, within=120)

    def _fill(self, rows: int) -> float:
        name = _name(rows)
        with psycopg.connect(self.url("postgres"), autocommit=True) as server:
            drop_database(server, name)
            server.execute(f'CREATE DATABASE "{name}"')
        self._use(name)
        self._migrate()
        town = city("http://127.0.0.1:9", numbers=1)
        seconds = year.fill(
            self.url(name),
            town.organization.pk,
            town.senders[0].pk,
            rows,
            journal=min(rows // _WEBHOOKS, _MOST_WEBHOOKS),
        )
        print(f"  {rows:,} deliveries behind: filled in {seconds:,.0f} s", flush=True)
        return seconds

    def _use(self, name: str) -> None:
        from django.db import connection

        connection.close()
        os.environ["DATABASE_URL"] = self.url(name)
        connection.settings_dict.update(NAME=name, USER="arengo", HOST=self._sockets)

    def _migrate(self) -> None:
        from arengo.cli.prepared import migrate

        migrate()


def _name(rows: int) -> str:
    return f"rows_{rows}"
