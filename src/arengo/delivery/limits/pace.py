# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A number's pace: so many messages a second, in and out together, less after «too fast», slowly more again.

Two rules at once. A token bucket gives the pace, and lets what a busy machine fell behind be made up for. A log of the
last second sees to it that no second, wherever it begins, holds more than the rate: not even after a pause.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

# Seconds' worth that may leave at once: so far a busy machine may fall behind and still make up for it.
_BURST = 0.25
_WINDOW = 1.0  # seconds in which the platform counts
_LEAST = 0.05  # of the rate: never slower than this
_WHOLE = 1.0 - 1e-9  # a token, less the rounding of sums of small times
_RECOVERY = 0.02  # of the rate, given back each second without a complaint
_EASE = (0.85, 0.7, 0.5)  # a first complaint is mostly jitter on the way; those that go on mean it
_AGAIN = 3.0  # seconds within which a complaint counts as the same trouble going on
_MOST_INBOUND = 0.9  # of the rate: however much citizens write, something of ours still leaves


class Pace:
    """``rate`` in messages a second, as the platform grants them to the number."""

    def __init__(self, rate: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        if rate <= 0:
            raise ValueError("A pace needs a rate above zero.")
        self.rate = float(rate)
        self._share = 1.0
        self._clock = clock
        self._tokens = max(1.0, self.rate * _BURST)
        self._at = clock()
        self._log = [float("-inf")] * max(1, int(rate))  # when each of the last messages left, in a ring
        self._next = 0
        self._slowed_at = float("-inf")
        self._streak = 0
        self._heard_at = self._at

    @property
    def current(self) -> float:
        """Messages a second now, after slowing down."""
        return self.rate * self._share

    def slow_down(self) -> None:
        """The platform complained. Complaints of messages already under way count as one: slower at most once a second."""
        now = self._clock()
        self._refill(now)
        since = now - self._slowed_at
        if since >= 1.0:
            self._streak = self._streak + 1 if since < _AGAIN else 0
            self._share = max(_LEAST, self._share * _EASE[min(self._streak, len(_EASE) - 1)])
            self._slowed_at = now
            self._tokens = min(self._tokens, 0.0)

    def take(self) -> float:
        """Takes one message's worth. Returns 0 when it may leave now, else the seconds to wait before asking again."""
        now = self._clock()
        self._refill(now)
        if self._tokens < _WHOLE:
            return (1.0 - self._tokens) / self.current
        wait = self._log[self._next] + _WINDOW - now
        if wait > 0.0:
            return wait
        self._tokens -= 1.0
        self._log[self._next] = now
        self._next = (self._next + 1) % len(self._log)
        return 0.0

    def heard(self, messages: int) -> None:
        """So many messages came in since the last time: the platform counts them with ours."""
        now = self._clock()
        self._refill(now)
        since, self._heard_at = min(_WINDOW, now - self._heard_at), now
        counted = min(messages, int(self.rate * _MOST_INBOUND * since))
        self._tokens -= counted
        for _ in range(counted):
            self._log[self._next] = now
            self._next = (self._next + 1) % len(self._log)

    async def wait(self) -> None:
        while delay := self.take():  # noqa: ASYNC110  # it waits for time to pass, not for an event
            await asyncio.sleep(delay)

    def _refill(self, now: float) -> None:
        passed = max(0.0, now - self._at)
        self._at = now
        if self._share < 1.0:
            self._share = min(1.0, self._share + _RECOVERY * passed)
        self._tokens = min(max(1.0, self.current * _BURST), self._tokens + passed * self.current)
