# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Python's search for circles, kept away from what never goes.

Every request and every message makes a few hundred objects; after each 700 that stay for a moment Python looks for circles among the
young ones, and now and then among all, which with Django loaded are half a million. On the hot paths that was a
quarter of the processor's time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNG = 2_000  # objects more than were freed, until the next look at the young ones
_OLDER, _OLDEST = 20, 50  # looks at a generation until one at the next


@contextmanager
def loading() -> Iterator[None]:
    """Inside, a process loads what it will keep: nothing is looked through, and what was loaded is not later either.

    A seventh of the processor's time of a start, and most of that of an end.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def rarely() -> None:
    """For a command that makes and drops much at once, as migrations do with their models: some 50 MB for a tenth less time."""
    gc.set_threshold(50_000, _OLDER, _OLDEST)


def freeze() -> None:
    """Called once, when a process has loaded what it will keep: that is never looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLDER, _OLDEST)
    gc.enable()
