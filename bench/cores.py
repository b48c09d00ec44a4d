# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``BENCH_CORES=0,1``: Arengo (web, worker, PostgreSQL) has these cores to itself, the emulated world and the measuring the others.

So a machine with more cores shows what a smaller one would do whose citizens, as in life, are elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


def arengos() -> set[int]:
    """The cores that Arengo runs on; empty where nothing is set apart."""
    return {int(core) for core in os.environ.get("BENCH_CORES", "").split(",") if core}


@contextmanager
def as_arengo() -> Iterator[None]:
    """What is started inside runs on Arengo's cores; this process, and what it starts after, on the others."""
    ours = arengos()
    if not ours:
        yield
        return
    others = os.sched_getaffinity(0) - ours
    os.sched_setaffinity(0, ours)
    try:
        yield
    finally:
        os.sched_setaffinity(0, others)
