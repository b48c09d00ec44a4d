# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file system that is quickly full, in memory; and giving back those of processes that were killed."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SIZE = "400m"
_SOURCE = "arengo-faults"  # tells our file systems from others in the list of those that are mounted


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of its own on this folder; False where that is not allowed."""
    options = f"size={_SIZE},mode=0711"
    unmount_orphans()
    if sys.platform != "linux" or os.geteuid() != 0:
        yield False
        return
    with _lock_of(folder).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, _SOURCE, str(folder)], capture_output=True, check=False
        )
        if done.returncode != 0:
            yield False
            return
        try:
            yield True
        finally:
            _unmount(folder)


def unmount_orphans() -> None:
    """Give back the disks of sweeps that were killed: whoever uses one holds the lock beside it."""
    with suppress(OSError):
        for line in Path("/proc/self/mounts").read_text().splitlines():
            source, folder = line.split()[:2]
            if source == _SOURCE:
                with suppress(OSError), _lock_of(Path(folder)).open("wb") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    _unmount(Path(folder))


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=False)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")
