# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from arengo.delivery.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def sent_within(pace: Pace, clock: Clock, seconds: float) -> int:
    """How many leave in that time when everyone leaves as soon as they may."""
    end, count = clock.now + seconds, 0
    while clock.now < end:
        delay = pace.take()
        if delay:
            clock.now += delay
        else:
            count += 1
    return count


@given(st.sampled_from([1, 20, 80, 1000]), st.integers(1, 20))
def test_no_more_than_the_rate_leaves_and_no_less(rate: int, seconds: int) -> None:
    clock = Clock()
    sent = sent_within(Pace(rate, clock=clock), clock, seconds)
    assert rate * seconds * 0.98 - 1 <= sent <= rate * seconds + max(1, rate * 0.1) + 1


def test_a_pause_saves_up_no_more_than_a_tenth_of_a_second() -> None:
    clock = Clock()
    pace = Pace(80, clock=clock)
    clock.now += 3600
    assert sent_within(pace, clock, 0.001) <= 9


def test_a_complaint_halves_the_pace_once_a_second_and_it_recovers_slowly() -> None:
    clock = Clock()
    pace = Pace(1000, clock=clock)
    for _ in range(200):
        pace.slow_down()
    assert pace.current == pytest.approx(500)
    clock.now += 10
    pace.take()
    assert pace.current == pytest.approx(700)
    clock.now += 600
    pace.take()
    assert pace.current == pytest.approx(1000)


def test_it_never_stands_still() -> None:
    clock = Clock()
    pace = Pace(80, clock=clock)
    for _ in range(20):
        clock.now += 1
        pace.slow_down()
    assert pace.current >= 80 * 0.05


def test_a_rate_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        Pace(0)
