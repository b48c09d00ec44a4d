# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long this process may still believe that its numbers are its own.

PostgreSQL ends the session that holds the locks when it hears nothing from it for ``SILENCE`` seconds. The owner counts
the same seconds, from before it asked: its own count ends first. No two machines' clocks are ever compared.
"""

from __future__ import annotations

import time

SILENCE = 6.0  # seconds; an owner asks twelve times in them (ownership.LOOK_EVERY): a busy machine is not a dead one
_MARGIN = 0.3  # seconds: a send that begins now has left this machine before the locks can be another's


def now() -> float:
    """Seconds that also pass while the machine is suspended, where the system can tell (Linux)."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Lease:
    """One worker's; it covers every number that the worker owns, for one session holds all the locks."""

    def __init__(self) -> None:
        self._until = 0.0

    def renew(self, asked_at: float) -> None:
        """PostgreSQL answered, in the session that holds the locks, a question put at ``asked_at`` (by ``now``)."""
        self._until = asked_at + SILENCE - _MARGIN

    def lose(self) -> None:
        self._until = 0.0

    def holds(self) -> bool:
        """Asked before each send: a process that was frozen, suspended or cut off sends nothing of its old claims."""
        return now() < self._until
