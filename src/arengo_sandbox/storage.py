# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What survives a restart: one SQLite table of JSON records, written behind the requests in batches."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

# A send must not wait for a disk: at most this many seconds of state are lost when the process is killed.
FLUSH_SECONDS = 0.2

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID
"""


class Storage:
    """Records by kind and key. `put` and `drop` return at once; `flush` writes what changed in one transaction."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._dirty: dict[tuple[str, str], Any] = {}
        self._before_flush: list[Callable[[], None]] = []
        self._connection: sqlite3.Connection | None = None
        self._writer: ThreadPoolExecutor | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                folder / "sandbox.sqlite3", check_same_thread=False, timeout=10
            )
            self._connection.execute("PRAGMA journal_mode=WAL")
            # NORMAL keeps every committed record through a killed process; only a power cut may lose the last.
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.execute(SCHEMA)
            self._connection.commit()
            self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-storage")

    @property
    def lasting(self) -> bool:
        return self._connection is not None

    def before_flush(self, hook: Callable[[], None]) -> None:
        """Call `hook` before each flush, so that it may still put what it holds."""
        self._before_flush.append(hook)

    def put(self, kind: str, key: str, record: Any) -> None:
        """Remember `record` (anything msgspec encodes); it is encoded when it is written, not now."""
        if self._connection is not None:
            self._dirty[kind, key] = record

    def drop(self, kind: str, key: str) -> None:
        if self._connection is not None:
            self._dirty[kind, key] = None

    def load(self, kind: str, type_: type[T]) -> Iterator[T]:
        """All records of a kind, in the order of their keys."""
        if self._connection is None:
            return
        decode = msgspec.json.Decoder(type_).decode
        for (body,) in self._connection.execute(
            "SELECT body FROM record WHERE kind = ? ORDER BY key", (kind,)
        ):
            yield decode(body)

    async def run(self) -> None:
        """Flush for ever, until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        if self._connection is None or self._writer is None:
            return
        for hook in self._before_flush:
            hook()
        if not self._dirty:
            return
        changed, self._dirty = self._dirty, {}
        encode = msgspec.json.encode
        written = [(kind, key, encode(body)) for (kind, key), body in changed.items() if body is not None]
        dropped = [kind_key for kind_key, body in changed.items() if body is None]
        await asyncio.get_running_loop().run_in_executor(self._writer, self._write, written, dropped)

    def _write(self, written: list[tuple[str, str, bytes]], dropped: list[tuple[str, str]]) -> None:
        if self._connection is None:
            return
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", written)
            self._connection.executemany("DELETE FROM record WHERE kind = ? AND key = ?", dropped)

    async def close(self) -> None:
        await self.flush()
        if self._writer is not None:
            self._writer.shutdown(wait=True)
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.close()
            self._connection = None
