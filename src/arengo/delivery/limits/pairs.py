# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pace towards one person, as the platform sets it: a message in some seconds, or a burst that borrows from the time to come.

Kept in memory by the owner of the number, a few bytes for each address written to in the last minutes: a mailing, which
writes to each once, pays one look into a dict a message. What would come too early gets a time of its own and goes back
into the outbox; the times of one address are handed out in the order of writing, and a message that has one goes before
those that come later. A new owner starts with an empty memory; the platform then says so, and this pair alone waits.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from arengo.platforms.contract import ToOne

_MARGIN = 0.25  # seconds: the platform's clock is not ours, and the way there takes its time
_SWEEP_AFTER = 8192  # messages, or as many as are remembered: so that sweeping stays cheap
_FORGET = 60.0  # seconds after its time in which a message that waited must be back
_LONGEST = 4.0**6  # seconds between two tries after the platform's own complaint


class _Line:
    """Of one address: who has been told when to come again, in order, and how often the platform complained."""

    __slots__ = ("complaints", "shut_until", "slots")

    def __init__(self) -> None:
        self.slots: dict[int, float] = {}
        self.shut_until = 0.0
        self.complaints = 0


class Pairs:
    """Of one sender. A lane is the hash of an address. ``to_one`` None: only what the platform complains of has to wait."""

    def __init__(self, to_one: ToOne | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seconds = to_one.seconds if to_one else 0.0
        # Seconds that were borrowed, from which on a message is too early.
        self._most = to_one.seconds * (to_one.burst - 1) if to_one else math.inf
        self._due: dict[bytes, float] = {}  # when an address has its whole burst again
        self._lines: dict[bytes, _Line] = {}
        self._left = _SWEEP_AFTER  # messages until the next sweep

    def early(self, lane: bytes, delivery_id: int) -> float:
        """0: it may leave now, and is counted. Else the seconds until its own time."""
        now = self._clock()
        due = self._due.get(lane, 0.0)
        if due <= now:
            due = now
        if (self._lines and lane in self._lines) or due - now > self._most:
            wait = self._in_line(lane, delivery_id, now, due)
            if wait:
                return wait
        if self._seconds:
            self._due[lane] = due + self._seconds
        self._left -= 1
        if not self._left:
            self._sweep(now)
        return 0.0

    def refused(self, lane: bytes, delivery_id: int) -> float:
        """The platform says that it is too much for this person. The seconds until the next try: 4, 16, 64 …"""
        now = self._clock()
        line = self._lines.setdefault(lane, _Line())
        line.complaints += 1
        wait = min(_LONGEST, 4.0**line.complaints)
        line.shut_until = now + wait
        # Those who have a time already keep their order behind it.
        later = [each for each in line.slots if each != delivery_id]
        line.slots = {delivery_id: line.shut_until}
        for place, each in enumerate(later, start=1):
            line.slots[each] = line.shut_until + place * self._seconds
        return wait

    def went(self, lane: bytes) -> None:
        """The platform took a message of a lane that had to wait."""
        line = self._lines.get(lane)
        if line is not None:
            line.complaints = 0
            if not line.slots:
                del self._lines[lane]

    def __len__(self) -> int:
        return len(self._due) + len(self._lines)

    def _in_line(self, lane: bytes, delivery_id: int, now: float, due: float) -> float:
        line = self._lines.setdefault(lane, _Line())
        line.slots = {each: at for each, at in line.slots.items() if at > now - _FORGET}
        free = max(line.shut_until, due - self._most + _MARGIN)
        mine = line.slots.get(delivery_id)
        if mine is None:
            mine = max([free, *(at + self._seconds for at in line.slots.values())]) if line.slots else free
        if mine <= now and free - _MARGIN <= now:
            line.slots.pop(delivery_id, None)
            if not line.slots and not line.complaints:
                del self._lines[lane]
            return 0.0
        line.slots[delivery_id] = mine = max(mine, free)
        return mine - now

    def _sweep(self, now: float) -> None:
        self._due = {lane: due for lane, due in self._due.items() if due > now}
        self._lines = {
            lane: line
            for lane, line in self._lines.items()
            if max(line.shut_until, *line.slots.values(), 0.0) > now - _FORGET
        }
        self._left = max(_SWEEP_AFTER, len(self._due))
