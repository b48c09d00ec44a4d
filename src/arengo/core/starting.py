# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether an installation is still being made ready: tables, files, the sample Comune of the demo.

What makes it ready holds a file lock meanwhile, which the kernel releases however that process ends.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK = "starting.lock"


@contextmanager
def starting(data: Path) -> Iterator[None]:
    """Inside, ``/readyz`` of every process on this data folder answers 503."""
    with (data / _LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_starting(data: Path) -> bool:
    """False as well where the folder cannot be read: then nothing of it is being made."""
    try:
        with (data / _LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
