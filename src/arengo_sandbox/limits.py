# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much a number may send: messages a second, messages to one person, new people a day."""

from __future__ import annotations

from collections import deque

# Meta: 1 message every 6 s to the same user, bursts of up to 45 that borrow from the quota to come.
PAIR_SECONDS = 6.0
PAIR_BURST = 45
DAY = 86400.0
SWEEP_ABOVE = 50_000


class Throughput:
    """A token bucket a number: `mps` tokens a second, at most one second's worth saved up."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, number: str, mps: int, now: float) -> bool:
        tokens, last = self._buckets.get(number, (float(mps), now))
        tokens = min(float(mps), tokens + (now - last) * mps)
        if tokens < 1:
            self._buckets[number] = (tokens, now)
            return False
        self._buckets[number] = (tokens - 1, now)
        return True

    def forget(self) -> None:
        self._buckets.clear()


class PairLimit:
    """One message in six seconds for each pair of number and person, with a burst (generic cell rate algorithm)."""

    def __init__(self) -> None:
        self._next_due: dict[tuple[str, str], float] = {}
        self._sweep_above = SWEEP_ABOVE

    def take(self, number: str, person: str, now: float) -> bool:
        pair = (number, person)
        due = max(self._next_due.get(pair, 0.0), now) + PAIR_SECONDS
        if due - now > PAIR_SECONDS * PAIR_BURST + 0.001:
            return False
        self._next_due[pair] = due
        if len(self._next_due) > self._sweep_above:
            self._next_due = {pair: due for pair, due in self._next_due.items() if due > now}
            self._sweep_above = max(SWEEP_ABOVE, 2 * len(self._next_due))
        return True

    def forget(self) -> None:
        self._next_due.clear()


class Tier:
    """Unique people reached outside their window in a moving day, over all numbers (Meta: per portfolio)."""

    def __init__(self) -> None:
        self._reached: dict[str, float] = {}
        self._order: deque[tuple[float, str]] = deque()

    def take(self, person: str, limit: int | None, now: float) -> bool:
        if limit is None:
            return True
        while self._order and self._order[0][0] <= now - DAY:
            at, gone = self._order.popleft()
            if self._reached.get(gone) == at:
                del self._reached[gone]
        if person in self._reached:
            return True
        if len(self._reached) >= limit:
            return False
        self._reached[person] = now
        self._order.append((now, person))
        return True

    def age(self, seconds: float) -> None:
        """As if everybody had been reached so much earlier."""
        self._reached = {person: at - seconds for person, at in self._reached.items()}
        self._order = deque((at - seconds, person) for at, person in self._order)

    def forget(self) -> None:
        self._reached.clear()
        self._order.clear()
