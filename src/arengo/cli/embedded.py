# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The embedded PostgreSQL as Arengo wants it. ``embedded_postgres`` knows nothing of Arengo; this is what it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import embedded_postgres
from embedded_postgres import Cluster, EmbeddedError, is_running, stop

__all__ = ["Cluster", "EmbeddedError", "dump", "is_own", "is_running", "restore", "start", "stop"]

_NAME = "arengo"
_ROLES = ("pg_checkpoint",)  # what was erased leaves the write-ahead log at once (core/rewriting.py)
_SETTINGS = {
    "default_text_search_config": "pg_catalog.italian",
    # Two that wait for each other are told apart after this: nobody's message waits a second for it.
    "deadlock_timeout": "200ms",
    # Files of the log are taken away and made new, not used again: what was erased does not lie in them until then.
    "wal_recycle": "off",
    "wal_init_zero": "on",
}
# Who holds the key of a session is signed in by it: a fresh backup in other hands must open no console.
_WITHOUT_ROWS_OF = ("*.django_session",)
# No trigger tells of rows that came with their tables: web processes drop all public pages (config/serving/public_changes.py).
_AT_THE_END = "SELECT pg_catalog.pg_notify('arengo_public', 'core_organizationhost *');\n"


def start(
    data: Path,
    *,
    settings: Mapping[str, str] | None = None,
    for_tests: bool = False,
    given_up: Callable[[], bool] = lambda: False,
) -> Cluster:
    """Start the server of this data folder, or find the one that runs already: see ``embedded_postgres.start``."""
    return embedded_postgres.start(
        data,
        name=_NAME,
        member_of=_ROLES,
        settings={**_SETTINGS, **(settings or {})},
        for_tests=for_tests,
        given_up=given_up,
    )


def is_own(url: str) -> bool:
    """Whether this database address is an embedded server's."""
    return url.startswith(embedded_postgres.url_of(_NAME, ""))


def dump(url: str, file: Path) -> None:
    """Write the database at `url` to `file`, whole or not at all, without sessions. Raises ArchiveFailed."""
    embedded_postgres.dump(url, file, without_rows_of=_WITHOUT_ROWS_OF)


def restore(url: str, file: Path) -> None:
    """Replace all that the database at `url` holds by the backup, or nothing. Raises ArchiveFailed."""
    embedded_postgres.restore(url, file, at_the_end=_AT_THE_END)
