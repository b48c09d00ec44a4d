# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A process's output: all of it in a log file of bounded size, its important lines on the screen.

The process writes into the file itself, so that nothing is lost when its supervisor dies.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

_MOST_BYTES = 5 * 1024 * 1024
_IMPORTANT = re.compile(rb"\b(WARNING|ERROR|CRITICAL)\b|^\w*(Error|Exception): ")
_LINES_AT_ONCE = 5  # shown within ten seconds; the rest is in the file
_WIDTH = 300


class Log:
    """`path` holds the newest output, `path.1` what came before."""

    def __init__(self, path: Path, name: str, show: Callable[[str], None]) -> None:
        self.path = path
        self._name, self._show = name, show
        path.touch(mode=0o600)
        self._read = path.stat().st_size
        self._began, self._shown = 0.0, 0

    def follow(self) -> None:
        """Show the important ones of the lines that came since; start a new file when this one is large."""
        with self.path.open("rb") as file:
            file.seek(self._read)
            new = file.read()
        whole, newline, _rest = new.rpartition(b"\n")
        self._read += len(whole) + len(newline)
        for line in whole.splitlines():
            if _IMPORTANT.search(line):
                self._limited(line.decode(errors="replace").strip()[:_WIDTH])
        if self._read > _MOST_BYTES:
            shutil.copyfile(self.path, self.path.with_name(f"{self.path.name}.1"))
            with self.path.open("r+b") as file:
                file.truncate(0)  # the process appends: it goes on at the new end
            self._read = 0

    def last_words(self) -> str:
        lines = self.path.read_bytes()[-4000:].decode(errors="replace").split("\n")
        return next((line.strip()[:_WIDTH] for line in reversed(lines) if line.strip()), "")

    def _limited(self, line: str) -> None:
        now = time.monotonic()
        if now - self._began > 10:
            self._began, self._shown = now, 0
        self._shown += 1
        if self._shown <= _LINES_AT_ONCE:
            self._show(f"{self._name}: {line}")
        elif self._shown == _LINES_AT_ONCE + 1:
            self._show(f"{self._name}: … {self.path}")
