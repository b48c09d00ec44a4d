# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A number's pace: so many messages a second, less after «too fast», slowly more again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

_BURST = 0.1  # seconds' worth of messages that may leave at once
_LEAST = 0.05  # of the rate: never slower than this
_WHOLE = 1.0 - 1e-9  # a token, less the rounding of sums of small times
_RECOVERY = 0.02  # of the rate, given back each second without a complaint


class Pace:
    """A token bucket. ``rate`` in messages a second, as the platform grants them to the number."""

    def __init__(self, rate: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        if rate <= 0:
            raise ValueError("A pace needs a rate above zero.")
        self.rate = float(rate)
        self._share = 1.0
        self._clock = clock
        self._tokens = max(1.0, self.rate * _BURST)
        self._at = clock()
        self._slowed_at = 0.0

    @property
    def current(self) -> float:
        """Messages a second now, after slowing down."""
        return self.rate * self._share

    def slow_down(self) -> None:
        """The platform complained. Complaints of messages already under way count as one: halved at most once a second."""
        now = self._clock()
        self._refill(now)
        if now - self._slowed_at >= 1.0:
            self._share = max(_LEAST, self._share / 2)
            self._slowed_at = now
            self._tokens = 0.0

    def take(self) -> float:
        """Takes one message's worth. Returns 0 when it may leave now, else the seconds to wait before asking again."""
        self._refill(self._clock())
        if self._tokens >= _WHOLE:
            self._tokens = max(0.0, self._tokens - 1.0)
            return 0.0
        return (1.0 - self._tokens) / self.current

    async def wait(self) -> None:
        while delay := self.take():  # noqa: ASYNC110  # it waits for time to pass, not for an event
            await asyncio.sleep(delay)

    def _refill(self, now: float) -> None:
        passed = max(0.0, now - self._at)
        self._at = now
        if self._share < 1.0:
            self._share = min(1.0, self._share + _RECOVERY * passed)
        self._tokens = min(max(1.0, self.current * _BURST), self._tokens + passed * self.current)
